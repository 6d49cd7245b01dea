"""What the phone channels themselves say, beside what the bot and people say."""

from __future__ import annotations

WORDS = {
    "en": {
        "choose": "Choose",
        "source": "From",
        "reply_with_number": "Reply with a number.",
        "not_kept": "I could not open what you sent. Please describe it in words, or send it as a photo or a PDF.",
        "reply_with_one": "Reply with 1.",
        "stop": "You will get no more messages from {company} here. To get them again, write START.",
        "start": "You will get messages from {company} again. To stop them, write STOP.",
        "help": "This is {company}. Write your question and we answer from our help articles. "
        "To get no more messages, write STOP.",
    },
    "de": {
        "choose": "Auswählen",
        "source": "Aus",
        "reply_with_number": "Antworten Sie mit einer Zahl.",
        "not_kept": "Was Sie geschickt haben, ließ sich nicht öffnen. Bitte beschreiben Sie es in Worten, oder "
        "schicken Sie ein Foto oder ein PDF.",
        "reply_with_one": "Antworten Sie mit 1.",
        "stop": "Sie erhalten hier keine Nachrichten von {company} mehr. Schreiben Sie START, um wieder welche zu "
        "erhalten.",
        "start": "Sie erhalten wieder Nachrichten von {company}. Schreiben Sie STOP, um sie zu beenden.",
        "help": "Hier ist {company}. Schreiben Sie Ihre Frage, wir antworten aus unseren Hilfeartikeln. "
        "Keine Nachrichten mehr: STOP.",
    },
}


def how_to_choose(locale: str, options: int) -> str:
    return WORDS[locale]["reply_with_number" if options > 1 else "reply_with_one"]
