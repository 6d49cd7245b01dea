"""The customer beside a conversation: where they are reached, what they want, where they were, what was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import babel
from phonenumbers import parse
from phonenumbers.phonenumberutil import NumberParseException
from phonenumbers.timezone import time_zones_for_number
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.addresses import region_of
from channels.conversation import CUSTOMER, Conversation, Message, agent_id
from channels.customer import Address, Customer
from channels.linking.merging import Merge
from channels.names import PHONE, WEB
from handoff.desk.callings import Calling, callings, shown
from handoff.desk.rows import names_of_staff
from handoff.seeing import visible
from handoff.transitions import Kind, kind_of
from handoff.words import RESOLUTIONS
from staff.people import User

PAST = 12
PAGES = 5
LOOKED_AT = 60
"""Messages in which pages are looked for."""
LONGEST = 120
UNKNOWN_ZONE = "Etc/Unknown"


@dataclass(frozen=True)
class Reached:
    """One address of theirs."""

    id: str
    channel: str
    value: str
    """As it is shown; empty for a browser."""
    is_verified: bool
    stopped_at: datetime | None
    visitor: str = ""
    """Whose chat page it is."""


@dataclass(frozen=True)
class Past:
    id: str
    at: datetime
    asked: str
    owner: Kind
    agent: str
    is_own: bool
    reason: str
    """Why it was closed, in words."""


@dataclass(frozen=True)
class Joined:
    at: datetime
    proof: str


@dataclass(frozen=True)
class Card:
    customer_id: str
    calling: Calling
    email: str
    locale: str
    known_since: datetime
    blocked_at: datetime | None
    addresses: tuple[Reached, ...]
    country: str
    """Of their number, in words; empty if there is none."""
    zone: str
    """The time zone of their number (IANA), if it has only one."""
    pages: tuple[dict[str, str], ...]
    past: tuple[Past, ...]
    joined: tuple[Joined, ...]


def card_of(session: Session, user: User, conversation: Conversation) -> Card:
    """What this person may know of a conversation's customer."""
    customer = session.get(Customer, conversation.customer_id)
    assert customer is not None  # noqa: S101  a foreign key says so
    addresses = tuple(_addresses(session, customer.id))
    number = next((one.value for one in addresses if one.channel in PHONE and one.value.startswith("+")), "")
    return Card(
        customer_id=customer.id,
        calling=callings(session, [customer.id])[customer.id],
        email=customer.email or "",
        locale=conversation.locale or customer.locale or "",
        known_since=customer.created_at,
        blocked_at=customer.blocked_at,
        addresses=addresses,
        country=_country(number, user.locale),
        zone=_zone(number),
        pages=tuple(_pages(session, conversation)),
        past=tuple(_past(session, user, conversation)),
        joined=tuple(_joined(session, customer.id)),
    )


def _addresses(session: Session, customer_id: str) -> Iterator[Reached]:
    query = select(Address).filter_by(customer_id=customer_id).order_by(Address.channel, Address.id)
    for one in session.scalars(query):
        visitor = one.value if one.channel == WEB else ""
        value = shown(one.channel, one.value)
        yield Reached(one.id, one.channel, value, one.verified, one.stopped_at, visitor)


def _country(number: str, locale: str) -> str:
    region = region_of(number) if number else None
    return str(babel.Locale(locale).territories.get(region, region)) if region else ""


def _zone(number: str) -> str:
    try:
        zones = time_zones_for_number(parse(number, None)) if number else ()
    except NumberParseException:
        return ""
    return zones[0] if len(zones) == 1 and zones[0] != UNKNOWN_ZONE else ""


def _pages(session: Session, conversation: Conversation) -> Iterable[dict[str, str]]:
    """Where they were on the company's site, the last first, each once."""
    said = select(Message.extra).filter_by(conversation_id=conversation.id, author=CUSTOMER)
    found: dict[str, dict[str, str]] = {}
    for extra in session.scalars(said.order_by(Message.seq.desc()).limit(LOOKED_AT)):
        page = extra.get("page")
        if isinstance(page, dict) and page.get("url"):
            found.setdefault(page["url"], {"url": page["url"], "title": page.get("title") or page["url"]})
    return list(found.values())[:PAGES]


def _past(session: Session, user: User, conversation: Conversation) -> Iterator[Past]:
    others = select(Conversation).where(
        Conversation.customer_id == conversation.customer_id, Conversation.id != conversation.id, visible(user)
    )
    names = names_of_staff(session)
    for one in session.scalars(others.order_by(Conversation.opened_at.desc()).limit(PAST)):
        held_by = agent_id(one.owner)
        first = select(Message.text).filter_by(conversation_id=one.id, author=CUSTOMER, payload=None)
        asked = session.scalars(first.order_by(Message.seq).limit(1)).first() or ""
        reason = RESOLUTIONS.get(one.close_reason or "", {}).get(user.locale, "")
        name = names.get(held_by, "") if held_by else ""
        yield Past(one.id, one.opened_at, asked[:LONGEST], kind_of(one.owner), name, held_by == user.id, reason)


def _joined(session: Session, customer_id: str) -> Iterator[Joined]:
    query = select(Merge).filter_by(kept_id=customer_id, undone_at=None).order_by(Merge.at)
    for one in session.scalars(query):
        yield Joined(one.at, one.proof)
