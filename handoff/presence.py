"""Who is there: online, away, or off; a closed laptop becomes away by itself, and then off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column
from staff.people import DESK, User

State = Literal["online", "away", "off"]
STATES: tuple[State, ...] = ("online", "away", "off")
AWAY_AFTER = timedelta(seconds=90)
"""A page of the desk that is looked at says so every 30 seconds: two may be lost."""
OFF_AFTER = timedelta(minutes=10)
"""Whoever was not heard of for so long has left."""


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
    """What somebody is, whatever they chose when they were last heard of."""
    if presence is None or presence.chosen == "off" or now - presence.seen_at > OFF_AFTER:
        return "off"
    return "away" if presence.chosen == "away" or now - presence.seen_at > AWAY_AFTER else "online"


def choose_presence(session: Session, user_id: str, chosen: State, now: datetime) -> State:
    """What somebody wants to be from now on; raises ValueError if it is no state."""
    if chosen not in STATES:
        raise ValueError(chosen)
    presence = _presence(session, user_id, now)
    presence.chosen, presence.seen_at = chosen, now
    return state_of(presence, now)


def seen(session: Session, user_id: str, now: datetime) -> State:
    """Somebody sits before a page of the desk."""
    presence = _presence(session, user_id, now)
    presence.seen_at = now
    return state_of(presence, now)


def chosen_presence(session: Session, user_id: str) -> str:
    """What they chose to be, whether or not they are still heard of."""
    presence = session.get(Presence, user_id)
    return presence.chosen if presence else "off"


def is_online(session: Session, user_id: str, now: datetime) -> bool:
    """Whether they are there, and may work at the desk."""
    user = session.get(User, user_id)
    return user is not None and user.may(DESK) and states(session, [user_id], now)[user_id] == "online"


def states(session: Session, user_ids: Iterable[str], now: datetime) -> dict[str, State]:
    """What each of them is."""
    wanted = list(user_ids)
    known = {one.user_id: one for one in session.scalars(select(Presence).where(Presence.user_id.in_(wanted)))}
    return {user_id: state_of(known.get(user_id), now) for user_id in wanted}


def _presence(session: Session, user_id: str, now: datetime) -> Presence:
    found = session.get(Presence, user_id, with_for_update=True)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            session.add(Presence(user_id=user_id, chosen="off", seen_at=now))
    except IntegrityError:
        pass  # Another page of theirs came at the same moment.
    return session.scalars(select(Presence).filter_by(user_id=user_id).with_for_update()).one()
