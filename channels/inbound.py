"""A message on its way in: cleaned, checked, and stored before anything else happens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from channels.conversation import BOT, CUSTOMER, Conversation, Message, open_conversation_of
from channels.customer import add_customer, find_address
from db import Database

# Everything a terminal or a database would trip over; line breaks and tabs stay.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Inbound:
    """What a channel hands over, its sender already verified."""

    channel: str
    address: str
    text: str
    provider_id: str
    """The provider's id of this message: a second one with the same id is the same message."""
    locale: str | None = None
    title: str | None = None
    """What stands on the button that sent the text, where the channel itself shows the button."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the channel knows beside the text (`Message.extra`): `reading`, `page`, `consent`."""


@dataclass(frozen=True)
class Received:
    conversation_id: str
    message_id: str
    seq: int
    is_new: bool
    """False when the same message had come before; nothing was stored this time."""


class InboundError(Exception):
    """A message that can't be taken. `reason` is `empty`, `too_long` or `not_text`."""

    def __init__(self, reason: str, limit: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


def clean_text(text: object, max_chars: int) -> str:
    """The text without control characters and outer white space. Raises InboundError."""
    if not isinstance(text, str):
        raise InboundError("not_text")
    if len(text) > max_chars:
        raise InboundError("too_long", max_chars)
    cleaned = CONTROL.sub("", text).strip()
    if not cleaned:
        raise InboundError("empty")
    return cleaned


def receive(database: Database, inbound: Inbound, now: datetime) -> Received:
    """Stores a message in one transaction; when it returns, the message will be answered.

    The same provider id again is a no-op, also when both arrive at the same moment.
    """
    try:
        with database.transaction() as session:
            return _store(session, inbound, now)
    except IntegrityError:
        # The same message again; or somebody stored the same new customer between our look and our write.
        with database.transaction() as session:
            return _find_received(session, inbound) or _store(session, inbound, now)


def _find_received(session: Session, inbound: Inbound) -> Received | None:
    query = select(Message).filter_by(channel=inbound.channel, provider_id=_unique_id(inbound))
    message = session.scalars(query).one_or_none()
    return message and Received(message.conversation_id, message.id, message.seq, is_new=False)


def _unique_id(inbound: Inbound) -> str:
    # The sender is part of it: nobody can block or probe another's message by guessing its id.
    return f"{inbound.address}:{inbound.provider_id}"


def _store(session: Session, inbound: Inbound, now: datetime) -> Received:
    conversation = _conversation_for(session, inbound, now)
    session.add(conversation)
    title = inbound.title or _title_of_button(session, conversation, inbound.text)
    message = conversation.say(CUSTOMER, inbound.channel, title or inbound.text, now)
    message.payload = inbound.text if title else None
    message.provider_id = _unique_id(inbound)
    message.extra = inbound.facts
    if conversation.owner == BOT and conversation.waiting_since is None:
        conversation.waiting_since = now
    if inbound.locale and conversation.locale is None:
        conversation.locale = inbound.locale
    # The conversation's row comes first: the message points at it.
    session.flush()
    session.add(message)
    session.flush()
    return Received(conversation.id, message.id, message.seq, is_new=True)


def _conversation_for(session: Session, inbound: Inbound, now: datetime) -> Conversation:
    address = find_address(session, inbound.channel, inbound.address)
    conversation = open_conversation_of(session, address.customer_id) if address else None
    if conversation is None:
        address = address or add_customer(session, inbound.channel, inbound.address, now)
        conversation = Conversation(customer_id=address.customer_id, opened_at=now)
    return conversation


def _title_of_button(session: Session, conversation: Conversation, text: str) -> str | None:
    """What stood on the button that sends this text; None if the bot offered no such button lately."""
    if not text.startswith("/"):
        return None
    query = select(Message).filter_by(conversation_id=conversation.id, author=BOT).order_by(Message.seq.desc())
    offered = (button for message in session.scalars(query.limit(10)) for button in message.extra.get("buttons", []))
    return next((str(button["title"]) for button in offered if button["payload"] == text), None)
