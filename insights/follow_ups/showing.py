"""All that is read to show one follow-up: the score, how it stands, and what the conversation was about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from handoff.brief import Brief, brief_of
from handoff.desk.callings import Calling, callings
from handoff.desk.cards import Card, card_of
from handoff.desk.rows import names_of_staff
from handoff.desk.showing import titles_in
from handoff.desk.timeline import Timeline, timeline_of
from handoff.finding import newest_of_customer
from handoff.seeing import visible
from handoff.transitions import held_by
from insights.follow_ups.asking_again import is_given_up
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.reaching import first_written
from insights.surveys.survey import Survey
from staff.people import User
from staff.teams import Team


@dataclass(frozen=True)
class Shown:
    """`brief`, `titles`, `card` and `is_answered` are what the desk's template of a brief is given."""

    follow_up: FollowUp
    survey: Survey
    calling: Calling
    team: str
    agent: str
    is_own: bool
    is_late: bool
    reached_at: datetime | None
    closed_by: str
    again: Survey | None
    """The survey that asked the customer again."""
    is_given_up: bool
    """Whether they were to be asked again, and the conversation went on for too long."""
    brief: Brief
    titles: dict[str, str]
    card: Card
    timeline: Timeline
    may_open: bool
    """Whether the conversation is this person's to see at the desk."""
    talks_in: str
    """The conversation in which this person is writing to the customer about it now; empty: they have none."""
    seen_seq: int
    """The customer's last message there."""
    is_answered: bool = False


def show(session: Session, user: User, follow_up: FollowUp, now: datetime) -> Shown:
    survey = session.scalars(select(Survey).filter_by(id=follow_up.survey_id)).one()
    conversation = session.scalars(select(Conversation).filter_by(id=follow_up.conversation_id)).one()
    reached_in = session.scalars(select(Conversation).filter_by(id=follow_up.goes_on_in)).one()
    team, names = session.get(Team, follow_up.team_id) if follow_up.team_id else None, names_of_staff(session)
    brief, wrote = brief_of(session, conversation, user), first_written(session, follow_up)
    seen = select(Conversation.id).where(Conversation.id == conversation.id, visible(user))
    return Shown(
        follow_up=follow_up,
        survey=survey,
        calling=callings(session, [conversation.customer_id])[conversation.customer_id],
        team=team.name if team else "",
        agent=names.get(follow_up.user_id or "", ""),
        is_own=follow_up.user_id == user.id,
        is_late=follow_up.closed_at is None and follow_up.due_at is not None and follow_up.due_at <= now,
        reached_at=follow_up.reached_at or (wrote.created_at if wrote else None),
        closed_by=names.get(follow_up.closed_by or "", ""),
        again=session.get(Survey, follow_up.asked_again_id) if follow_up.asked_again_id else None,
        is_given_up=is_given_up(follow_up, now),
        brief=brief,
        titles=titles_in(session, brief, user),
        card=card_of(session, user, conversation),
        timeline=timeline_of(session, user, conversation.id),
        may_open=session.scalars(seen).first() is not None,
        talks_in=reached_in.id if held_by(reached_in) == user.id else "",
        seen_seq=newest_of_customer(session, reached_in),
    )
