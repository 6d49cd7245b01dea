"""Who is there: online, away, or off; a closed laptop becomes away by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column, lock
from staff.people import DESK, User
from staff.teams import TeamMember

State = Literal["online", "away", "off"]
STATES: tuple[State, ...] = ("online", "away", "off")

AWAY_AFTER = timedelta(seconds=90)
"""Without word from any page of theirs: three times what the desk's pages leave between two words."""
OFF_AFTER = timedelta(minutes=10)
"""Then they have left, and what they owe goes to others."""


class Presence(Base):
    __tablename__ = "presence"

    user_id: Mapped[str] = column(ForeignKey("staff_user.id"), primary_key=True)
    chosen: Mapped[str] = column(String(8), default="off")
    """What they chose: `online`, `away` or `off`."""
    seen_at: Mapped[datetime] = column(UTCDateTime)
    """When a page of the desk last said that somebody sits before it."""
    assigned_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """When routing last gave them something: the next one goes to whom it was longest ago."""


def state_of(presence: Presence | None, now: datetime) -> State:
    """What they chose, as long as they are heard of."""
    if presence is None or presence.chosen == "off" or now - presence.seen_at > OFF_AFTER:
        return "off"
    return "away" if presence.chosen == "away" or now - presence.seen_at > AWAY_AFTER else "online"


def choose_presence(session: Session, user_id: str, state: State, now: datetime) -> None:
    if state not in STATES:
        raise ValueError(state)
    _own(session, user_id, now).chosen = state


def seen(session: Session, user_id: str, now: datetime) -> State:
    """Keeps that somebody sits before the desk, which says so every half a minute; whoever opens it for the first
    time is online."""
    return state_of(_own(session, user_id, now), now)


def present(session: Session, user_ids: list[str], now: datetime) -> dict[str, State]:
    """How each of them is there now."""
    found = {one.user_id: one for one in session.scalars(select(Presence).where(Presence.user_id.in_(user_ids)))}
    return {user_id: state_of(found.get(user_id), now) for user_id in user_ids}


def acts(session: Session, user_id: str, now: datetime) -> None:
    """Whoever does something with a conversation is there, whatever they chose: not off, at most away."""
    own = _own(session, user_id, now)
    if own.chosen == "off":
        own.chosen = "away"


def chosen_presence(session: Session, user_id: str) -> str:
    """What they chose to be, whether or not they are still heard of; who never chose is there with their first page."""
    presence = session.get(Presence, user_id)
    return presence.chosen if presence else "online"


def is_online(session: Session, user_id: str, now: datetime) -> bool:
    """Whether they are there, and may work at the desk."""
    user = session.get(User, user_id)
    return user is not None and user.may(DESK) and present(session, [user_id], now)[user_id] == "online"


def is_somebody_there(session: Session, team_id: str, now: datetime) -> bool:
    """Whether anybody of a team is online."""
    query = (
        select(Presence.user_id)
        .join(TeamMember, TeamMember.user_id == Presence.user_id)
        .join(User, User.id == Presence.user_id)
        .where(TeamMember.team_id == team_id, User.is_active.is_(True))
        .where(Presence.chosen == "online", Presence.seen_at >= now - AWAY_AFTER)
    )
    return session.execute(query.limit(1)).first() is not None


def _own(session: Session, user_id: str, now: datetime) -> Presence:
    """Somebody's row, locked, with them seen now."""
    query = select(Presence).filter_by(user_id=user_id).with_for_update()
    own = session.scalars(query).first()
    if own is None:
        # Two pages that open at once make one row.
        lock(session, f"presence of {user_id}")
        own = session.scalars(query).first() or Presence(user_id=user_id, chosen="online")
        session.add(own)
    own.seen_at = now
    return own
