"""Customers who have said how easy it was, as the question at the end keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from channels.conversation import Conversation
from db import Database
from handoff.turn import take_turn
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.opening import open_follow_up
from insights.surveys.survey import SCALES, Kind, Survey
from staff.people import User
from tests.cast import MONDAY, anna, echo, says

LATER = MONDAY + timedelta(hours=1)


def scored(
    database: Database,
    conversation_id: str | None,
    score: int,
    now: datetime,
    *,
    kind: Kind = "ces",
    comment: str | None = None,
    touchpoint: str = "conversation",
) -> str:
    """The id of an answered survey, of which nobody has made anything yet."""
    lowest, highest = SCALES[kind]
    with database.transaction() as session:
        survey = Survey(
            kind=kind,
            touchpoint=touchpoint,
            conversation_id=conversation_id,
            state="answered",
            decided_at=now,
            channel="web",
            asked_at=now,
            lowest=lowest,
            highest=highest,
            score=score,
            answered_at=now,
            answered_in="web",
            said=str(score),
            comment=comment,
            commented_at=now if comment else None,
        )
        session.add(survey)
        session.flush()
        return survey.id


def ended(database: Database, conversation_id: str, now: datetime) -> str:
    """A conversation that ends by itself."""
    with database.transaction() as session:
        conversation = session.get(Conversation, conversation_id)
        assert conversation
        conversation.close("silence", now)
        conversation.answered_seq, conversation.waiting_since = conversation.last_seq, None
    return conversation_id


def followed(database: Database, conversation_id: str, now: datetime, score: int = 2, comment: str = "") -> str:
    """The id of the follow-up of a low score for a conversation."""
    survey_id = scored(database, conversation_id, score, now, comment=comment or None)
    with database.transaction() as session:
        survey = session.get(Survey, survey_id)
        assert survey
        follow_up = open_follow_up(session, survey, now)
        assert follow_up
        return follow_up.id


def talked(database: Database) -> str:
    """Anna has asked the bot something, and it has ended."""
    one = says(database, anna("How long can I return it?")).conversation_id
    take_turn(database, echo, one, MONDAY)
    return ended(database, one, MONDAY + timedelta(minutes=10))


def follow_up(database: Database, follow_up_id: str) -> FollowUp:
    with database.reading() as session:
        return session.scalars(select(FollowUp).filter_by(id=follow_up_id)).one()


def do(database: Database, verb: Any, user: User, follow_up_id: str, *args: Any, **more: Any) -> Any:
    """One of the verbs, in a transaction of its own."""
    with database.transaction() as session:
        return verb(session, user, follow_up_id, *args, **more)
