"""How follow-ups stand in the agents' desk: as a list beside its own, and at the head of their conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handoff.desk.house import Annex, Mark
from insights.follow_ups.listing import counts_of, of_conversation
from insights.follow_ups.pages.words import ANNEX
from insights.follow_ups.seeing import is_shown
from staff.people import User

NAME = "follow-ups"
PATH = f"/desk/{NAME}"
ICON = "life-buoy"


def _counts(session: Session, user: User, _now: datetime) -> dict[str, int]:
    return counts_of(session, user)


def _marks(session: Session, user: User, conversation_id: str, now: datetime) -> Sequence[Mark]:
    form = ANNEX[user.locale]["mark"]
    return [
        Mark(
            form.format(score=survey.score, highest=survey.highest),
            f"{PATH}/{one.id}",
            ICON,
            is_late=one.due_at is not None and one.due_at <= now,
        )
        for one, survey in of_conversation(session, user, conversation_id)
    ]


FOLLOW_UPS = Annex(NAME, ICON, "f", ANNEX, _counts, _marks, is_shown)
