"""A low score becomes somebody's work: for which team, and by when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from handoff.finding import happened
from handoff.hours import load_hours
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.settings import follow_up_settings
from insights.surveys.settings import survey_settings
from insights.surveys.survey import Survey
from staff.teams import default_team

HOUR = 60


def open_follow_up(session: Session, survey: Survey, now: datetime) -> FollowUp | None:
    """Opens what a low score asks for; the one there is, if it was opened before; None if the score is none or not low.

    What was opened for a score that the customer has corrected since is taken back, unless somebody looks after it. The
    survey's row must be locked. An answer of no conversation can't be followed up: nobody knows whose it is.
    """
    conversation = session.get(Conversation, survey.conversation_id) if survey.conversation_id else None
    if survey.score is None or conversation is None:
        return None
    query = select(FollowUp).filter_by(survey_id=survey.id).with_for_update()
    before: FollowUp | None = session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    is_low = survey.score <= survey_settings(session).low(survey.kind)
    if before is not None and not is_low and before.user_id is None and before.closed_at is None:
        session.delete(before)
        happened(session, conversation, "follow_up_withdrawn", now, survey_id=survey.id, score=survey.score)
        return None
    if before is not None or not is_low:
        return before
    follow_up = _made(session, survey, conversation, now)
    session.add(follow_up)
    happened(session, conversation, "follow_up_opened", now, survey_id=survey.id, score=survey.score)
    session.flush()
    return follow_up


def _made(session: Session, survey: Survey, conversation: Conversation, now: datetime) -> FollowUp:
    team_id = conversation.team_id or default_team(session).id
    hours, settings = load_hours(session, team_id), follow_up_settings(session)
    early = settings.hours - settings.reminder_hours
    return FollowUp(
        survey_id=survey.id,
        conversation_id=conversation.id,
        team_id=team_id,
        opened_at=now,
        due_at=hours.after(now, settings.hours * HOUR),
        remind_at=hours.after(now, early * HOUR) if settings.reminder_hours else None,
        note="",
        asks_again=True,
    )
