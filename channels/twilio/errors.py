"""Twilio's error codes in words for an agent, and which of them no second attempt can mend.

The codes and what they mean: https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

UNKNOWN_ACCOUNT = 20003
OPTED_OUT = 21610
WINDOW_CLOSED = 63016
TOO_MANY = 20429

SENTENCES: dict[int, tuple[str, str]] = {
    UNKNOWN_ACCOUNT: (
        "Twilio does not accept our account's credentials.",
        "Twilio nimmt die Zugangsdaten unseres Kontos nicht an.",
    ),
    21211: ("This is not a phone number.", "Das ist keine Telefonnummer."),
    21408: ("Our account may not send to this country.", "Unser Konto darf in dieses Land nicht senden."),
    21602: ("The message had no text.", "Die Nachricht hatte keinen Text."),
    21606: ("Our number can't send such messages.", "Unsere Nummer kann solche Nachrichten nicht senden."),
    OPTED_OUT: ("The customer has asked for no more messages here.", "Der Kunde möchte hier keine Nachrichten mehr."),
    21612: ("There is no way from our number to this one.", "Von unserer Nummer führt kein Weg zu dieser."),
    21614: ("This number can't receive text messages.", "Diese Nummer kann keine Textnachrichten empfangen."),
    21617: ("The message was too long.", "Die Nachricht war zu lang."),
    21655: ("The template is not known to Twilio.", "Die Vorlage ist Twilio nicht bekannt."),
    21656: ("The template was filled in wrongly.", "Die Vorlage war falsch ausgefüllt."),
    21659: ("Our sender is no number of our account.", "Unser Absender ist keine Nummer unseres Kontos."),
    21703: ("The messaging service has no number that could send.", "Der Messaging Service hat keine passende Nummer."),
    30003: ("The phone could not be reached.", "Das Telefon war nicht erreichbar."),
    30004: ("The phone does not accept messages from us.", "Das Telefon nimmt von uns keine Nachrichten an."),
    30005: ("This number does not exist any more.", "Diese Nummer gibt es nicht mehr."),
    30006: ("This number can't receive text messages.", "Diese Nummer kann keine Textnachrichten empfangen."),
    30007: (
        "The carrier held the message back as unwanted.",
        "Der Netzbetreiber hat die Nachricht als unerwünscht zurückgehalten.",
    ),
    30008: (
        "The carrier did not deliver it and does not say why.",
        "Der Netzbetreiber hat sie ohne Grund nicht zugestellt.",
    ),
    30001: ("Too many messages were waiting to be sent.", "Zu viele Nachrichten haben auf den Versand gewartet."),
    63003: ("This number has no WhatsApp.", "Diese Nummer hat kein WhatsApp."),
    WINDOW_CLOSED: (
        "On WhatsApp the customer wrote more than 24 hours ago: only an approved template may be sent.",
        "Der Kunde hat auf WhatsApp vor mehr als 24 Stunden geschrieben: nur eine genehmigte Vorlage ist erlaubt.",
    ),
    63018: ("WhatsApp has had too many messages from us.", "WhatsApp hat zu viele Nachrichten von uns bekommen."),
    63024: ("This number has no WhatsApp.", "Diese Nummer hat kein WhatsApp."),
}
PASSING = {30001, 63018}
"""What reports say of a queue that was full or a rate that was exceeded: sent again later, it arrives."""
TEMPORARY = PASSING | {TOO_MANY, 14107, UNKNOWN_ACCOUNT, 21611}
"""Worth another attempt, though the request itself was refused: a token, for one, is soon put right."""


def sentence(code: int | None, locale: str = "en") -> str:
    """Why a message did not arrive, for an agent."""
    english, german = SENTENCES.get(
        code or 0, ("Twilio did not take it (error {code}).", "Twilio hat sie nicht angenommen (Fehler {code}).")
    )
    return (german if locale == "de" else english).format(code=code)


def is_permanent(code: int | None, status: int) -> bool:
    """Whether Twilio's refusal of a request is final; `status` is that of HTTP."""
    return 400 <= status < 500 and status not in (408, 429) and code not in TEMPORARY
