"""Opens a follow-up for a low score."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.follow_ups.follow_up import FollowUp
from insights.surveys.settings import survey_settings
from insights.surveys.survey import Survey


def open_follow_up(session: Session, survey: Survey, now: datetime) -> FollowUp | None:
    """The one of this survey, if its score is low; opened once."""
    if survey.score is None or survey.conversation_id is None:
        return None
    found: FollowUp | None = session.scalars(select(FollowUp).filter_by(survey_id=survey.id)).one_or_none()
    if found or survey.score > survey_settings(session).low(survey.kind):
        return found
    follow_up = FollowUp(survey_id=survey.id, conversation_id=survey.conversation_id, opened_at=now)
    session.add(follow_up)
    session.flush()
    return follow_up
