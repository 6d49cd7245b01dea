"""Button payloads: the few things a press may mean. Anything else that begins with a slash is what somebody typed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

CHOOSE = "/chooses_option"
SCORE = "/score"
CONVERSATION_ENDED = "conversation_ended"
"""The intent with which we ourselves begin the question at the end. It is no payload: nobody can type it."""
GOODBYE = "goodbye"
"""The intent of who says that this was all. It is no payload either."""
THANKS = "thanks"
"""The intent of who thanks. Nor is it."""
HELPED = "helped"
PLAIN = {HELPED, "did_not_help", "wants_person", "none_of_these", "start_over", "sends_attachment"}
_SHAPE = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?", re.DOTALL)
_OPTION = re.compile(r"[\w.:-]{1,100}")


@dataclass(frozen=True)
class Pressed:
    intent: str
    option: str | None = None
    """The id of the chosen article."""
    survey: str | None = None
    """The id of the survey that is answered."""
    score: int | None = None


def choose(article_id: str) -> str:
    return CHOOSE + json.dumps({"option": article_id})


def give_score(survey_id: str, score: int) -> str:
    return SCORE + json.dumps({"survey": survey_id, "score": score})


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
    given = _given(entities)
    if intent == "score":
        return _scored(given)
    option = _option(given) if intent == "chooses_option" else None
    return Pressed(intent, option) if option else None


def _given(entities: str) -> dict[str, Any]:
    try:
        found: Any = json.loads(entities)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _option(given: dict[str, Any]) -> str | None:
    option = given.get("option")
    return option if set(given) == {"option"} and isinstance(option, str) and _OPTION.fullmatch(option) else None


def _scored(given: dict[str, Any]) -> Pressed | None:
    survey, score = given.get("survey"), given.get("score")
    if set(given) != {"survey", "score"} or not isinstance(survey, str) or not _OPTION.fullmatch(survey):
        return None
    return Pressed("score", survey=survey, score=score) if type(score) is int and 0 <= score <= 10 else None
