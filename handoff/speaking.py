"""Says to a customer what the house itself has to say about people: where they are, in their language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import BOT, CUSTOMER, Conversation, Message
from channels.customer import Address
from channels.outbox import delivery_of
from handoff.words import WORDS

Buttons = Sequence[dict[str, str]]


def last_heard(session: Session, conversation: Conversation) -> Message | None:
    """The customer's last message that was for us."""
    query = select(Message).where(
        Message.conversation_id == conversation.id, Message.author == CUSTOMER, Message.is_silent.is_(False)
    )
    found: Message | None = session.scalars(query.order_by(Message.seq.desc()).limit(1)).first()
    return found


def words_of(conversation: Conversation) -> dict[str, str]:
    return WORDS.get(conversation.locale or "en", WORDS["en"])


def say_to_customer(
    session: Session,
    conversation: Conversation,
    text: str,
    now: datetime,
    buttons: Buttons = (),
    extra: Mapping[str, Any] = MappingProxyType({}),
) -> Message | None:
    """Puts a message of the house into the conversation and the outbox; None if nobody is to be reached.

    `extra`: further facts of the message (`Message.extra`). The conversation's row must be locked.
    """
    heard = last_heard(session, conversation)
    address = session.get(Address, heard.address_id) if heard and heard.address_id else None
    if address is None or address.stopped_at is not None:
        return None
    known = {"locale": conversation.locale or "en", **extra} | ({"buttons": list(buttons)} if buttons else {})
    message = conversation.say(BOT, address.channel, text, now, address_id=address.id, extra=known)
    session.add(message)
    session.flush()
    session.add(delivery_of(message, address.value, now))
    return message
