"""Which conversations a member of staff may see: their teams', what they have themselves, and nothing else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, true

from channels.conversation import Conversation, agent
from staff.people import EVERY_TEAM, User
from staff.teams import TeamMember


def visible(user: User) -> Any:
    """What a query for conversations must say: an agent sees their teams', supervisors and admins see all.

    A conversation that never left the bot belongs to no team: it is for those who see all.
    """
    if user.role in EVERY_TEAM:
        return true()
    teams = select(TeamMember.team_id).where(TeamMember.user_id == user.id)
    return or_(Conversation.team_id.in_(teams), Conversation.owner == agent(user.id))
