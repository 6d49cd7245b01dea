"""Keeps what was answered: once, changed within minutes at most, and in the conversation it belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.surveys import Heard, SurveyQuestion
from channels.conversation import Conversation, Event, Message
from channels.inbound import CONTROL
from handoff.finding import happened
from insights.follow_ups.opening import open_follow_up
from insights.surveys.asking import question_of
from insights.surveys.settings import survey_settings
from insights.surveys.survey import Survey

CORRECTION = timedelta(minutes=5)
"""So long after it an answer can be changed."""
CORRECTIONS = 3
"""So often, at most."""
GOES_ON = timedelta(minutes=10)
"""So long after they said what made it hard, there may be more of it."""
LONGEST = 4000
"""Characters kept of what was said."""
REFUSED = "refused"
LINK = "link"
"""Where an answer came from that was given on the page of a signed link."""


def is_waiting(survey: Survey, now: datetime) -> bool:
    """Whether it is still to be answered, or what made it hard is still to be told."""
    return survey.awaiting is not None and (survey.expires_at is None or now <= survey.expires_at)


def was_just_answered(survey: Survey, now: datetime) -> bool:
    return survey.answered_at is not None and now - survey.answered_at <= CORRECTION


def may_change(session: Session, survey: Survey, now: datetime) -> bool:
    return was_just_answered(survey, now) and _changes(session, survey) < CORRECTIONS


def may_reconsider(survey: Survey, now: datetime) -> bool:
    """Whether they refused, and the time in which it could have been answered is not over: they may still do so."""
    is_refused = survey.state == "expired" and survey.skipped == REFUSED
    return is_refused and survey.expires_at is not None and now <= survey.expires_at


def may_go_on(survey: Survey, now: datetime) -> bool:
    """Whether what made it hard was just told: there may be more of it, and the person offered then is still meant."""
    return survey.commented_at is not None and now - survey.commented_at <= GOES_ON


def asked_by(session: Session, message: Message) -> SurveyQuestion | None:
    """The question that a message answers; None if nothing can be answered any more."""
    survey = session.get(Survey, str(message.extra.get("survey")))
    if survey is None or survey.conversation_id != message.conversation_id:
        return None
    at = message.created_at
    # A button can be pressed at any time; of a text one can't know after weeks what it is about.
    is_late_press = survey.state == "expired" and message.payload is not None
    goes_on = may_go_on(survey, at)
    is_changed = may_change(session, survey, at) or may_reconsider(survey, at)
    is_open = is_late_press or is_waiting(survey, at) or is_changed or goes_on
    question = question_of(survey, survey_settings(session))
    if not is_open:
        return None
    return replace(question, awaiting="comment", is_commented=True) if goes_on else question


def take(session: Session, message: Message, heard: Heard, now: datetime) -> None:
    """Keeps what was heard in a message that answers a survey. What comes too late or a second time changes nothing."""
    survey = session.get(Survey, str(message.extra.get("survey")), with_for_update=True, populate_existing=True)
    if survey is None or survey.conversation_id != message.conversation_id:
        return
    # As in `asked_by`: however late the turn comes, what was written in time counts.
    at = message.created_at
    if heard.score is not None:
        score(session, survey, heard.score, message.text, message.channel, now, written_at=at)
    if heard.comment:
        comment(session, survey, heard.comment, now, adds=True, written_at=at)
    if heard.is_refused:
        refuse(session, survey, now)


def score(
    session: Session,
    survey: Survey,
    given: int,
    said: str,
    channel: str,
    now: datetime,
    *,
    written_at: datetime | None = None,
) -> bool:
    """Keeps a score, and opens a follow-up if it is low; whether anything changed. The survey's row must be locked.

    `written_at`: when the customer wrote it, if that was before now.
    """
    if not survey.lowest <= given <= survey.highest:
        return False
    is_first = survey.state in ("asked", "expired") and survey.score is None
    if not is_first and (survey.score == given or not may_change(session, survey, written_at or now)):
        return False
    survey.score, survey.said, survey.answered_in = given, said[:LONGEST], channel
    survey.state, survey.skipped, survey.answered_at = "answered", None, survey.answered_at or now
    settings = survey_settings(session)
    is_low = given <= settings.low(survey.kind) and survey.comment is None
    survey.awaiting = "comment" if is_low else None
    survey.expires_at = now + timedelta(minutes=settings.comment_minutes) if is_low else None
    _tell(session, survey, "survey_answered" if is_first else "survey_changed", now)
    session.flush()
    open_follow_up(session, survey, now)
    return True


def comment(
    session: Session,
    survey: Survey,
    text: str,
    now: datetime,
    *,
    adds: bool = False,
    written_at: datetime | None = None,
) -> bool:
    """Keeps what made it hard, once; whether it did. The survey's row must be locked. With `adds`, what is told in the
    minutes after is added to it. `written_at`: when the customer wrote it, if that was before now."""
    text = CONTROL.sub("", text).strip()
    if (
        survey.state != "answered"
        or not text
        or (survey.comment and not (adds and may_go_on(survey, written_at or now)))
    ):
        return False
    told = f"{survey.comment}\n{text}" if survey.comment else text
    survey.comment, survey.commented_at = told[:LONGEST], now
    survey.awaiting = survey.expires_at = None
    _tell(session, survey, "survey_commented", now)
    return True


def _changes(session: Session, survey: Survey) -> int:
    """How often the answer was changed."""
    query = select(Event.details).filter_by(conversation_id=survey.conversation_id, kind="survey_changed")
    return sum(details.get("survey") == survey.id for details in session.scalars(query))


def refuse(session: Session, survey: Survey, now: datetime) -> None:
    """They won't answer, or won't say more: nothing is waited for any more. A button can still be pressed, and a score
    written as long as it could have been. The survey's row must be locked."""
    survey.awaiting = None
    if survey.state == "answered":
        survey.expires_at = None
    if survey.state == "asked":
        survey.state, survey.skipped = "expired", REFUSED
        _tell(session, survey, "survey_refused", now)


def _tell(session: Session, survey: Survey, kind: str, now: datetime) -> None:
    conversation = session.get(Conversation, survey.conversation_id) if survey.conversation_id else None
    if conversation:
        shown = f"{survey.score}/{survey.highest}" if survey.score is not None else None
        happened(session, conversation, kind, now, by=None, survey=survey.id, reason=shown)
