"""What the page behind a link says in each language."""

from __future__ import annotations

WORDS = {
    "en": {
        "title": "Your answer",
        "send": "Send",
        "choose": "Choose an answer first.",
        "too_many": "That was a lot at once. Please try again in a while.",
        "thanks": "Thank you for your answer.",
        "before": "You have answered this before. Thank you.",
        "ces": "What made it hard?",
        "csat": "What were you not satisfied with?",
        "nps": "What should we do better?",
        "why_hint": "If you like. Please leave out anything nobody should read, such as numbers of cards.",
        "thanks_comment": "Thank you. Somebody here reads this, and it helps us to do better.",
        "person": "Talk to a person now",
        "person_hint": "In the chat, if you like: whoever answers there has read what you said here.",
        "dead": "This link leads nowhere.",
        "dead_why": "It is not complete, or the question is not asked any more.",
        "other": "Deutsch",
    },
    "de": {
        "title": "Ihre Antwort",
        "send": "Absenden",
        "choose": "Wählen Sie zuerst eine Antwort.",
        "too_many": "Das war viel auf einmal. Bitte versuchen Sie es später noch einmal.",
        "thanks": "Danke für Ihre Antwort.",
        "before": "Das haben Sie schon beantwortet. Danke.",
        "ces": "Was hat es schwierig gemacht?",
        "csat": "Womit waren Sie nicht zufrieden?",
        "nps": "Was sollten wir besser machen?",
        "why_hint": "Wenn Sie möchten. Bitte nichts, was niemand lesen sollte, wie Kartennummern.",
        "thanks_comment": "Danke. Das liest hier ein Mensch, und es hilft uns, besser zu werden.",
        "person": "Jetzt mit einem Menschen sprechen",
        "person_hint": "Im Chat, wenn Sie möchten: Wer dort antwortet, kennt Ihre Antwort von hier.",
        "dead": "Dieser Link führt nirgendwohin.",
        "dead_why": "Er ist nicht vollständig, oder danach wird nicht mehr gefragt.",
        "other": "English",
    },
}
