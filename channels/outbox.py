"""What waits to be sent: one row for each outgoing message, claimed, sent, tried again or given up with a reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Literal
from uuid import uuid4

import structlog
from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, aliased

from channels.conversation import Message
from channels.customer import Address
from db import Base, Database, UTCDateTime, column, lock

State = Literal["pending", "sent", "failed"]
CLAIM = timedelta(seconds=30)
SURE_SECONDS = 5
"""How long after a claim nobody else can have taken what was claimed: far less than `CLAIM`."""
RETRY_AFTER = (1, 5, 30, 120, 600)
"""Seconds before the second, third … attempt; after the last one the delivery is given up."""
JITTER = 0.25
"""Share by which a wait may be longer, so that what failed together is not tried again together."""
LOOP = 20
"""So many messages to one phone within `LOOP_SPAN` are no conversation of people: the next ones wait.

Twilio's guard closes the line at 30 in as many seconds (error 14107).
"""
LOOP_SPAN = timedelta(seconds=30)
ENDLESS = 150
"""So many within `ENDLESS_SPAN` are two machines that answer each other: the next ones are not sent at all."""
ENDLESS_SPAN = timedelta(hours=1)
TWO_MACHINES = "Too many messages to this address within an hour: two machines seem to answer each other."
STOPPED = "The customer has asked for no more messages here."

BROKEN = "It could not be sent because of an error on our side."
"""What the error says stays in the log: it may repeat what people wrote."""

log = structlog.get_logger(__name__)

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
    """Our number it goes from."""
    segments: Mapped[int | None] = column(Integer, nullable=True)
    parts: Mapped[list[str] | None] = column(JSON, nullable=True)
    """The provider's ids of the parts that have gone before the last one, of a message that goes in several."""
    replaced_id: Mapped[str | None] = column(String(64), nullable=True)
    """The provider's id of a message that did not arrive and was sent again: its late reports say nothing any more."""
    sent_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)


class Pace(Base):
    """When a number of ours may send again."""

    __tablename__ = "sender_pace"

    sender: Mapped[str] = column(String(64), primary_key=True)
    free_at: Mapped[datetime] = column(UTCDateTime)


class TransportError(Exception):
    """A message could not be sent."""

    def __init__(
        self,
        sentence: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        code: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        """`permanent`: trying again is of no use. `unknown`: the provider may have taken it. `retry_after`: seconds."""
        super().__init__(sentence)
        self.permanent = permanent
        self.unknown = unknown
        self.code = code
        self.retry_after = retry_after


class Redirected(Exception):
    """A message can't go this way now, but to another address of the customer."""

    def __init__(self, address: Address, sentence: str) -> None:
        super().__init__(sentence)
        self.address = address


@dataclass(frozen=True)
class Outgoing:
    """What a transport is given: the message and where it goes."""

    message: Message
    address: str
    delivery_id: int = 0
    sender: str | None = None
    """Our number that the customer wrote to last."""
    heard_at: datetime | None = None
    """When they last wrote from there."""
    unknown_since: datetime | None = None
    """An earlier attempt began then, and nobody knows whether the provider took the message: look before sending."""
    now: datetime | None = None
    parts: tuple[str, ...] = ()
    """The provider's ids of the parts that have gone already."""


@dataclass(frozen=True)
class Sent:
    """What a provider says of a message it has taken."""

    provider_id: str
    status: str
    sender: str
    segments: int = 1


Transport = Callable[[Outgoing], Sent | None]
"""Sends one message. Raises TransportError or Redirected; anything else it raises is tried again too."""


@dataclass(frozen=True)
class Manner:
    """How the rows of some channels are taken."""

    in_order: bool = False
    """One message to an address at a time, none while an earlier one waits to be tried again."""
    segments_per_second: float = 0.0
    """What a number of ours may send; 0: whatever comes."""
    claim: timedelta = CLAIM
    """How long an attempt may take before another deliverer believes the first one dead."""


def delivery_of(message: Message, address: str, now: datetime) -> Delivery:
    """The outbox's row of a message; the caller adds it in the transaction that says the message."""
    return Delivery(message_id=message.id, channel=message.channel, address=address, due_at=now)


def deliver_due(
    database: Database,
    transports: dict[str, Transport],
    now: datetime,
    limit: int = 50,
    manner: Manner = Manner(),
) -> int:
    """Sends what is due, oldest first, and returns how many were looked at."""
    claim, claimed_at = str(uuid4()), monotonic()
    due = _claim(database, claim, list(transports), now, limit, manner)
    for delivery, outgoing in filter(None, due):
        # The ones before it may have taken so long that another process has claimed this one meanwhile.
        if monotonic() - claimed_at < SURE_SECONDS or _is_claimed(database, delivery.id, claim):
            _attempt(database, transports[delivery.channel], delivery, outgoing, now, manner)
    return len(due)


def _claim(
    database: Database, claim: str, channels: list[str], now: datetime, limit: int, manner: Manner
) -> list[tuple[Delivery, Outgoing] | None]:
    """What is due; None for what was put off or given up instead of being claimed."""
    is_due = (Delivery.state == "pending", Delivery.due_at <= now, Delivery.channel.in_(channels))
    with database.reading() as session:
        # A look costs no write lock; most looks find nothing.
        if session.scalars(select(Delivery.id).where(*is_due).limit(1)).first() is None:
            return []
    due = (
        select(Delivery, Message, Address)
        .join(Message, Message.id == Delivery.message_id)
        .outerjoin(Address, (Address.channel == Delivery.channel) & (Address.value == Delivery.address))
        .where(*is_due)
        .order_by(Delivery.id)
        .limit(limit)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    if manner.in_order:
        due = due.where(_is_first())
    with database.transaction() as session:
        return [_claimed(session, claim, now, manner, *row) for row in session.execute(due)]


def _is_first() -> Any:
    earlier = aliased(Delivery)
    return ~(
        select(earlier.id)
        .where(
            earlier.state == "pending",
            earlier.channel == Delivery.channel,
            earlier.address == Delivery.address,
            earlier.id < Delivery.id,
        )
        .exists()
    )


def _claimed(
    session: Session,
    claim: str,
    now: datetime,
    manner: Manner,
    delivery: Delivery,
    message: Message,
    address: Address | None,
) -> tuple[Delivery, Outgoing] | None:
    if address and address.stopped_at and not delivery.confirms_stop:
        delivery.state, delivery.error, delivery.claimed_by = "failed", STOPPED, None
        return None
    if manner.in_order and _sent_since(session, delivery, now - ENDLESS_SPAN) >= ENDLESS:
        delivery.state, delivery.error, delivery.claimed_by = "failed", TWO_MACHINES, None
        return None
    waits_until = _held_back(session, delivery, address, now, manner) if manner.in_order else None
    if waits_until:
        delivery.due_at = waits_until
        return None
    if delivery.claimed_by and delivery.unknown_since is None:
        # Whoever claimed it before died, perhaps after the provider had taken it.
        delivery.unknown_since = delivery.due_at - manner.claim
    delivery.due_at, delivery.claimed_by = now + manner.claim, claim
    delivery.attempts += 1
    return delivery, Outgoing(
        message=message,
        address=delivery.address,
        delivery_id=delivery.id,
        sender=address.sender if address else None,
        heard_at=address.heard_at if address else None,
        unknown_since=delivery.unknown_since,
        now=now,
        parts=tuple(delivery.parts or ()),
    )


def _held_back(
    session: Session, delivery: Delivery, address: Address | None, now: datetime, manner: Manner
) -> datetime | None:
    """Until when this one must wait: its number has sent much just now, or two machines talk to each other."""
    if _sent_since(session, delivery, now - LOOP_SPAN) >= LOOP:
        return now + LOOP_SPAN / 3
    if not manner.segments_per_second:
        return None
    delivery.sender = address.sender if address and address.sender else delivery.channel
    pace = _pace_of(session, delivery.sender, now)
    if pace.free_at > now:
        return pace.free_at
    pace.free_at = now + timedelta(seconds=1 / manner.segments_per_second)
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


def _is_claimed(database: Database, delivery_id: int, claim: str) -> bool:
    with database.reading() as session:
        delivery = session.get(Delivery, delivery_id)
        return delivery is not None and delivery.claimed_by == claim


def _attempt(
    database: Database, transport: Transport, delivery: Delivery, outgoing: Outgoing, now: datetime, manner: Manner
) -> None:
    outcome = _send(transport, delivery, outgoing, now)
    mine = update(Delivery).where(Delivery.id == delivery.id, Delivery.claimed_by == delivery.claimed_by)
    with database.transaction() as session:
        written: Any = session.execute(mine.values(outcome), execution_options=UNSYNCHRONIZED)
        if not written.rowcount and outcome.get("provider_id"):
            # The provider's report was quicker, and knew less.
            known = update(Delivery).where(Delivery.provider_id == outcome["provider_id"])
            more_known = {"sender": outcome["sender"], "segments": outcome["segments"]}
            session.execute(known.values(more_known), execution_options=UNSYNCHRONIZED)
        more = outcome.get("segments", 1) - 1
        if manner.segments_per_second and more > 0:
            # The first segment was counted when the row was claimed.
            pace = _pace_of(session, str(delivery.sender), now)
            pace.free_at = max(pace.free_at, now) + timedelta(seconds=more / manner.segments_per_second)


def _send(transport: Transport, delivery: Delivery, outgoing: Outgoing, now: datetime) -> dict[str, Any]:
    try:
        sent = transport(outgoing)
    except Redirected as to:
        return {
            "state": "pending",
            "channel": to.address.channel,
            "address": to.address.value,
            "error": str(to),
            "attempts": 0,
            "due_at": now,
            "claimed_by": None,
            "unknown_since": None,
        }
    except TransportError as error:
        return _failed(delivery, error, now)
    except Exception as error:
        # What went wrong on our side may have done so after the provider had taken it.
        log.exception("delivery_broke", delivery=delivery.id)
        return _failed(delivery, TransportError(f"{BROKEN} ({type(error).__name__})", unknown=True), now)
    outcome = {"state": "sent", "error": None, "claimed_by": None, "sent_at": now, "unknown_since": None}
    return outcome | (vars(sent) if sent else {})


def _failed(delivery: Delivery, error: TransportError, now: datetime) -> dict[str, Any]:
    outcome: dict[str, Any] = {"error": str(error), "error_code": error.code, "claimed_by": None}
    if error.permanent or delivery.attempts > len(RETRY_AFTER):
        return outcome | {"state": "failed"}
    wait = max(RETRY_AFTER[delivery.attempts - 1], error.retry_after or 0)
    if error.unknown:
        outcome["unknown_since"] = delivery.unknown_since or now
    longer = 1 + random.random() * JITTER  # noqa: S311  nobody gains from guessing it
    return outcome | {"state": "pending", "due_at": now + timedelta(seconds=wait * longer)}
