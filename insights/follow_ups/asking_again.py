"""Closed is not the end: the customer is asked once more, as soon as the conversation about it has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from db import Database, one_by_one
from insights.follow_ups.follow_up import FollowUp
from insights.surveys.survey import Survey

Ask = Callable[[Session, str, datetime], Survey | None]
"""Decides on a survey of the touchpoint `follow_up` for a conversation that has ended; None: nobody is asked there."""
TOUCHPOINT = "follow_up"
WITHIN = timedelta(days=14)
"""So long after it was closed the conversation may still go on; later nobody remembers what they are asked about."""


# Made once: the round is gone every second.
_NOT_ASKED_YET = (
    select(FollowUp.id, Conversation.id)
    .join(Conversation, Conversation.id == func.coalesce(FollowUp.reached_in, FollowUp.conversation_id))
    .where(FollowUp.closed_at > bindparam("since"), FollowUp.asks_again.is_(True), FollowUp.asked_again_id.is_(None))
    .order_by(FollowUp.closed_at)
)
_TO_BE_ASKED = _NOT_ASKED_YET.where(Conversation.closed_at.isnot(None))


def ask_those_closed(database: Database, now: datetime, ask: Ask) -> list[str]:
    """Asks the customers whose follow-up was closed. Returns their conversations' ids; several processes may do it."""
    with database.reading() as session:
        found = [(one, where) for one, where in session.execute(_TO_BE_ASKED, {"since": now - WITHIN})]
    asked = one_by_one("ask_those_followed_up", found, lambda one: _ask(database, *one, now, ask), now)
    return [where for (_one, where), is_asked in asked if is_asked]


def is_asked_again(session: Session, conversation_id: str, now: datetime) -> bool:
    """Whether at the end of this conversation the customer is asked because of a follow-up, or was; it may be open."""
    asked = select(Survey.id).filter_by(conversation_id=conversation_id, touchpoint=TOUCHPOINT)
    if session.execute(asked.where(Survey.state != "skipped")).first() is not None:
        return True
    waiting = _NOT_ASKED_YET.where(Conversation.id == conversation_id)
    return session.execute(waiting, {"since": now - WITHIN}).first() is not None


def is_given_up(follow_up: FollowUp, now: datetime) -> bool:
    """Whether they were to be asked again and are not any more: the conversation went on for too long."""
    is_wanted = follow_up.asks_again and follow_up.asked_again_id is None
    return is_wanted and follow_up.closed_at is not None and follow_up.closed_at <= now - WITHIN


def _ask(database: Database, follow_up_id: str, conversation_id: str, now: datetime, ask: Ask) -> bool:
    with database.transaction() as session:
        conversation = session.scalars(
            select(Conversation).filter_by(id=conversation_id).with_for_update(skip_locked=True)
        ).one_or_none()
        query = select(FollowUp).filter_by(id=follow_up_id, asks_again=True, asked_again_id=None)
        follow_up = session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
        if conversation is None or conversation.closed_at is None or follow_up is None:
            return False
        survey = None if _was_asked(session, conversation_id) else ask(session, conversation_id, now)
        follow_up.asks_again = False
        follow_up.asked_again_id = survey.id if survey else None
        return survey is not None


def _was_asked(session: Session, conversation_id: str) -> bool:
    """Whoever was still not content after that is looked after once more, but not asked for ever."""
    query = select(Survey.id).filter_by(conversation_id=conversation_id, touchpoint=TOUCHPOINT)
    return session.execute(query).first() is not None
