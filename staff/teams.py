"""Teams: who looks after which conversations."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Boolean, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session

from db import Base, column
from staff.people import EVERY_TEAM, User


class Team(Base):
    __tablename__ = "team"

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    name: Mapped[str] = column(String(60), unique=True)
    is_default: Mapped[bool] = column(Boolean, default=False)
    """The one that gets what no other team takes; there is always exactly one."""
    assigns: Mapped[bool] = column(Boolean, default=False)
    """Whether conversations are given to whoever has room, in turn; otherwise agents pick them from the queue."""


class TeamMember(Base):
    __tablename__ = "team_member"

    team_id: Mapped[str] = column(ForeignKey("team.id"), primary_key=True)
    user_id: Mapped[str] = column(ForeignKey("staff_user.id"), primary_key=True, index=True)


def teams_of(session: Session, user: User) -> list[str]:
    """The ids of the teams whose conversations a user may see."""
    if user.role in EVERY_TEAM:
        return list(session.scalars(select(Team.id)))
    return list(session.scalars(select(TeamMember.team_id).filter_by(user_id=user.id)))


def default_team(session: Session) -> Team:
    """The team for what no other takes."""
    return session.scalars(select(Team).filter_by(is_default=True)).one()
