"""Makes of anything a customer may send a message that the dialogue can take."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.endings import has_helped, is_end
from bot.options import typed_button
from bot.payloads import CONVERSATION_ENDED, GOODBYE, HELPED, THANKS, Pressed, read_payload
from bot.state import DialogueState

LONGEST = 2000
"""Characters that are read: more than a sentence model sees (512 tokens), less than it takes to be a burden."""


@dataclass(frozen=True)
class Incoming:
    text: str
    """What was typed, cleaned; the payload, when a button was pressed."""
    pressed: Pressed | None = None


OFFERS = {"choice", "person"}
"""What the bot asks where a polite no declines an offer; else it ends a conversation that is going on."""

ENDED = Incoming(f"/{CONVERSATION_ENDED}", Pressed(CONVERSATION_ENDED))
"""What we ourselves tell the dialogue when a conversation has ended."""


def read(text: str, before: DialogueState, *, on_a_scale: bool = False) -> Incoming:
    """A button that was offered before may be typed, by number or title; `on_a_scale`, a number is a score."""
    plain = cleaned(text)
    pressed = read_payload(plain)
    if pressed is None and not on_a_scale:
        payload = typed_button(plain, before.slots.get("offered") or [])
        pressed = read_payload(payload) if payload else _ending(plain, before)
    # To Rasa, a slash begins an intent: what is no payload of ours must not look like one.
    typed = plain if pressed else plain.lstrip("/ ")
    return Incoming(typed, pressed or (None if typed else Pressed("nothing")))


def _ending(text: str, before: DialogueState) -> Pressed | None:
    """That this was all, or has helped, as people say it: known by its words, as it is short, and a yes or a no of many
    kinds."""
    if before.events and is_end(text, is_asked=before.asked not in OFFERS):
        return Pressed(GOODBYE)
    if not has_helped(text):
        return None
    # Once that is known, or where nothing was said before, it is thanks and no more.
    return Pressed(HELPED if before.events and before.asked != "more" else THANKS)


def cleaned(text: str) -> str:
    """The beginning of `text`, white space collapsed, without control characters and lone surrogates."""
    whole = text[: 4 * LONGEST].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    # Joiners stay: emoji and some scripts are written with them.
    plain = "".join(" " if unicodedata.category(char) == "Cc" else char for char in whole)
    return " ".join(plain.split())[:LONGEST]
