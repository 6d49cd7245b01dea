"""The single words by which somebody ends, begins again, or asks what this is: STOP, START and HELP."""

from __future__ import annotations

from typing import Literal

from channels.cutting import shortened
from channels.sms import gsm
from channels.words import WORDS

OptWord = Literal["stop", "start", "help"]

# https://help.twilio.com/articles/223134027 (Twilio support for opt-out keywords)
ENGLISH: dict[OptWord, str] = {
    "stop": "stop stopall unsubscribe cancel end quit revoke optout",
    "start": "start unstop",
    "help": "help info",
}
GERMAN: dict[OptWord, str] = {
    # Not "kündigen" or "beenden", which may be about a contract or a subscription: that is a question to be answered.
    "stop": "stopp abmelden abbestellen",
    "start": "",
    "help": "hilfe",
}
BACK_AGAIN = {"yes", "ja", "anmelden"}
"""Mean START to somebody who has opted out; to anybody else a yes answers the question before, and who writes
"anmelden" can't log in."""

_MEANS: dict[str, OptWord] = {
    word: means for words in (ENGLISH, GERMAN) for means, several in words.items() for word in several.split()
}
_CARRIERS = frozenset(" ".join(ENGLISH.values()).split()) | {"yes"}
_AROUND = " \t\r\n.,;:!?…\"'“”„‘’«»()[]*_~-–—"


def opt_word(text: str, *, opted_out: bool = False) -> OptWord | None:
    """What the text asks for if it is such a word and nothing else: "stop sending me the wrong size" is a question.

    `opted_out`: whether the sender has opted out, to whom a bare yes means START.
    """
    word = text.strip(_AROUND).casefold()
    return "start" if opted_out and word in BACK_AGAIN else _MEANS.get(word)


def answered_by_carrier(text: str, channel: str) -> bool:
    """Whether Twilio itself confirms this word, so that we must not: bare and English, by SMS, never in WhatsApp."""
    return channel == "sms" and text.strip().casefold() in _CARRIERS


def confirmation(word: OptWord, locale: str, company: str) -> str:
    """What is said to the word; a long company name is cut so that it is one SMS."""
    words = WORDS[locale][word]

    def is_one_sms(name: str) -> bool:
        return gsm.segments(gsm.as_sent(words.format(company=name))).count == 1

    return gsm.as_sent(words.format(company=shortened(company, is_one_sms)))
