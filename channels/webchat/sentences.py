"""What the web chat itself says to a customer when a message can't be taken."""

from __future__ import annotations

SENTENCES = {
    "en": {
        "empty": "That message was empty. What would you like to know?",
        "too_long": "That message is too long. Please keep it under {limit} characters.",
        "not_text": "That could not be read as text. Please write your question in words.",
        "no_object": "That could not be read. Please send a JSON object (application/json) with a text named message.",
        "no_sender": "This sender opens no chat. Without one a chat begins; send the recipient_id of its answer then.",
        "too_many": "That was a lot of messages in a short time. Please wait a moment and send it again.",
        "expired": "This chat has expired. Please reload the page to start a new one.",
        "forged": "This chat could not be opened. Please reload the page to start a new one.",
        "unknown": "Something went wrong on our side. Your message was not taken; please send it again.",
    },
    "de": {
        "empty": "Diese Nachricht war leer. Was möchten Sie wissen?",
        "too_long": "Diese Nachricht ist zu lang. Bitte bleiben Sie unter {limit} Zeichen.",
        "not_text": "Das ließ sich nicht als Text lesen. Bitte schreiben Sie Ihre Frage in Worten.",
        "no_object": "Das ließ sich nicht lesen. Bitte ein JSON-Objekt (application/json) mit dem Text message.",
        "no_sender": "Dieser sender öffnet keinen Chat. Ohne ihn beginnt einer; danach gilt recipient_id der Antwort.",
        "too_many": "Das waren viele Nachrichten auf einmal. Bitte warten Sie kurz und senden Sie diese noch einmal.",
        "expired": "Dieser Chat ist abgelaufen. Bitte laden Sie die Seite neu, um einen neuen zu beginnen.",
        "forged": "Dieser Chat ließ sich nicht öffnen. Bitte laden Sie die Seite neu, um einen neuen zu beginnen.",
        "unknown": "Bei uns ist etwas schiefgegangen. Ihre Nachricht kam nicht an; bitte senden Sie sie noch einmal.",
    },
}


def sentence(reason: str, locale: str | None, limit: int = 0) -> str:
    sentences = SENTENCES.get(locale or "en", SENTENCES["en"])
    return sentences.get(reason, sentences["unknown"]).format(limit=limit)
