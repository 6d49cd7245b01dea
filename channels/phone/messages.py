"""What lies on a phone: a message with its pictures, buttons, list, place and status."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from channels.phone.addresses import Channel, channel_of
from channels.phone.errors import FAILURES

Author = Literal["customer", "business", "carrier"]
RANKS = {"accepted": 0, "queued": 1, "sending": 2, "sent": 3, "delivered": 4, "read": 5}
FAILED = {"failed", "undelivered"}


@dataclass(frozen=True)
class Medium:
    sid: str
    token: str
    """Where the content delivery network has it."""
    content_type: str
    content: bytes
    arrived: float
    """On the monotonic clock."""
    name: str = ""


@dataclass(frozen=True)
class Location:
    latitude: float
    longitude: float
    label: str = ""
    address: str = ""


@dataclass(frozen=True)
class Button:
    title: str
    id: str


@dataclass(frozen=True)
class Item:
    item: str
    id: str
    description: str = ""


@dataclass
class Message:
    sid: str
    author: Author
    from_: str
    to: str
    body: str
    created_at: datetime
    status: str
    segments: int = 1
    buttons: tuple[Button, ...] = ()
    items: tuple[Item, ...] = ()
    list_button: str = ""
    media: list[Medium] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    """The sids of those media that were deleted at Twilio; the phone still has them."""
    media_urls: tuple[str, ...] = ()
    """Pictures that the business sent, by their addresses."""
    location: Location | None = None
    reply_to: str = ""
    """The sid of the message whose button was pressed."""
    is_seen: bool = False
    """Whether the customer has looked at it."""
    pressed: int | None = None
    """Which of its buttons or items was chosen."""
    service_sid: str = ""
    callback: str = ""
    sent_at: datetime | None = None
    updated_at: datetime | None = None
    error_code: int | None = None

    @property
    def channel(self) -> Channel:
        return channel_of(self.from_)

    @property
    def is_inbound(self) -> bool:
        return self.author == "customer"

    @property
    def media_at_twilio(self) -> list[Medium]:
        return [medium for medium in self.media if medium.sid not in self.deleted]

    @property
    def customer(self) -> str:
        return self.from_ if self.is_inbound else self.to

    @property
    def business(self) -> str:
        return self.to if self.is_inbound else self.from_

    @property
    def has_failed(self) -> bool:
        return self.status in FAILED

    @property
    def error(self) -> str | None:
        return FAILURES.get(self.error_code) if self.error_code else None
