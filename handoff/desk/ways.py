"""The ways in which a customer can be written to now, and what each of them allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import CUSTOMER, Conversation, Message
from channels.customer import Address
from channels.names import SITE, SMS, WEB, WHATSAPP
from channels.whatsapp.transport import WINDOW
from handoff.desk.callings import shown

IsPageOpen = Callable[[str], bool | None]
"""Whether a web visitor has a page of ours open."""


@dataclass(frozen=True)
class Way:
    address_id: str
    channel: str
    value: str
    """The address as it is shown; empty for a browser."""
    is_default: bool
    """Whether they wrote from here last."""
    is_stopped: bool
    is_page_open: bool | None
    """None: it is no page, or another process may have it."""
    window_until: datetime | None
    """Until when WhatsApp may be written to freely; past, or None: only a template may be sent."""
    instead: str
    """What happens to a message after the window: it goes as a `template`, by `sms`, or not at all (empty)."""


def ways_of(
    session: Session, conversation: Conversation, templates: Mapping[str, str], is_page_open: IsPageOpen
) -> list[Way]:
    """Where the customer can be written to; the one that they used last stands first."""
    last = _last_address(session, conversation)
    query = select(Address).where(Address.customer_id == conversation.customer_id, Address.channel != SITE)
    addresses = list(session.scalars(query.order_by(Address.channel, Address.id)))
    has_sms = any(one.channel == SMS and one.heard_at and not one.stopped_at for one in addresses)
    instead = "template" if any(templates.values()) else "sms" if has_sms else ""
    ways = list(_ways(addresses, last, instead, is_page_open))
    return sorted(ways, key=lambda way: (not way.is_default, way.is_stopped))


def _ways(addresses: list[Address], last: str | None, instead: str, is_page_open: IsPageOpen) -> Iterator[Way]:
    for one in addresses:
        is_whatsapp = one.channel == WHATSAPP
        yield Way(
            address_id=one.id,
            channel=one.channel,
            value=shown(one.channel, one.value),
            is_default=one.id == last,
            is_stopped=one.stopped_at is not None,
            is_page_open=is_page_open(one.value) if one.channel == WEB else None,
            window_until=one.heard_at + WINDOW if is_whatsapp and one.heard_at else None,
            instead=instead if is_whatsapp else "",
        )


def _last_address(session: Session, conversation: Conversation) -> str | None:
    said = select(Message.address_id).where(
        Message.conversation_id == conversation.id, Message.author == CUSTOMER, Message.address_id.isnot(None)
    )
    found: str | None = session.scalars(said.order_by(Message.seq.desc()).limit(1)).first()
    return found
