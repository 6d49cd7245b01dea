"""Which follow-ups a member of staff may see, and how one is found to be done something with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from handoff.finding import NotYours
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.refused import NotDone
from staff.people import EVERY_TEAM, User
from staff.teams import TeamMember


def visible(user: User) -> Any:
    """What a query for follow-ups must say: an agent sees their teams' and their own, others see all."""
    if user.role in EVERY_TEAM:
        return true()
    teams = select(TeamMember.team_id).where(TeamMember.user_id == user.id)
    return or_(FollowUp.team_id.in_(teams), FollowUp.user_id == user.id)


def look_at(session: Session, user: User, follow_up_id: str) -> FollowUp:
    """Raises NotYours."""
    query = select(FollowUp).where(FollowUp.id == follow_up_id, visible(user))
    found: FollowUp | None = session.scalars(query).one_or_none()
    if found is None:
        raise NotYours(follow_up_id)
    return found


def find_open(session: Session, user: User, follow_up_id: str) -> FollowUp:
    """The follow-up, its row locked: after the conversations that are touched with it. Raises NotYours, NotDone."""
    query = select(FollowUp).where(FollowUp.id == follow_up_id, visible(user)).with_for_update()
    found: FollowUp | None = session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotYours(follow_up_id)
    if found.closed_at is not None:
        raise NotDone("closed")
    return found


def is_shown(session: Session, user: User, conversation_id: str) -> bool:
    """Whether this person can read the conversation on the page of a follow-up of it."""
    query = select(FollowUp.id).where(FollowUp.conversation_id == conversation_id, visible(user)).limit(1)
    return session.execute(query).first() is not None


def is_followed_up(session: Session, conversation_id: str) -> bool:
    """Whether somebody still looks after a low score by way of this conversation."""
    of_it = or_(FollowUp.conversation_id == conversation_id, FollowUp.reached_in == conversation_id)
    query = select(FollowUp.id).where(of_it, FollowUp.closed_at.is_(None)).limit(1)
    return session.execute(query).first() is not None
