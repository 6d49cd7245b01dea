"""A low answer by a place's link is nobody's, until whoever gave it goes on in the chat: then it belongs there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import Conversation, Message
from channels.webchat.bringing import Brought
from db import Database
from handoff.finding import happened
from handoff.people import is_staffed
from insights.follow_ups.opening import open_follow_up
from insights.surveys.links import DeadLink, Links, is_low
from insights.surveys.settings import survey_settings
from insights.surveys.survey import Survey
from insights.surveys.words import BROUGHT, BROUGHT_COMMENT
from knowledge.locales import known_locale

FACT = "brought"
"""In what is kept with the message: the survey that was answered before it."""
FRESH = timedelta(days=1)
"""So long after the answer it can be brought into the chat."""
LONGEST = 500
"""Characters of what made it hard that are said in the chat; all of it is on the page of the follow-up."""


def may_bring(session: Session, survey: Survey, now: datetime) -> bool:
    """Whether somebody would talk with whoever gave this answer, and nobody knows yet who that is."""
    return survey.conversation_id is None and _is_fresh(session, survey, now) and is_staffed(session)


def brought(database: Database, links: Links, token: str, locale: str, now: datetime) -> Brought | None:
    """What whoever gave a low answer says in the chat; None: it was brought before, is too old, or nobody gave it."""
    with database.reading() as session:
        try:
            survey = session.get(Survey, links.answer_in(token))
        except DeadLink:
            return None
        if survey is None or not may_bring(session, survey, now):
            return None
        locale = known_locale(locale) or "en"
        question = survey_settings(session).words(survey.kind, is_later=True)[locale].question  # type: ignore[arg-type]
    said = " ".join((survey.comment or "").split())[:LONGEST]
    text = BROUGHT[locale].format(
        question=question,
        score=survey.score,
        highest=survey.highest,
        comment=BROUGHT_COMMENT[locale].format(comment=said) if said else "",
    )
    return Brought("/wants_person", text, {FACT: survey.id})


def join_answer(session: Session, message: Message, now: datetime) -> None:
    """The answer that a message brings belongs to its conversation from now on, and somebody follows up on it; one that
    was brought before changes nothing."""
    brings = message.extra.get(FACT)
    if not brings:
        return
    # The conversation's row comes first, as wherever both are locked.
    conversation = session.get(Conversation, message.conversation_id, with_for_update=True)
    survey = session.get(Survey, str(brings), with_for_update=True, populate_existing=True)
    if conversation is None or survey is None or survey.conversation_id is not None:
        return
    same = select(Survey.id).filter_by(conversation_id=conversation.id, touchpoint=survey.touchpoint)
    if session.scalars(same).first() is not None:
        return  # They have answered there twice, and somebody comes already.
    survey.conversation_id = conversation.id
    survey.awaiting = survey.expires_at = None
    shown = f"{survey.score}/{survey.highest}"
    happened(session, conversation, "survey_brought", now, by=None, survey=survey.id, reason=shown)
    session.flush()
    open_follow_up(session, survey, now)


def _is_fresh(session: Session, survey: Survey, now: datetime) -> bool:
    is_recent = survey.answered_at is not None and now - survey.answered_at <= FRESH
    return is_recent and is_low(survey_settings(session), survey)
