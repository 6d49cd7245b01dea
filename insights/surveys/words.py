"""The wording of the questions as it is delivered, in each language, and the words of their scales."""

from __future__ import annotations

from insights.surveys.survey import Kind

# The effort question is CES 2.0 in its direct form, on seven steps with the best at the end; satisfaction and
# recommendation in the form in which they are usually compared. `insights.surveys.survey.SCALES` names the sources.
QUESTIONS: dict[Kind, dict[str, str]] = {
    "ces": {
        "en": "How easy was it to get help today?",
        "de": "Wie einfach war es heute, Hilfe zu bekommen?",
    },
    "csat": {
        "en": "How satisfied are you with the help you got?",
        "de": "Wie zufrieden sind Sie mit der Hilfe, die Sie bekommen haben?",
    },
    "nps": {
        "en": "How likely is it that you would recommend us to a friend or colleague?",
        "de": "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
    },
}
LATER: dict[Kind, dict[str, str]] = {
    **QUESTIONS,
    "ces": {
        "en": "How easy was it to get help?",
        "de": "Wie einfach war es, Hilfe zu bekommen?",
    },
}
"""What is asked on another day than the last word was said, or at a place, where nobody knows of which day."""
AGAIN: dict[Kind, dict[str, str]] = {
    "ces": {
        "en": "You told us it was hard. Now that we have looked after it: how easy was it to get help?",
        "de": "Sie haben uns gesagt, dass es schwierig war. Nun haben wir uns darum gekümmert: Wie einfach war es, "
        "Hilfe zu bekommen?",
    },
    "csat": {
        "en": "You told us you were not satisfied. Now that we have looked after it: how satisfied are you with the "
        "help you got?",
        "de": "Sie haben uns gesagt, dass Sie nicht zufrieden waren. Nun haben wir uns darum gekümmert: Wie zufrieden "
        "sind Sie mit der Hilfe, die Sie bekommen haben?",
    },
    "nps": {
        "en": "We have looked after what you told us. How likely is it now that you would recommend us to a friend or "
        "colleague?",
        "de": "Wir haben uns um das gekümmert, was Sie uns gesagt haben. Wie wahrscheinlich ist es jetzt, dass Sie uns "
        "weiterempfehlen?",
    },
}
"""What is asked when a low score was looked after: it says what it is about."""
LABELS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "ces": {
        "en": (
            "very difficult",
            "difficult",
            "somewhat difficult",
            "neither",
            "somewhat easy",
            "easy",
            "very easy",
        ),
        "de": (
            "sehr schwierig",
            "schwierig",
            "eher schwierig",
            "weder noch",
            "eher einfach",
            "einfach",
            "sehr einfach",
        ),
    },
    "csat": {
        "en": ("very dissatisfied", "dissatisfied", "neither", "satisfied", "very satisfied"),
        "de": ("sehr unzufrieden", "unzufrieden", "weder noch", "zufrieden", "sehr zufrieden"),
    },
    "nps": {
        "en": ("not at all likely", "extremely likely"),
        "de": ("sehr unwahrscheinlich", "sehr wahrscheinlich"),
    },
}
ANSWERED_BEFORE = {
    "en": "Thank you, we already have your answer.",
    "de": "Danke, Ihre Antwort haben wir schon.",
}
"""Said to a button that was pressed again, after the minutes in which an answer can be changed."""
BROUGHT = {
    "en": "My answer to “{question}”: {score} of {highest}.{comment} I would like to talk to a person.",
    "de": "Meine Antwort auf „{question}“: {score} von {highest}.{comment} Ich möchte mit einem Menschen sprechen.",
}
"""Said in the chat by whoever goes on there after a low answer."""
BROUGHT_COMMENT = {"en": " “{comment}”", "de": " „{comment}“"}
