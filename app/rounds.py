"""What the clock brings about between customers and people: one line each, all of it once a second."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

import structlog

from db import Database
from handoff.joining import follow_all
from handoff.routing import release_left, route_waiting
from handoff.sla import mark_sla
from handoff.waiting import tell_who_waits, wake_snoozed
from insights.follow_ups.asking_again import ask_those_closed
from insights.follow_ups.tending import tend_follow_ups
from insights.surveys.asking import Asking, BotAsk, ask_again
from insights.surveys.ending import end_silent

log = structlog.get_logger(__name__)

Round = Callable[[Database, datetime], list[str]]
"""Does what is due and returns the ids of the conversations in which something changed. Doing it twice, or in two
processes at once, does no harm."""


def ask_those_followed_up(database: Database, now: datetime) -> list[str]:
    """Whose low score somebody has looked after is asked once more."""
    return ask_those_closed(database, now, ask_again)


# What was left behind goes back into the queue first, so that it can be given to somebody in the same second.
ROUNDS: tuple[Round, ...] = (
    follow_all,
    wake_snoozed,
    release_left,
    route_waiting,
    tell_who_waits,
    mark_sla,
    tend_follow_ups,
)


def rounds_with_surveys(ask: BotAsk, templates: Collection[str] = ()) -> tuple[Round, ...]:
    """With those that end what is silent and ask how it was; they are made once, and remember how far they looked.

    `templates`: the languages in which WhatsApp may be written to after its 24 hours.
    """
    return (*ROUNDS, end_silent, ask_those_followed_up, Asking(ask, templates))


def go_round(database: Database, now: datetime, tell: Callable[[str], None], rounds: Sequence[Round] = ROUNDS) -> int:
    """All of them; how many conversations changed."""
    changed = [one for each in rounds for one in _outlived(each, database, now)]
    for conversation_id in dict.fromkeys(changed):
        tell(conversation_id)
    return len(changed)


def _outlived(each: Round, database: Database, now: datetime) -> list[str]:
    """What goes wrong in one of them does not keep the others from their work; it is tried again a second later."""
    try:
        return each(database, now)
    except Exception:
        log.exception("round_failed", round=getattr(each, "__name__", str(each)))
        return []
