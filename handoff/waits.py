"""How long it takes until somebody comes: foretold from the queue's own history, in opening hours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from channels.conversation import QUEUE, Conversation
from handoff.handoffs import Handoff
from handoff.hours import Hours, load_hours
from handoff.presence import is_somebody_there

HISTORY = timedelta(days=28)
RECENT = 50
"""So many of the last claims say how it goes now."""
FEWEST = 3
"""Fewer say nothing yet."""
SAID = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120)
"""Minutes as a person would say them; more is said in whole hours."""


@dataclass(frozen=True)
class Wait:
    minutes: int | None
    """From now, as a person would say it; None: not known (then as soon as somebody is free), or not today."""
    opens_at: datetime | None
    """When somebody will be there: while it is closed, or when their turn comes only after closing."""
    position: int
    """1: nobody is before them."""
    is_open: bool = True
    is_somebody_there: bool = True
    """Whether anybody of the team is online."""


def expected_wait(session: Session, team_id: str, now: datetime, conversation: Conversation | None = None) -> Wait:
    """How long a conversation in a team's queue waits from now on, or the next one that comes into it.

    The minutes are m · p. p is the position in the queue: urgent before normal, oldest first. m is how long one place
    in the queue took: the median, over the last 50 claims of the last 28 days, of (opening minutes from hand-off to
    claim) / (position at the hand-off). Those that wait now and have waited longer than the median says are counted
    with what they have waited so far, so that an afternoon on which nobody comes is not foretold from a better one.
    A median, as one conversation that was forgotten over a weekend says nothing about the next one.
    """
    hours = load_hours(session, team_id)
    position = _position(session, team_id, now, conversation)
    somebody = is_somebody_there(session, team_id, now)
    if not hours.is_open(now):
        return Wait(None, hours.next_opening(now), position, is_open=False, is_somebody_there=somebody)
    per_place = minutes_per_place(_history(session, team_id, now), hours, now)
    if per_place is None:
        return Wait(None, None, position, is_somebody_there=somebody)
    minutes, opens_at = _from_now(hours, now, per_place * position)
    return Wait(minutes, opens_at, position, is_somebody_there=somebody)


@dataclass(frozen=True)
class Waited:
    """A past or present stay in the queue."""

    since: datetime
    until: datetime | None = None
    """None: still waiting."""
    claimed: bool = False
    """Whether it ended because somebody came."""


def minutes_per_place(history: Sequence[Waited], hours: Hours, now: datetime) -> float | None:
    """How long one place in the queue takes; None if too few were claimed to say."""
    claimed = [_per_place(one, history, hours, now) for one in history if one.claimed]
    if len(claimed) < FEWEST:
        return None
    usual = median(claimed)
    still = [_per_place(one, history, hours, now) for one in history if one.until is None]
    return median(claimed + [minutes for minutes in still if minutes > usual])


def as_said(minutes: float) -> int:
    """Rounded up to what a person would say."""
    return next((step for step in SAID if minutes <= step), math.ceil(minutes / 60) * 60)


def _per_place(one: Waited, history: Sequence[Waited], hours: Hours, now: datetime) -> float:
    before = sum(other.since < one.since and (other.until is None or other.until > one.since) for other in history)
    return hours.open_minutes(one.since, one.until or now) / (before + 1)


def _from_now(hours: Hours, now: datetime, open_minutes: float) -> tuple[int | None, datetime | None]:
    """When that much opening time has passed: in minutes by the clock, or, beyond tonight, from when on."""
    then = hours.after(now, open_minutes)
    if then is None:
        return None, None
    minutes = (then - now) / timedelta(minutes=1)
    if hours.open_minutes(now, then) == minutes or hours.local(then).date() == hours.local(now).date():
        return as_said(minutes), None
    return None, next(opens for opens, closes in hours.openings(now) if closes >= then)


def _position(session: Session, team_id: str, now: datetime, conversation: Conversation | None) -> int:
    priority = conversation.priority if conversation else 1
    since = (conversation and conversation.queued_at) or now
    sooner = and_(Conversation.priority == priority, Conversation.queued_at < since)
    before = select(func.count()).where(
        Conversation.owner == QUEUE,
        Conversation.team_id == team_id,
        or_(Conversation.snoozed_until.is_(None), Conversation.snoozed_until <= now),
        or_(Conversation.priority > priority, sooner),
    )
    if conversation:
        before = before.where(Conversation.id != conversation.id)
    return int(session.scalars(before).one()) + 1


def _history(session: Session, team_id: str, now: datetime) -> list[Waited]:
    """The last claims of a team, and all that stood in its queue since the first of them came.

    What an agent took by themselves never stood there.
    """
    queued = (Handoff.team_id == team_id, Handoff.reason != "agent")
    recent = (
        select(Handoff.at)
        .where(*queued, Handoff.claimed_at.between(now - HISTORY, now))
        .order_by(Handoff.claimed_at.desc())
        .limit(RECENT)
    )
    began = min(session.scalars(recent), default=now)
    query = select(Handoff.at, Handoff.claimed_at, Handoff.ended_at).where(*queued, Handoff.at >= began)
    return [
        Waited(at, claimed_at or ended_at, claimed_at is not None)
        for at, claimed_at, ended_at in session.execute(query)
    ]
