"""The part of a dialogue that the policies need, as one short line of JSON that the turn keeps.

It holds the slots and the last few turns, so that turn 200 costs what turn 5 costs; and no text but the last question.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from bot.languages import LANGUAGES

VERSION = 1
LONGEST = 20_000

Event = tuple[str, str]
"""`("user", intent)`, `("action", name)`, `("asked", value)`, `("loop", form)` or `("requested", slot)`: all that
rules, stories and forms look at."""

LAST_MATTER = ("last_question", "last_articles")
LASTING = ("asked", "loop", "requested")
"""Events that hold until the next one of their kind."""
COUNTS = ("failures", "not_helped")

TURNS_KEPT = 1
"""Rules look back one turn; so do stories, with the `max_history` of config.yml: three states, and a turn has two."""


@dataclass(frozen=True)
class DialogueState:
    language: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    @property
    def asked(self) -> str | None:
        """What the last message asked: the slot, as it stands after all events."""
        return next((value or None for kind, value in reversed(self.events) if kind == "asked"), None)

    @property
    def asks_anew(self) -> bool:
        """Whether the last turn asked something, or took back what was asked."""
        of_last_turn = takewhile(lambda event: event[0] != "user", reversed(self.events))
        return any(kind == "asked" for kind, _ in of_last_turn)

    def after(self, slots: dict[str, Any]) -> DialogueState:
        """With slots changed outside the dialogue."""
        events = (*self.events, ("asked", slots["asked"] or "")) if "asked" in slots else self.events
        rest = {name: value for name, value in slots.items() if name != "asked"}
        return replace(self, slots=self.slots | rest, events=events)

    def in_form(self, form: str, slot: str) -> DialogueState:
        """With a form that waits for a slot; with neither, where they are empty."""
        rest = tuple(event for event in self.events if event[0] not in ("loop", "requested"))
        return replace(self, events=(*rest, ("loop", form), ("requested", slot)) if form else rest)

    def as_json(self, model: str) -> str:
        kept = {"v": VERSION, "model": model, "language": self.language, "slots": self.slots, "events": self.events}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def read_state(kept: str | None, model: str) -> DialogueState:
    """What was kept, or a fresh start; of what another model or nobody wrote, the language at most."""
    found = _found(kept)
    language = found.get("language") if found.get("language") in LANGUAGES else None
    if found.get("v") != VERSION or found.get("model") != model:
        return DialogueState(language)
    slots: Any = found.get("slots")
    events: Any = found.get("events")
    if not _are_slots(slots) or not _are_lists_of_text(events):
        return DialogueState(language)
    return DialogueState(language, slots, tuple((event[0], event[1]) for event in events if len(event) == 2))


def last_matter(kept: str | None) -> str | None:
    """What a new conversation begins with after one that ended so: the language, and what was last asked and answered.

    Nothing that was still open goes over: no question of the bot, no buttons, no failures.
    """
    model = _found(kept).get("model")
    if not isinstance(model, str):
        return None
    before = read_state(kept, model)
    slots = {name: before.slots[name] for name in LAST_MATTER if before.slots.get(name)}
    return DialogueState(before.language, slots).as_json(model) if slots or before.language else None


def after_person(kept: str | None) -> str | None:
    """What the bot goes on with in the same conversation after a person had it: nothing it asked is open any more."""
    return last_matter(kept)


def _found(kept: str | None) -> dict[str, Any]:
    if not kept or len(kept) > LONGEST:
        return {}
    try:
        found = json.loads(kept)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _are_slots(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and all(isinstance(found.get(name, 0), int) for name in COUNTS)
        and isinstance(found.get("last_question", ""), str)
        and _are_texts(found.get("last_articles", []))
        and _are_buttons(found.get("offered", []), {"title", "payload"})
        and _are_buttons(found.get("other_articles", []), {"title", "id"})
    )


def _are_buttons(found: Any, keys: set[str]) -> bool:
    return isinstance(found, list) and all(
        isinstance(each, dict) and set(each) == keys and _are_texts(list(each.values())) for each in found
    )


def _are_lists_of_text(found: Any) -> bool:
    return isinstance(found, list) and all(map(_are_texts, found))


def _are_texts(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(each, str) for each in found)


def last_turns(events: Iterable[Event]) -> tuple[Event, ...]:
    """The last few turns, and before them what held when they began."""
    kept = list(events)
    starts = [position for position, (kind, _) in enumerate(kept) if kind == "user"]
    if len(starts) <= TURNS_KEPT:
        return tuple(kept)
    start = starts[-TURNS_KEPT]
    before = [[event for event in kept[:start] if event[0] == kind][-1:] for kind in LASTING]
    return (*(event for found in before for event in found), *kept[start:])
