"""What a member of staff marks a conversation with: put aside, a tag, how urgent it is, a customer who is blocked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from channels.customer import Customer
from handoff.finding import Refused, find, happened
from handoff.sla import set_due
from handoff.tags import MOST_TAGS, ConversationTag, as_tag
from handoff.transitions import NotPossible, kind_of
from staff.people import User

LONGEST_SNOOZE = timedelta(days=366)
PRIORITIES = range(4)


def snooze(session: Session, user: User, conversation_id: str, until: datetime, now: datetime) -> Conversation:
    """Puts it aside until then, or until the customer writes. Raises NotYours, NotPossible, Refused."""
    conversation = find(session, user, conversation_id)
    if kind_of(conversation.owner) not in ("queue", "agent"):
        raise NotPossible("snooze", conversation.owner)
    if not now < until <= now + LONGEST_SNOOZE:
        raise Refused("snooze_when")
    conversation.snoozed_until = until
    happened(session, conversation, "snoozed", now, by=user.id, until=until.isoformat())
    return conversation


def wake(session: Session, user: User, conversation_id: str, now: datetime) -> Conversation:
    """Takes it out of what was put aside; waking what is awake changes nothing. Raises NotYours."""
    conversation = find(session, user, conversation_id)
    if conversation.snoozed_until is not None:
        conversation.snoozed_until = None
        happened(session, conversation, "woken", now, by=user.id)
    return conversation


def tag(session: Session, user: User, conversation_id: str, text: str, now: datetime) -> str:
    """Puts a tag on it, and returns it as it is kept. Raises NotYours, Refused."""
    conversation = find(session, user, conversation_id)
    word = as_tag(text)
    if not word:
        raise Refused("no_tag")
    tags = set(session.scalars(select(ConversationTag.tag).filter_by(conversation_id=conversation.id)))
    if word in tags:
        return word
    if len(tags) >= MOST_TAGS:
        raise Refused("too_many_tags")
    session.add(ConversationTag(conversation_id=conversation.id, tag=word))
    happened(session, conversation, "tagged", now, by=user.id, tag=word)
    return word


def untag(session: Session, user: User, conversation_id: str, word: str, now: datetime) -> None:
    """Takes a tag away; one that isn't there is none to take. Raises NotYours."""
    conversation = find(session, user, conversation_id)
    taken: Any = session.execute(delete(ConversationTag).filter_by(conversation_id=conversation.id, tag=word))
    if taken.rowcount:
        happened(session, conversation, "untagged", now, by=user.id, tag=word)


def set_priority(session: Session, user: User, conversation_id: str, priority: int, now: datetime) -> Conversation:
    """0 low, 1 normal, 2 high, 3 urgent. Raises NotYours, Refused."""
    conversation = find(session, user, conversation_id)
    if priority not in PRIORITIES:
        raise Refused("no_such_priority")
    if priority != conversation.priority:
        before, conversation.priority = conversation.priority, priority
        happened(session, conversation, "prioritised", now, by=user.id, **{"from": before, "to": priority})
        set_due(session, conversation, now)
    return conversation


def block(session: Session, user: User, conversation_id: str, now: datetime) -> Conversation:
    """What this customer writes is kept from now on, and neither answered nor shown to anybody as new."""
    conversation = find(session, user, conversation_id)
    customer = _customer(session, conversation)
    if customer.blocked_at is None:
        customer.blocked_at = now
        # What waited for the bot waits for nobody any more.
        conversation.answered_seq, conversation.waiting_since = conversation.last_seq, None
        happened(session, conversation, "blocked", now, by=user.id)
    return conversation


def unblock(session: Session, user: User, conversation_id: str, now: datetime) -> Conversation:
    conversation = find(session, user, conversation_id)
    customer = _customer(session, conversation)
    if customer.blocked_at is not None:
        customer.blocked_at = None
        happened(session, conversation, "unblocked", now, by=user.id)
    return conversation


def _customer(session: Session, conversation: Conversation) -> Customer:
    # The key is left alone: whoever opens a conversation of theirs does not wait for us.
    mine = select(Customer).filter_by(id=conversation.customer_id).with_for_update(key_share=True)
    return session.scalars(mine).one()
