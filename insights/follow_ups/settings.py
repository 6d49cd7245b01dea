"""What is set of follow-ups while everything runs: by when they should be closed, and when they are reminded of."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from insights.surveys.survey import SurveySetting

NAME = "follow_ups"
"""Under which they are kept, beside the settings of surveys."""


@dataclass(frozen=True)
class FollowUpSettings:
    hours: int = 8
    """Of opening time, within which a follow-up should be closed."""
    reminder_hours: int = 2
    """So many of them before the end whoever looks after it is reminded; 0: only supervisors hear, at the end."""


def follow_up_settings(session: Session) -> FollowUpSettings:
    """As they are now, in all processes."""
    kept = session.get(SurveySetting, NAME)
    return FollowUpSettings(**json.loads(kept.value)) if kept else FollowUpSettings()


def keep_follow_up_settings(session: Session, settings: FollowUpSettings) -> None:
    session.merge(SurveySetting(name=NAME, value=json.dumps(asdict(settings))))
