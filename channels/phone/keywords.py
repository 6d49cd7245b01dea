"""The words that stop and start SMS, and what the number itself answers to them (Twilio's long codes)."""

from __future__ import annotations

from typing import Literal

Keyword = Literal["STOP", "START", "HELP"]

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
ANSWERS: dict[Keyword, str] = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def keyword_in(text: str, is_opted_out: bool) -> Keyword | None:
    """What a text that is one such word asks for. YES is an answer to somebody's question when nobody opted out."""
    word = text.strip().upper()
    if word in STOP:
        return "STOP"
    if word in START and (is_opted_out or word != "YES"):
        return "START"
    return "HELP" if word in HELP else None
