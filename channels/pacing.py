"""How fast our numbers send, and when two machines talk to each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session

from channels.customer import Address
from channels.outbox import Delivery
from db import Base, UTCDateTime, column, lock

LOOP = 20
"""So many messages to one phone within `LOOP_SPAN` are no conversation of people: the next ones wait.

Twilio's guard closes the line at 30 in as many seconds (error 14107).
"""
LOOP_SPAN = timedelta(seconds=30)
ENDLESS = 150
"""So many within `ENDLESS_SPAN` are two machines that answer each other: the next ones are not sent at all."""
ENDLESS_SPAN = timedelta(hours=1)
TWO_MACHINES = "Too many messages to this address within an hour: two machines seem to answer each other."


class Pace(Base):
    """When a number of ours may send again."""

    __tablename__ = "sender_pace"

    sender: Mapped[str] = column(String(64), primary_key=True)
    free_at: Mapped[datetime] = column(UTCDateTime)


def is_endless(session: Session, delivery: Delivery, now: datetime) -> bool:
    """Whether so much has gone to an address that it can only be a machine."""
    return _sent_since(session, delivery, now - ENDLESS_SPAN) >= ENDLESS


def held_until(
    session: Session, delivery: Delivery, address: Address | None, now: datetime, segments_per_second: float
) -> datetime | None:
    """Until when this one must wait: its number has sent much just now, or two machines talk to each other."""
    if _sent_since(session, delivery, now - LOOP_SPAN) >= LOOP:
        return now + LOOP_SPAN / 3
    if not segments_per_second:
        return None
    delivery.sender = address.sender if address and address.sender else delivery.channel
    pace = _pace_of(session, delivery.sender, now)
    if pace.free_at > now:
        return pace.free_at
    pace.free_at = now + timedelta(seconds=1 / segments_per_second)
    return None


def _sent_since(session: Session, delivery: Delivery, since: datetime) -> int:
    """How many messages have gone to the same address since then."""
    sent = select(func.count()).where(
        Delivery.channel == delivery.channel,
        Delivery.address == delivery.address,
        Delivery.state == "sent",
        Delivery.sent_at > since,
    )
    return int(session.scalar(sent))


def _pace_of(session: Session, sender: str, now: datetime) -> Pace:
    lock(session, f"pace {sender}")
    pace = session.get(Pace, sender)
    if pace is None:
        pace = Pace(sender=sender, free_at=now)
        session.add(pace)
    return pace


def count_more(session: Session, sender: str, segments: int, segments_per_second: float, now: datetime) -> None:
    """Counts segments beyond the first one, which was counted when the message was claimed."""
    pace = _pace_of(session, sender, now)
    pace.free_at = max(pace.free_at, now) + timedelta(seconds=segments / segments_per_second)
