"""Finds a conversation for a member of staff who means to do something with it, and says why that can't be."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import CUSTOMER, Conversation, Event, Message, lock_customers
from handoff.seeing import visible
from handoff.transitions import NotPossible
from staff.people import User


class NotYours(LookupError):
    """There is no such conversation for this person."""


class Taken(Exception):
    """Somebody else has it."""

    def __init__(self, user_id: str, name: str) -> None:
        super().__init__(name)
        self.user_id = user_id
        self.name = name


class Meanwhile(Exception):
    """The customer has written since this person last looked."""

    def __init__(self, newest_seq: int) -> None:
        super().__init__(str(newest_seq))
        self.newest_seq = newest_seq


class Refused(Exception):
    """What was asked for makes no sense; `reason` is a key of `handoff.words.REFUSED`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def find(session: Session, user: User, conversation_id: str) -> Conversation:
    """The conversation, its row locked. Raises NotYours."""
    query = select(Conversation).where(Conversation.id == conversation_id, visible(user))
    found: Conversation | None = session.scalars(
        query.with_for_update(), execution_options={"populate_existing": True}
    ).one_or_none()
    if found is None:
        raise NotYours(conversation_id)
    return found


def find_to_open(session: Session, user: User, conversation_id: str) -> Conversation:
    """As `find`, and until this transaction ends nobody else opens a conversation of its customer.

    Raises NotYours, and NotPossible if the customer was joined with another one at this very moment.
    """
    whose = select(Conversation.customer_id).where(Conversation.id == conversation_id, visible(user))
    customer_id = session.scalars(whose).one_or_none()
    if customer_id is None:
        raise NotYours(conversation_id)
    lock_customers(session, customer_id)
    found = find(session, user, conversation_id)
    if found.customer_id != customer_id:
        raise NotPossible("reopen", found.owner)
    return found


def newest_of_customer(session: Session, conversation: Conversation) -> int:
    """The number of the customer's last message."""
    query = select(Message.seq).where(
        Message.conversation_id == conversation.id, Message.author == CUSTOMER, Message.is_silent.is_(False)
    )
    return session.scalars(query.order_by(Message.seq.desc()).limit(1)).first() or 0


def happened(session: Session, conversation: Conversation, kind: str, now: datetime, **details: Any) -> None:
    """Leaves an event; its `seq` says after which message it happened."""
    details["seq"] = conversation.last_seq
    session.add(Event(conversation_id=conversation.id, kind=kind, details=details, at=now))
