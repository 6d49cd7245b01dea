"""All that linking says: to the phone, in the chat, and what a code's message looks like."""

from __future__ import annotations

SENTENCES = {
    "en": {
        "linked": "Connected. Your chat goes on here now, and what you write here is shown in the web chat too. "
        "Was that not you? Reply NOT ME.",
        "confirm": "Somebody in our web chat wants to go on with their chat on this number. What you write here from "
        "then on would be shown in that web chat. Reply YES only if that is you. Otherwise, do nothing.",
        "already": "This chat and this number are connected already.",
        "declined": "All right, nothing was connected.",
        "refused": "This chat belongs to another customer account than this number. They were not connected.",
        "stale": "This code is not valid any more. Please get a new one in the web chat.",
        "undone": "Undone. What you write here is not shown in that web chat any more.",
        "cant_undo": "That could not be undone, because more was connected since. Please ask to talk to a person.",
        "text": "{code} is your code for the chat with {company}. Do not give it to anybody.",
        "no_number": "That is no mobile number. Please write it with its country code, such as +49 151 23456789.",
        "no_country": "We send no codes to numbers of that country.",
        "stopped": "This number wants no messages from us. Text START to us from it first.",
        "too_many_codes": "Too many codes were sent. Please try again in an hour.",
        "wrong": "That is not the code. Please look again.",
        "too_many_tries": "That was not the code too many times. Please have a new one sent.",
        "expired": "This code has expired. Please have a new one sent.",
        "no_code": "No code was sent. Please have one sent first.",
    },
    "de": {
        "linked": "Verbunden. Ihr Chat geht jetzt hier weiter, und was Sie hier schreiben, steht auch im Web-Chat. "
        "Waren Sie das nicht? Antworten Sie NICHT ICH.",
        "confirm": "Jemand in unserem Web-Chat möchte seinen Chat auf dieser Nummer fortsetzen. Was Sie hier danach "
        "schreiben, würde in jenem Web-Chat gezeigt. Antworten Sie nur mit JA, wenn Sie das sind. "
        "Sonst tun Sie nichts.",
        "already": "Dieser Chat und diese Nummer sind schon verbunden.",
        "declined": "In Ordnung, es wurde nichts verbunden.",
        "refused": "Dieser Chat gehört zu einem anderen Kundenkonto als diese Nummer. Sie wurden nicht verbunden.",
        "stale": "Dieser Code gilt nicht mehr. Bitte holen Sie sich im Web-Chat einen neuen.",
        "undone": "Rückgängig gemacht. Was Sie hier schreiben, steht nicht mehr in jenem Web-Chat.",
        "cant_undo": "Das ließ sich nicht rückgängig machen, weil seither mehr verbunden wurde. "
        "Bitte verlangen Sie einen Menschen.",
        "text": "{code} ist Ihr Code für den Chat mit {company}. Geben Sie ihn niemandem.",
        "no_number": "Das ist keine Mobilnummer. Bitte mit Ländervorwahl schreiben, zum Beispiel +49 151 23456789.",
        "no_country": "An Nummern dieses Landes senden wir keine Codes.",
        "stopped": "Diese Nummer möchte keine Nachrichten von uns. Schreiben Sie uns von ihr zuerst START.",
        "too_many_codes": "Es wurden zu viele Codes gesendet. Bitte versuchen Sie es in einer Stunde noch einmal.",
        "wrong": "Das ist nicht der Code. Bitte sehen Sie noch einmal nach.",
        "too_many_tries": "Das war zu oft nicht der Code. Bitte lassen Sie sich einen neuen senden.",
        "expired": "Dieser Code ist abgelaufen. Bitte lassen Sie sich einen neuen senden.",
        "no_code": "Es wurde kein Code gesendet. Bitte lassen Sie sich zuerst einen senden.",
    },
}

PREFILLED = {
    "en": "Hello, I would like to go on with our chat here. My code: {code}",
    "de": "Hallo, ich möchte unseren Chat hier fortsetzen. Mein Code: {code}",
}
"""What the deep link writes for the customer; the code comes last."""

YES = {"yes", "y", "ja", "j"}
NO = {"no", "n", "nein"}
NOT_ME = {"not me", "nicht ich"}


def sentence(name: str, locale: str | None, **values: str) -> str:
    return SENTENCES.get(locale or "en", SENTENCES["en"])[name].format(**values)


def prefilled(code: str, locale: str | None) -> str:
    return PREFILLED.get(locale or "en", PREFILLED["en"]).format(code=code)


def plain(text: str) -> str:
    """A word as it can be compared: `Yes!` is `yes`."""
    return " ".join(text.casefold().strip(" \t\n.,!?\"'*_").split())
