"""The words of invented customers, in each language, beside their questions."""

from __future__ import annotations

THANKS = {
    "en": ("Thanks, that helps!", "great, thank you", "Perfect, thanks"),
    "de": ("Danke, das hilft!", "super, danke", "Prima, vielen Dank"),
}
GOODBYE = {"en": ("bye", "That was all, thanks. Goodbye"), "de": ("tschüss", "Das war alles, danke. Auf Wiedersehen")}
HELPED = {"en": "That helped", "de": "Das hat geholfen"}
NOT_HELPED = {"en": "That didn't help", "de": "Das hat nicht geholfen"}
PERSON = {
    "en": ("I want to talk to a person", "can I speak to someone please"),
    "de": ("Ich möchte mit einem Menschen sprechen", "kann ich bitte mit jemandem sprechen"),
}
MOVED = {
    "en": ("I have to go now, please answer me here.", "I am on my phone now, you can reach me here."),
    "de": ("Ich muss los, bitte antworten Sie mir hier.", "Ich bin jetzt am Handy, Sie erreichen mich hier."),
}
REACHED = {
    "en": ("Thank you for asking. It is all right now.", "Thanks, that is what I wanted to know in the first place."),
    "de": ("Danke, dass Sie fragen. Jetzt passt es.", "Danke, genau das wollte ich von Anfang an wissen."),
}
STILL = {
    "en": (
        "It still doesn't work. I want to talk to a person, please.",
        "Hello again, the same problem is back. Can I speak to someone please?",
        "That did not help after all, it still doesn't work.",
    ),
    "de": (
        "Es geht immer noch nicht. Ich möchte bitte mit einem Menschen sprechen.",
        "Hallo nochmal, das gleiche Problem ist wieder da. Kann ich bitte mit jemandem sprechen?",
        "Das hat doch nicht geholfen, es geht immer noch nicht.",
    ),
}
"""With which somebody comes back whose matter was closed."""
HARD = {
    "en": ("I had to ask three times.", "I waited far too long.", "The answer had nothing to do with my question."),
    "de": (
        "Ich musste dreimal fragen.",
        "Das hat viel zu lange gedauert.",
        "Die Antwort hatte nichts mit meiner Frage zu tun.",
    ),
}
IN_WORDS = {
    "en": {1: "very difficult", 2: "2, sadly", 3: "3", 4: "4/7", 5: "5 of 7", 6: "a 6", 7: "very easy"},
    "de": {1: "sehr schwer", 2: "leider nur 2", 3: "3", 4: "4/7", 5: "5 von 7", 6: "eine 6", 7: "sehr einfach"},
}
"""How easy it was."""
UNCLEAR = {
    "en": ("I don't see what to do first.", "Which of the two cases is mine?"),
    "de": ("Ich verstehe nicht, was ich zuerst tun soll.", "Welcher der beiden Fälle ist meiner?"),
}
"""What readers write of an article that did not help."""
