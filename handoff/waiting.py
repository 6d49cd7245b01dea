"""Tells those who wait longer than they were told, and wakes what was put aside."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from channels.conversation import QUEUE, Conversation
from channels.customer import Customer
from db import Database, one_by_one
from handoff.desk_settings import desk_settings
from handoff.finding import happened
from handoff.foretelling import buttons_for, keep, longer
from handoff.handoffs import Handoff, open_handoff
from handoff.speaking import say_to_customer, words_of
from handoff.waits import expected_wait

GRACE = timedelta(minutes=2)
"""So much later than foretold nobody minds."""
AT_ONCE = 100
"""Customers told in one round."""

# Statements of the round are made once: it is gone every second.
_OVERDUE = (
    select(Conversation.id)
    .join(Handoff, Handoff.conversation_id == Conversation.id)
    .join(Customer, Customer.id == Conversation.customer_id)
    .where(Conversation.owner == QUEUE, Handoff.ended_at.is_(None), Customer.blocked_at.is_(None))
    .where(Handoff.told_until < bindparam("until"), Handoff.told_at < bindparam("told_before"))
    .where(Handoff.told_times < bindparam("most_times"))
    .order_by(Handoff.at)
    .limit(AT_ONCE)
)
_IS_OVER = Conversation.snoozed_until <= bindparam("now")
_FIRST_OVER = select(Conversation.id).where(_IS_OVER).limit(1)
_WOKEN = select(Conversation).where(_IS_OVER).with_for_update(skip_locked=True)


def tell_who_waits(database: Database, now: datetime) -> list[str]:
    """Tells everybody who waits longer than they were told how long it takes now. Returns their conversations' ids."""
    with database.reading() as session:
        settings = desk_settings(session)
        told_before = now - settings.again
        overdue = {"until": now - GRACE, "told_before": told_before, "most_times": settings.most_times}
        waiting = list(session.scalars(_OVERDUE, overdue))
    told = one_by_one("tell_who_waits", waiting, lambda one: _tell(database, one, told_before, now), now)
    return [one for one, is_told in told if is_told]


def _tell(database: Database, conversation_id: str, told_before: datetime, now: datetime) -> bool:
    with database.transaction() as session:
        query = select(Conversation).filter_by(id=conversation_id, owner=QUEUE).with_for_update()
        conversation = session.scalars(query).one_or_none()
        handoff = open_handoff(session, conversation_id)
        # Whoever was quicker, agent or process, has said it already or has nothing to say.
        if conversation is None or handoff is None or handoff.told_at is None or handoff.told_at >= told_before:
            return False
        _tell_that_it_takes_longer(session, conversation, handoff, now)
        return True


def _tell_that_it_takes_longer(session: Session, conversation: Conversation, handoff: Handoff, now: datetime) -> None:
    words = words_of(conversation)
    wait = expected_wait(session, handoff.team_id, now, conversation)
    text = longer(session, words, handoff.team_id, wait, now)
    say_to_customer(session, conversation, text, now, buttons_for(words, handoff.channel))
    handoff.told_times += 1
    keep(session, conversation, handoff, wait, now)


def wake_snoozed(database: Database, now: datetime) -> list[str]:
    """What was put aside until now is there again. Returns the conversations' ids."""
    with database.reading() as session:
        if session.scalars(_FIRST_OVER, {"now": now}).first() is None:
            return []
    with database.transaction() as session:
        woken = list(session.scalars(_WOKEN, {"now": now}))
        for conversation in woken:
            conversation.snoozed_until = None
            happened(session, conversation, "woken", now, by=None)
        return [one.id for one in woken]
