"""Two customers who turn out to be one: joined, and recorded so that they can be parted again (`parting.undo`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import JSON, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session

from channels.conversation import Conversation, Message, lock_customers
from channels.customer import Address, Customer
from channels.names import SITE
from db import Base, UTCDateTime, column

Proof = Literal["shown", "texted", "site", "vouched"]
"""A code sent by phone or typed in the chat, the company's own site's word who it is, or its word whose a number is."""
PROFILE = ("locale", "name", "email")
MERGED = "merged"
"""Why a conversation was closed."""

FRESH = {"populate_existing": True}
"""As they are now that they are locked, not as they were read before."""


class IdentitiesDisagree(Exception):
    """Both customers are known to the company's own site, as two people."""


class Merge(Base):
    """One joining of two customers, with all that is needed to undo it."""

    __tablename__ = "customer_merge"

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    kept_id: Mapped[str] = column(ForeignKey("customer.id"), index=True)
    gone_id: Mapped[str] = column(ForeignKey("customer.id"), index=True)
    proof: Mapped[str] = column(String(16))
    moved: Mapped[dict[str, Any]] = column(JSON)
    """Ids of what came from the one who is gone: `addresses`, `conversations`, and `closed` conversations. And what was
    there before: the `owners` of those that were closed, `kept_addresses`, `bot_states` of open conversations, and
    `profile`: what the one who was kept took over (`PROFILE`)."""
    at: Mapped[datetime] = column(UTCDateTime)
    seen_from: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """A conversation that was begun before this is shown only at addresses that took part in it."""
    undone_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)


def merge(session: Session, kept: Customer, gone: Customer, proof: Proof, now: datetime) -> Merge:
    """Gives `kept` all that `gone` has. The open conversation of `kept` goes on, that of `gone` is closed.

    Two verified identities disagree when both customers have an address on `site`, which is always a different one.
    Two phone numbers, browsers or WhatsApp ids don't: people have several. Raises IdentitiesDisagree.
    """
    addresses = lock_addresses(session, kept.id, gone.id)
    ours = [address for address in addresses if address.customer_id == kept.id]
    theirs = [address for address in addresses if address.customer_id == gone.id]
    if _is_known_to_site(ours) and _is_known_to_site(theirs):
        raise IdentitiesDisagree
    conversations = lock_conversations(session, kept.id, gone.id)
    going_on = [conversation for conversation in conversations if conversation.customer_id == kept.id]
    coming = [conversation for conversation in conversations if conversation.customer_id == gone.id]
    closed = [conversation for conversation in coming if conversation.closed_at is None]
    moved = {
        "addresses": [address.id for address in theirs],
        "kept_addresses": [address.id for address in ours],
        "conversations": [conversation.id for conversation in coming],
        "closed": [conversation.id for conversation in closed],
        "owners": {conversation.id: conversation.owner for conversation in closed},
        "bot_states": {one.id: one.bot_state for one in going_on if one.closed_at is None},
        "profile": _take_over_profile(kept, gone),
    }
    for conversation in closed:
        conversation.close(MERGED, now)
    give(kept.id, theirs, coming)
    seen_from = _seen_from(session, kept, gone) if proof == SITE else now
    made = Merge(
        id=str(uuid4()), kept_id=kept.id, gone_id=gone.id, proof=proof, moved=moved, at=now, seen_from=seen_from
    )
    session.add(made)
    session.flush()
    return made


def give(customer_id: str, addresses: Iterable[Address], conversations: Iterable[Conversation]) -> None:
    for address in addresses:
        address.customer_id = customer_id
    for conversation in conversations:
        conversation.customer_id = customer_id


def lock_addresses(session: Session, *customer_ids: str) -> list[Address]:
    """All addresses of these customers. Who holds them is not written to by anybody meanwhile."""
    query = select(Address).where(Address.customer_id.in_(customer_ids)).order_by(Address.channel, Address.id)
    return list(session.scalars(query.with_for_update(key_share=True), execution_options=FRESH).all())


def lock_conversations(session: Session, *customer_ids: str) -> list[Conversation]:
    """All conversations of these customers, oldest first; nobody else opens one of theirs meanwhile."""
    lock_customers(session, *customer_ids)
    theirs = select(Conversation).where(Conversation.customer_id.in_(customer_ids))
    query = theirs.order_by(Conversation.opened_at, Conversation.id)
    return list(session.scalars(query.with_for_update(key_share=True), execution_options=FRESH).all())


def latest_seen(session: Session, channel: str, value: str) -> str | None:
    """The id of the latest conversation that may be shown, or spoken of, at an address.

    Somebody who made another person's phone part of their chat by a trick reads nothing that was said before.
    """
    seen_from = (
        select(func.max(Merge.seen_from))
        .where(Merge.kept_id == Address.customer_id, Merge.undone_at.is_(None))
        .scalar_subquery()
    )
    took_part = (
        select(Message.id)
        .where(Message.conversation_id == Conversation.id, Message.address_id == Address.id)
        .correlate(Conversation, Address)
        .exists()
    )
    query = (
        select(Conversation.id)
        .join(Address, Address.customer_id == Conversation.customer_id)
        .where(Address.channel == channel, Address.value == value)
        .where(seen_from.is_(None) | (Conversation.opened_at >= seen_from) | took_part)
        .order_by(Conversation.opened_at.desc())
    )
    found: str | None = session.scalars(query.limit(1)).first()
    return found


def _is_known_to_site(addresses: list[Address]) -> bool:
    return any(address.channel == SITE for address in addresses)


def _take_over_profile(kept: Customer, gone: Customer) -> dict[str, str]:
    """What is known of the one who goes and not of the one who stays."""
    taken = {name: getattr(gone, name) for name in PROFILE if getattr(gone, name) and not getattr(kept, name)}
    for name, value in taken.items():
        setattr(kept, name, value)
    return taken


def _seen_from(session: Session, *customers: Customer) -> datetime | None:
    """What was hidden before stays so."""
    known = [customer.id for customer in customers]
    query = select(Merge.seen_from).where(Merge.kept_id.in_(known), Merge.undone_at.is_(None))
    return max((moment for moment in session.scalars(query) if moment), default=None)
