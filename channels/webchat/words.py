"""All that the web chat itself says: on its buttons and lines, and when a message can't be taken."""

from __future__ import annotations

LANGUAGES = {"en": "English", "de": "Deutsch"}

PAGE = {
    "en": {
        "title": "Help",
        "greeting": "Hello. How can we help?",
        "intro": "Ask in your own words. The answer comes from our help articles.",
        "search": "Ask a question",
        "ask": "Ask",
        "ask_this": "Ask: {question}",
        "best": "Often read",
        "found": "Help articles that may answer this",
        "nothing_found": "No article fits yet. Ask, and the assistant will look further.",
        "continue": "Back to your conversation",
        "label": "Your message",
        "placeholder": "Write a message",
        "send": "Send",
        "you": "You",
        "bot": "Assistant",
        "typing": "The assistant is writing",
        "connecting": "Connecting …",
        "live": "Connected",
        "reconnecting": "Connection lost. Trying again …",
        "offline": "You are offline. What you write is sent as soon as you are back.",
        "sending": "Sending …",
        "delivered": "Delivered",
        "again": "Send again",
        "source": "From the help article",
        "conversation": "Conversation",
        "person": "Talk to a person",
        "start_over": "Start over",
        "copy": "Save a copy",
        "copy_name": "conversation",
        "sound_on": "Turn sound on",
        "sound_off": "Turn sound off",
        "more": "More",
        "open": "Open help",
        "open_new": "Open help, new messages: {count}",
        "close": "Close",
        "back": "Back",
        "home": "Start page",
        "loading": "Loading …",
        "failed": "This could not be loaded. Please try again.",
        "try_again": "Try again",
        "updated": "Updated {date}",
        "whole_page": "Open as a page",
        "ask_about": "Ask about this",
        "related": "Related",
        "privacy": "How we handle your data",
        "consent": "What you write is stored so that we can answer you.",
        "agree": "Agree and start",
        "new_conversation": "New conversation",
        "noscript": "The chat needs JavaScript. Our help articles can be read without it:",
    },
    "de": {
        "title": "Hilfe",
        "greeting": "Guten Tag. Wie können wir helfen?",
        "intro": "Fragen Sie in Ihren eigenen Worten. Die Antwort kommt aus unseren Hilfeartikeln.",
        "search": "Frage stellen",
        "ask": "Fragen",
        "ask_this": "Fragen: {question}",
        "best": "Oft gelesen",
        "found": "Hilfeartikel, die passen könnten",
        "nothing_found": "Noch passt kein Artikel. Fragen Sie, und der Assistent sucht weiter.",
        "continue": "Zurück zu Ihrer Unterhaltung",
        "label": "Ihre Nachricht",
        "placeholder": "Nachricht schreiben",
        "send": "Senden",
        "you": "Sie",
        "bot": "Assistent",
        "typing": "Der Assistent schreibt",
        "connecting": "Verbindung wird aufgebaut …",
        "live": "Verbunden",
        "reconnecting": "Verbindung verloren. Neuer Versuch …",
        "offline": "Sie sind offline. Was Sie schreiben, wird gesendet, sobald Sie wieder verbunden sind.",
        "sending": "Wird gesendet …",
        "delivered": "Angekommen",
        "again": "Noch einmal senden",
        "source": "Aus dem Hilfeartikel",
        "conversation": "Unterhaltung",
        "person": "Mit einem Menschen sprechen",
        "start_over": "Von vorne anfangen",
        "copy": "Kopie speichern",
        "copy_name": "unterhaltung",
        "sound_on": "Ton einschalten",
        "sound_off": "Ton ausschalten",
        "more": "Mehr",
        "open": "Hilfe öffnen",
        "open_new": "Hilfe öffnen, neue Nachrichten: {count}",
        "close": "Schließen",
        "back": "Zurück",
        "home": "Startseite",
        "loading": "Wird geladen …",
        "failed": "Das ließ sich nicht laden. Bitte versuchen Sie es noch einmal.",
        "try_again": "Noch einmal versuchen",
        "updated": "Aktualisiert am {date}",
        "whole_page": "Als Seite öffnen",
        "ask_about": "Dazu etwas fragen",
        "related": "Verwandte Artikel",
        "privacy": "Wie wir mit Ihren Daten umgehen",
        "consent": "Was Sie schreiben, wird gespeichert, damit wir Ihnen antworten können.",
        "agree": "Zustimmen und beginnen",
        "new_conversation": "Neue Unterhaltung",
        "noscript": "Der Chat braucht JavaScript. Unsere Hilfeartikel lassen sich auch ohne lesen:",
    },
}

STANDING = {"/wants_person": "person", "/start_over": "start_over"}
"""What the buttons send that are always there, and which word stands on each."""

REFUSED = {
    "en": {
        "empty": "That message was empty. What would you like to know?",
        "too_long": "That message is too long. Please keep it under {limit} characters.",
        "not_text": "That could not be read as text. Please write your question in words.",
        "no_object": "That could not be read. Please send a JSON object (application/json) with a text named message.",
        "no_sender": "This sender opens no chat. Without one a chat begins; send the recipient_id of its answer then.",
        "too_many": "That was a lot of messages in a short time. Please wait a moment and send it again.",
        "expired": "This chat has expired. Please reload the page to start a new one.",
        "forged": "This chat could not be opened. Please reload the page to start a new one.",
        "consent": "Please agree to how we handle your data first.",
        "not_allowed": "{origin} may not show this chat. Its operator can allow it in ALLOWED_ORIGINS.",
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
        "consent": "Bitte stimmen Sie zuerst zu, wie wir mit Ihren Daten umgehen.",
        "not_allowed": "{origin} darf diesen Chat nicht zeigen. Der Betreiber kann das in ALLOWED_ORIGINS erlauben.",
        "unknown": "Bei uns ist etwas schiefgegangen. Ihre Nachricht kam nicht an; bitte senden Sie sie noch einmal.",
    },
}


def refusal(reason: str, locale: str | None, limit: int = 0, origin: str = "") -> str:
    """Why something can't be taken; `reason` is a key of REFUSED."""
    sentences = REFUSED.get(locale or "en", REFUSED["en"])
    return sentences.get(reason, sentences["unknown"]).format(limit=limit, origin=origin)


def standing_title(payload: str, locale: str | None) -> str | None:
    """What stands on the button that sends this payload, if it is one that is always there."""
    word = STANDING.get(payload)
    return word and PAGE.get(locale or "en", PAGE["en"])[word]
