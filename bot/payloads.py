"""Button payloads: the few things a press may mean. Anything else that begins with a slash is what somebody typed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

CHOOSE = "/chooses_option"
PLAIN = {"helped", "did_not_help", "wants_person", "none_of_these", "start_over", "sends_attachment"}
_SHAPE = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?", re.DOTALL)
_OPTION = re.compile(r"[\w.:-]{1,100}")


@dataclass(frozen=True)
class Pressed:
    intent: str
    option: str | None = None
    """The id of the chosen article."""


def choose(article_id: str) -> str:
    return CHOOSE + json.dumps({"option": article_id})


def read_payload(text: str) -> Pressed | None:
    """What was pressed, or None if this is no payload of ours.

    Rasa itself takes any intent and entity of its domain after a slash, `/restart` among them; customers can type.
    """
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        return None
    intent, entities = match["intent"], match["entities"]
    if entities is None:
        return Pressed(intent) if intent in PLAIN else None
    option = _option(entities) if intent == "chooses_option" else None
    return Pressed(intent, option) if option else None


def _option(entities: str) -> str | None:
    try:
        found: Any = json.loads(entities)
    except ValueError:
        return None
    if not isinstance(found, dict) or set(found) != {"option"} or not isinstance(found["option"], str):
        return None
    return found["option"] if _OPTION.fullmatch(found["option"]) else None
