"""What waits to be sent: one row for each outgoing message, and what a channel is given of it and answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped

from channels.conversation import Message
from channels.customer import Address
from db import Base, UTCDateTime, column

RETRY_AFTER = (1, 5, 30, 120, 600)
"""Seconds before the second, third … attempt; after the last one the delivery is given up."""
STOPPED = "The customer has asked for no more messages here."

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


def delivery_of(message: Message, address: str, now: datetime) -> Delivery:
    """The outbox's row of a message; the caller adds it in the transaction that says the message."""
    return Delivery(message_id=message.id, channel=message.channel, address=address, due_at=now)
