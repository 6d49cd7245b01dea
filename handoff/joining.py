"""Two customers turned out to be one while one was with people: the conversation that goes on is theirs, too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from channels.conversation import BOT, CLOSED, Conversation, lock_customers, open_conversation_of
from channels.linking.merging import MERGED
from db import Database, one_by_one
from handoff.finding import happened
from handoff.handoffs import Handoff
from handoff.sla import set_due
from handoff.transitions import move

# Asked in every turn: made once.
_LEFT_BEHIND = (
    select(Handoff)
    .join(Conversation, Conversation.id == Handoff.conversation_id)
    .where(
        Conversation.customer_id == bindparam("customer"),
        Conversation.owner == CLOSED,
        Conversation.close_reason == MERGED,
        Handoff.ended_at.is_(None),
    )
    .order_by(Handoff.id.desc())
    .limit(1)
)


_ALL_LEFT_BEHIND = (
    select(Conversation.customer_id)
    .join(Handoff, Handoff.conversation_id == Conversation.id)
    .where(Conversation.owner == CLOSED, Conversation.close_reason == MERGED, Handoff.ended_at.is_(None))
    .distinct()
)
MOST = 100
"""Customers looked at in one round."""


def follow(session: Session, conversation: Conversation, now: datetime) -> bool:
    """Hands the bot's conversation to whoever had the one that was closed by joining; whether there was one.

    The conversation's row must be locked.
    """
    handoff = session.scalars(_LEFT_BEHIND, {"customer": conversation.customer_id}).first()
    if handoff is None or conversation.owner != BOT:
        return False
    before = session.get(Conversation, handoff.conversation_id)
    handoff.conversation_id = conversation.id
    conversation.team_id, conversation.owed_since = handoff.team_id, handoff.at
    move(conversation, "hand_off")
    conversation.queued_at = handoff.at
    if before is not None:
        conversation.priority = max(conversation.priority, before.priority)
        conversation.agent_id = before.agent_id
    happened(session, conversation, "handed_off", now, reason=handoff.reason, team_id=handoff.team_id, joined=True)
    if handoff.claimed_by and conversation.agent_id:
        move(conversation, "assign", conversation.agent_id)
        conversation.queued_at = None
        happened(session, conversation, "assigned", now, by=None, to=conversation.agent_id)
    set_due(session, conversation, now)
    return True


def follow_all(database: Database, now: datetime) -> list[str]:
    """As `follow`, for all in whose conversation nothing was written since. Returns the ids of what changed."""
    with database.reading() as session:
        left = list(session.scalars(_ALL_LEFT_BEHIND.limit(MOST)))
    followed = one_by_one("follow_all", left, lambda customer_id: _follow_customer(database, customer_id, now), now)
    return [one for _customer_id, one in followed if one]


def _follow_customer(database: Database, customer_id: str, now: datetime) -> str | None:
    with database.transaction() as session:
        # Of two processes that do this at once, and of an agent who opens it again, the second one finds it done.
        lock_customers(session, customer_id)
        going_on = open_conversation_of(session, customer_id)
        handoff = session.scalars(_LEFT_BEHIND, {"customer": customer_id}).first()
        if handoff is None:
            return None
        if going_on is None:
            return _open_again(session, handoff, now)
        if not follow(session, going_on, now):
            # People have that one, too: what the two were handed over for is one matter now.
            handoff.ended_at, handoff.ended_as = now, "closed"
        return going_on.id


def _open_again(session: Session, handoff: Handoff, now: datetime) -> str:
    """Nothing goes on that they could wait in: they wait where they were."""
    conversation = session.get(Conversation, handoff.conversation_id, with_for_update=True)
    assert conversation is not None  # noqa: S101  a hand-off points at it
    move(conversation, "reopen")
    conversation.closed_at = conversation.close_reason = None
    conversation.queued_at = conversation.owed_since = handoff.at
    happened(session, conversation, "reopened", now, by=None)
    set_due(session, conversation, now)
    return conversation.id
