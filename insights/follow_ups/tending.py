"""Nothing is forgotten: who was reached is noted, who is late is reminded, and then supervisors are told; each once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from channels.conversation import AGENT, Message
from db import Database, one_by_one
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.reaching import mark_reached
from insights.follow_ups.telling import tell


def _written_in(conversation_id: Any) -> Any:
    since = Message.created_at > FollowUp.opened_at
    said = select(Message.id).where(Message.conversation_id == conversation_id, Message.author.startswith(AGENT), since)
    return said.correlate(FollowUp).exists()


_IS_NEAR = (FollowUp.remind_at <= bindparam("now")) & FollowUp.reminded_at.is_(None)
_IS_LATE = (FollowUp.due_at <= bindparam("now")) & FollowUp.escalated_at.is_(None)
# One for each, so that both go by the index of messages.
_WAS_WRITTEN_TO = or_(_written_in(FollowUp.conversation_id), _written_in(FollowUp.reached_in))
_NEEDS_A_LOOK = or_(_IS_NEAR, _IS_LATE, FollowUp.reached_at.is_(None) & _WAS_WRITTEN_TO)
# Made once: the round is gone every second.
_TO_BE_TENDED = select(FollowUp.id).where(FollowUp.closed_at.is_(None), _NEEDS_A_LOOK)


def tend_follow_ups(database: Database, now: datetime) -> list[str]:
    """Does what is due. Returns the ids of the conversations of those that changed; several processes may do it."""
    with database.reading() as session:
        due = list(session.scalars(_TO_BE_TENDED, {"now": now}))
    tended = one_by_one("tend_follow_ups", due, lambda one: _tend(database, one, now), now)
    return [one for _follow_up_id, changed in tended for one in changed]


def _tend(database: Database, follow_up_id: str, now: datetime) -> list[str]:
    with database.transaction() as session:
        query = select(FollowUp).filter_by(id=follow_up_id, closed_at=None).with_for_update(skip_locked=True)
        follow_up = session.scalars(query).one_or_none()
        # Whoever holds it now changes it; if something is left to do, the next look finds it.
        if follow_up is None:
            return []
        changed = [
            mark_reached(session, follow_up),
            _remind(session, follow_up, now),
            _escalate(session, follow_up, now),
        ]
        return sorted({follow_up.conversation_id, follow_up.goes_on_in}) if any(changed) else []


def _remind(session: Session, follow_up: FollowUp, now: datetime) -> bool:
    is_due = follow_up.remind_at is not None and follow_up.remind_at <= now
    # Once it is late that is said, and no more that it will be.
    is_late = follow_up.due_at is not None and follow_up.due_at <= now
    if not is_due or is_late or follow_up.reminded_at is not None:
        return False
    follow_up.reminded_at = now
    tell(session, follow_up, "reminded", now)
    return True


def _escalate(session: Session, follow_up: FollowUp, now: datetime) -> bool:
    if follow_up.due_at is None or follow_up.due_at > now or follow_up.escalated_at is not None:
        return False
    follow_up.escalated_at = now
    follow_up.reminded_at = follow_up.reminded_at or now
    tell(session, follow_up, "escalated", now)
    return True
