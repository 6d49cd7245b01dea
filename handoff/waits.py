"""How long somebody who waits for a person will wait: foretold from the queue's own history, in opening hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from channels.conversation import QUEUE, Conversation
from handoff.handoffs import Handoff, open_handoff
from handoff.hours import Hours, load_hours
from handoff.presence import states
from staff.teams import TeamMember

REMEMBERED = 50
"""Hand-offs that are looked back on."""
LOOK_BACK = timedelta(days=30)
FEWEST = 3
"""A median of less says nothing."""
SPOKEN = (1, 2, 3, 4, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 360, 420, 480)
"""Minutes as one says them."""


@dataclass(frozen=True)
class Wait:
    minutes: int | None
    """Rounded up to what one would say; None if nothing is known, or nobody is there."""
    position: int
    """1: next."""
    is_closed: bool = False
    """Outside opening hours, and nobody is there all the same."""
    opens_at: datetime | None = None
    """When somebody will be there, if it is closed; None if that is not known."""
    is_staffed: bool = True
    """Whether anybody of the team is online now."""


@dataclass(frozen=True)
class Past:
    """One who waited, in opening minutes since some moment."""

    came: float
    taken: float

    @property
    def waited(self) -> float:
        return self.taken - self.came


def expected_wait(session: Session, team_id: str, now: datetime, conversation: Conversation | None = None) -> Wait:
    """What to tell somebody who waits in a team's queue, or would from now on."""
    hours = load_hours(session, team_id)
    place = position(session, team_id, conversation)
    is_staffed = _is_anybody_online(session, team_id, now)
    if not is_staffed:
        is_closed = not hours.is_open(now)
        return Wait(None, place, is_closed, hours.next_opening(now) if is_closed else None, is_staffed=False)
    waited = _waited(session, conversation, hours, now)
    minutes = foretold(_history(session, team_id, hours, now), place, waited)
    return Wait(None if minutes is None else as_spoken(minutes), place)


def foretold(history: Sequence[Past], place: int, waited: float = 0.0) -> float | None:
    """Opening minutes that somebody at this place in the queue will still wait; None if nobody can say.

    The larger of two: the median of what those waited who waited longer than this one has already, less that; and
    place times the median time between two takings while somebody waited, which grows with the queue.
    """
    longer = [one.waited - waited for one in history if one.waited > waited]
    pace = _pace(history)
    known = [
        *([median(longer)] if len(longer) >= FEWEST else []),
        *([place * pace] if pace is not None else []),
    ]
    return max(known, default=None)


def as_spoken(minutes: float) -> int:
    """Rounded up: who is told too little waits longer than who is told too much."""
    return next((one for one in SPOKEN if minutes <= one), ceil(minutes / 60) * 60)


def position(session: Session, team_id: str, conversation: Conversation | None) -> int:
    """The place in the team's queue: urgent ones first, then whoever came first. Who isn't in it would be the last."""
    waiting = select(func.count()).where(
        Conversation.owner == QUEUE, Conversation.team_id == team_id, Conversation.snoozed_until.is_(None)
    )
    if conversation is None or conversation.queued_at is None:
        return 1 + int(session.execute(waiting).scalar_one())
    before = or_(
        Conversation.priority > conversation.priority,
        (Conversation.priority == conversation.priority) & (Conversation.queued_at < conversation.queued_at),
    )
    return 1 + int(session.execute(waiting.where(before, Conversation.id != conversation.id)).scalar_one())


def _pace(history: Sequence[Past]) -> float | None:
    """The median time from one taking to the next of whoever waited already then."""
    by_taking = sorted(history, key=lambda one: one.taken)
    gaps = [following.taken - one.taken for one, following in pairwise(by_taking) if following.came <= one.taken]
    return median(gaps) if len(gaps) >= FEWEST else None


def _history(session: Session, team_id: str, hours: Hours, now: datetime) -> list[Past]:
    query = (
        select(Handoff.at, Handoff.claimed_at)
        .where(Handoff.team_id == team_id, Handoff.claimed_at > now - LOOK_BACK)
        # Who was called by nobody, but taken by somebody, did not wait.
        .where(Handoff.reason.notin_(("agent", "reopened")))
        .order_by(Handoff.claimed_at.desc())
        .limit(REMEMBERED)
    )
    rows = session.execute(query).all()
    first = min((at for at, _ in rows), default=now)
    moments = sorted({moment for row in rows for moment in row})
    minutes = _minutes_since(hours, first, moments)
    return [Past(minutes[at], minutes[claimed_at]) for at, claimed_at in rows]


def _minutes_since(hours: Hours, first: datetime, moments: Sequence[datetime]) -> dict[datetime, float]:
    """Opening minutes from the first moment to each: counted once along the way, not anew for each."""
    since: dict[datetime, float] = {}
    before, so_far = first, 0.0
    for moment in moments:
        so_far += hours.open_minutes(before, moment)
        since[moment], before = so_far, moment
    return since


def _waited(session: Session, conversation: Conversation | None, hours: Hours, now: datetime) -> float:
    handoff = open_handoff(session, conversation.id) if conversation else None
    return hours.open_minutes(handoff.at, now) if handoff else 0.0


def _is_anybody_online(session: Session, team_id: str, now: datetime) -> bool:
    members = session.scalars(select(TeamMember.user_id).filter_by(team_id=team_id))
    return "online" in states(session, members, now).values()
