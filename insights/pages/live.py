"""How it is right now: who waits, how long, who is there, and what is late. Read from the conversations themselves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from channels.conversation import BOT, QUEUE, Conversation
from handoff.presence import Presence, state_of
from insights.follow_ups.follow_up import FollowUp
from staff.people import DESK, User
from staff.teams import Team, TeamMember


@dataclass
class Standing:
    """A team, or all of them."""

    waiting: int = 0
    longest_seconds: float = 0.0
    """Since the one who has waited longest came into the queue."""
    longest_id: str = ""
    """The conversation of that one."""
    with_agents: int = 0
    late: int = 0
    """Conversations in which a reply or the solution is overdue."""
    online: int = 0
    away: int = 0
    names: list[str] = field(default_factory=list)
    """Of those who are online."""
    follow_ups: int = 0
    follow_ups_late: int = 0


@dataclass(frozen=True)
class Now:
    all: Standing
    teams: list[tuple[str, str, Standing]]
    """Id, name and how it stands."""
    with_bot: int


def look(session: Session, now: datetime) -> Now:
    standing: dict[str, Standing] = defaultdict(Standing)
    whole = Standing()
    _add_conversations(session, standing, whole, now)
    _add_people(session, standing, whole, now)
    _add_follow_ups(session, standing, whole, now)
    teams = [(team.id, team.name, standing[team.id]) for team in session.scalars(select(Team).order_by(Team.name))]
    bot = select(func.count()).where(Conversation.owner == BOT, Conversation.closed_at.is_(None))
    return Now(whole, teams, int(session.scalars(bot).one()))


def _add_conversations(session: Session, teams: dict[str, Standing], whole: Standing, now: datetime) -> None:
    columns = (Conversation.id, Conversation.owner, Conversation.team_id, Conversation.queued_at)
    query = select(*columns, Conversation.reply_due_at, Conversation.resolve_due_at)
    for conversation_id, owner, team_id, queued_at, reply_due, resolve_due in session.execute(
        query.where(Conversation.closed_at.is_(None), Conversation.owner != BOT)
    ):
        for one in (whole, teams[team_id or ""]):
            if owner == QUEUE:
                one.waiting += 1
                waited = (now - (queued_at or now)).total_seconds()
                if waited >= one.longest_seconds:
                    one.longest_seconds, one.longest_id = waited, conversation_id
            else:
                one.with_agents += 1
            one.late += any(due is not None and due < now for due in (reply_due, resolve_due))


def _add_people(session: Session, teams: dict[str, Standing], whole: Standing, now: datetime) -> None:
    members: dict[str, list[str]] = defaultdict(list)
    for user_id, team_id in session.execute(select(TeamMember.user_id, TeamMember.team_id)):
        members[user_id].append(team_id)
    query = select(Presence, User.name).join(User, User.id == Presence.user_id)
    at_desks = query.where(User.is_active, User.role.in_(DESK)).order_by(User.name)
    for presence, name in session.execute(at_desks):
        state = state_of(presence, now)
        for one in (whole, *(teams[team_id] for team_id in members[presence.user_id])):
            one.online += state == "online"
            one.away += state == "away"
            if state == "online":
                one.names.append(name)


def _add_follow_ups(session: Session, teams: dict[str, Standing], whole: Standing, now: datetime) -> None:
    query = select(FollowUp.team_id, FollowUp.due_at).where(FollowUp.closed_at.is_(None))
    for team_id, due_at in session.execute(query):
        for one in (whole, teams[team_id or ""]):
            one.follow_ups += 1
            one.follow_ups_late += due_at is not None and due_at < now
