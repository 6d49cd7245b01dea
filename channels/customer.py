"""Who asks: a customer, and the addresses where they can be reached."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Boolean, ForeignKey, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session

from channels.addresses import forms
from channels.names import PHONE, WEB
from db import Base, UTCDateTime, column, lock


class Customer(Base):
    __tablename__ = "customer"

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    locale: Mapped[str | None] = column(String(8), nullable=True)
    """The language they were last answered in."""
    name: Mapped[str | None] = column(String(200), nullable=True)
    """As WhatsApp or the company's own site tells it."""
    email: Mapped[str | None] = column(String(254), nullable=True)
    """As the company's own site tells it."""
    created_at: Mapped[datetime] = column(UTCDateTime)
    blocked_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """Since when an agent has them blocked: what they write is kept, and nobody answers it."""


class Address(Base):
    """Where a customer can be reached in one channel.

    `value` is a web visitor's id, a phone number (`+4915112345678`) on `sms` and `whatsapp`, on WhatsApp also the id of
    somebody who hides their number (`BR.1503…`), and on `site` the name under which the company's own site knows them.
    """

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("channel", "value"),)

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    customer_id: Mapped[str] = column(ForeignKey("customer.id"), index=True)
    channel: Mapped[str] = column(String(16))
    value: Mapped[str] = column(String(200))
    verified: Mapped[bool] = column(Boolean, default=False)
    """Whether it is proven to be theirs: they wrote from it, or the company's own site vouches for it."""
    sender: Mapped[str | None] = column(String(64), nullable=True)
    """The number of ours that they wrote to last; they are answered from it."""
    heard_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """When they last wrote from here by phone: WhatsApp may be answered freely for 24 hours from then."""
    is_new = False
    """Whether it was made just now, by whoever asked for it."""
    stopped_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """Since when nothing may be sent here; the last row of `channels.consent.Consent` says why."""


_ADDRESS = (
    select(Address)
    .where(Address.channel == bindparam("channel"), Address.value == bindparam("value"))
    # The key is left alone: a turn that writes a message to this address meanwhile does not wait for us, nor we for it.
    .with_for_update(key_share=True)
)


def find_address(session: Session, channel: str, value: str) -> Address | None:
    """The address, its row locked: two messages of one customer are stored one after the other."""
    return session.scalars(_ADDRESS, {"channel": channel, "value": value}).one_or_none()


def customer_of(session: Session, address: Address) -> Customer:
    return session.scalars(select(Customer).filter_by(id=address.customer_id)).one()


def lock_address(session: Session, address: Address) -> Address:
    """The address as it is now, its row locked. Where a phone and a visitor meet, the phone is locked first."""
    session.refresh(address, with_for_update={"key_share": True})
    return address


def web_address(session: Session, visitor: str, now: datetime) -> Address:
    """The address of a web visitor, its row locked; made if they are new."""
    return find_address(session, WEB, visitor) or add_address(session, WEB, visitor, now)


def unlocked_web_address(session: Session, visitor: str, now: datetime) -> Address:
    """The address of a web visitor, for whoever has yet to lock a phone; made if they are new."""
    found = session.scalars(select(Address).filter_by(channel=WEB, value=visitor)).one_or_none()
    return found or add_address(session, WEB, visitor, now)


def phone_address(session: Session, channel: str, value: str, now: datetime, name: str | None = None) -> Address:
    """A phone's address, its row locked; made if it is new. `name` is what a customer who is new is called."""
    found = lock_phone(session, channel, value)
    return found or add_address(session, channel, value, now, _owner_of(session, value), name)


def lock_phone(session: Session, channel: str, value: str) -> Address | None:
    """A phone's address, its row locked; None if it is new, and then nobody else can make it meanwhile."""
    found = find_address(session, channel, value)
    if found is None:
        lock(session, f"number {forms(value)[0]}")
    return found


def _owner_of(session: Session, number: str) -> str | None:
    """Who writes from this number in another channel: SMS and WhatsApp of one number are one customer's."""
    known = select(Address.customer_id).where(Address.channel.in_(PHONE), Address.value.in_({number, *forms(number)}))
    owner: str | None = session.scalars(known.order_by(Address.value != number)).first()
    return owner


def add_address(
    session: Session,
    channel: str,
    value: str,
    now: datetime,
    customer_id: str | None = None,
    name: str | None = None,
) -> Address:
    """A new address: of this customer, or of a new one with this name."""
    customer_id = customer_id or _add_customer(session, now, name)
    address = Address(id=str(uuid4()), customer_id=customer_id, channel=channel, value=value)
    address.is_new = True
    session.add(address)
    session.flush()
    return address


def _add_customer(session: Session, now: datetime, name: str | None) -> str:
    customer = Customer(id=str(uuid4()), name=name, created_at=now)
    session.add(customer)
    session.flush()
    return customer.id
