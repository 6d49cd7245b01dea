"""What waits to be sent: one row for each outgoing message, claimed, sent, tried again or given up with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Literal
from uuid import uuid4

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, select, update
from sqlalchemy.orm import Mapped

from channels.conversation import Message
from db import Base, Database, UTCDateTime, column

State = Literal["pending", "sent", "failed"]
CLAIM = timedelta(seconds=30)
SURE_SECONDS = 5
"""How long after a claim nobody else can have taken what was claimed: far less than `CLAIM`."""
RETRY_AFTER = (1, 5, 30, 120, 600)
"""Seconds before the second, third … attempt; after the last one the delivery is given up."""

UNSYNCHRONIZED = {"synchronize_session": False}


class Delivery(Base):
    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_channel_address_state", "channel", "address", "state"),
    )

    id: Mapped[int] = column(Integer, primary_key=True)
    message_id: Mapped[str] = column(ForeignKey("message.id"), unique=True)
    channel: Mapped[str] = column(String(16))
    address: Mapped[str] = column(String(200))
    state: Mapped[str] = column(String(16), default="pending")
    attempts: Mapped[int] = column(Integer, default=0)
    due_at: Mapped[datetime] = column(UTCDateTime)
    """Pending: when it may be tried. A deliverer moves it into the future while it tries: that is its claim."""
    claimed_by: Mapped[str | None] = column(String(64), nullable=True)
    error: Mapped[str | None] = column(Text, nullable=True)
    """Why it could not be sent, in a sentence for an agent."""
    confirms_stop: Mapped[bool] = column(Boolean, default=False)
    """The one message that goes to somebody who wants none any more: it says that there will be none."""
    unknown_since: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """When an attempt began of which nobody knows whether the provider has taken the message."""
    provider_id: Mapped[str | None] = column(String(64), nullable=True, unique=True, index=True)
    status: Mapped[str | None] = column(String(16), nullable=True)
    """What the provider says became of it: `queued`, `sent`, `delivered`, `read`, `undelivered`, `failed` …"""
    error_code: Mapped[int | None] = column(Integer, nullable=True)
    """The provider's."""
    sender: Mapped[str | None] = column(String(64), nullable=True)
    """Our number it went from."""
    segments: Mapped[int | None] = column(Integer, nullable=True)
    sent_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)


class Pace(Base):
    """When a number of ours may send again."""

    __tablename__ = "sender_pace"

    sender: Mapped[str] = column(String(64), primary_key=True)
    free_at: Mapped[datetime] = column(UTCDateTime)


class TransportError(Exception):
    """A message could not be sent; `permanent` says that trying again is of no use."""

    def __init__(self, sentence: str, *, permanent: bool = False) -> None:
        super().__init__(sentence)
        self.permanent = permanent


@dataclass(frozen=True)
class Outgoing:
    """What a transport is given: the message and where it goes."""

    message: Message
    address: str


Transport = Callable[[Outgoing], None]
"""Sends one message. Raises TransportError; anything else it raises is tried again too."""


def delivery_of(message: Message, address: str, now: datetime) -> Delivery:
    """The outbox's row of a message; the caller adds it in the transaction that says the message."""
    return Delivery(message_id=message.id, channel=message.channel, address=address, due_at=now)


def deliver_due(database: Database, transports: dict[str, Transport], now: datetime, limit: int = 50) -> int:
    """Sends what is due and returns how many were tried, oldest first."""
    claim, claimed_at = str(uuid4()), monotonic()
    claimed = _claim(database, claim, list(transports), now, limit)
    for delivery, message in claimed:
        # The ones before it may have taken so long that another process has claimed this one meanwhile.
        if monotonic() - claimed_at < SURE_SECONDS or _is_claimed(database, delivery.id, claim):
            _attempt(database, transports[delivery.channel], delivery, message, now)
    return len(claimed)


def _claim(
    database: Database, claim: str, channels: list[str], now: datetime, limit: int
) -> list[tuple[Delivery, Message]]:
    is_due = (Delivery.state == "pending", Delivery.due_at <= now, Delivery.channel.in_(channels))
    with database.reading() as session:
        # A look costs no write lock; most looks find nothing.
        if session.scalars(select(Delivery.id).where(*is_due).limit(1)).first() is None:
            return []
    due = (
        select(Delivery, Message)
        .join(Message, Message.id == Delivery.message_id)
        .where(*is_due)
        .order_by(Delivery.id)
        .limit(limit)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    with database.transaction() as session:
        found = [(delivery, message) for delivery, message in session.execute(due)]
        for delivery, _ in found:
            delivery.due_at, delivery.claimed_by = now + CLAIM, claim
            delivery.attempts += 1
    return found


def _is_claimed(database: Database, delivery_id: int, claim: str) -> bool:
    with database.reading() as session:
        delivery = session.get(Delivery, delivery_id)
        return delivery is not None and delivery.claimed_by == claim


def _attempt(database: Database, transport: Transport, delivery: Delivery, message: Message, now: datetime) -> None:
    outcome = _send(transport, Outgoing(message, delivery.address), delivery.attempts, now)
    mine = update(Delivery).where(Delivery.id == delivery.id, Delivery.claimed_by == delivery.claimed_by)
    with database.transaction() as session:
        session.execute(mine.values(outcome), execution_options=UNSYNCHRONIZED)


def _send(transport: Transport, outgoing: Outgoing, attempts: int, now: datetime) -> dict[str, object]:
    try:
        transport(outgoing)
    except Exception as error:
        permanent = isinstance(error, TransportError) and error.permanent
        if permanent or attempts > len(RETRY_AFTER):
            return {"state": "failed", "error": str(error), "claimed_by": None}
        return {"due_at": now + timedelta(seconds=RETRY_AFTER[attempts - 1]), "error": str(error), "claimed_by": None}
    return {"state": "sent", "error": None, "claimed_by": None}
