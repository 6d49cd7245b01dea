"""What the pages of the administration list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from staff.audit import AuditEntry
from staff.people import User
from staff.teams import Team, TeamMember

PAGE = 50
"""Entries of the audit log on one page."""


@dataclass(frozen=True)
class Member:
    user: User
    teams: list[Team]


@dataclass(frozen=True)
class TeamShown:
    team: Team
    members: list[User]


def all_staff(session: Session) -> list[Member]:
    """By name; who left comes last."""
    teams = _teams_by_user(session)
    users = session.scalars(select(User)).all()
    ordered = sorted(users, key=lambda user: (not user.is_active, user.name.casefold()))
    return [Member(user, teams[user.id]) for user in ordered]


def all_teams(session: Session) -> list[TeamShown]:
    """The default team first, then by name."""
    members: dict[str, list[User]] = defaultdict(list)
    rows = select(TeamMember.team_id, User).join(User, User.id == TeamMember.user_id)
    for team_id, user in session.execute(rows.where(User.is_active).order_by(User.name)):
        members[team_id].append(user)
    return [TeamShown(team, members[team.id]) for team in teams_by_name(session)]


def teams_by_name(session: Session) -> list[Team]:
    return sorted(session.scalars(select(Team)), key=lambda team: (not team.is_default, team.name.casefold()))


def _teams_by_user(session: Session) -> dict[str, list[Team]]:
    teams: dict[str, list[Team]] = defaultdict(list)
    rows = select(TeamMember.user_id, Team).join(Team, Team.id == TeamMember.team_id).order_by(Team.name)
    for user_id, team in session.execute(rows):
        teams[user_id].append(team)
    return teams


@dataclass(frozen=True)
class Filters:
    """Which entries of the audit log are shown; empty: all."""

    user_id: str = ""
    """Who did it, or to whom it was done."""
    action: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class AuditPage:
    entries: list[AuditEntry]
    names: dict[str, str]
    """Of everybody whose id stands in an entry."""
    number: int
    has_next: bool


def audit_page(session: Session, filters: Filters, number: int) -> AuditPage:
    """The newest first; `number` counts from 1."""
    rows = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    if filters.user_id:
        rows = rows.where((AuditEntry.user_id == filters.user_id) | (AuditEntry.subject == filters.user_id))
    if filters.action:
        rows = rows.where(AuditEntry.action == filters.action)
    if filters.since:
        rows = rows.where(AuditEntry.at >= _midnight(filters.since))
    if filters.until:
        rows = rows.where(AuditEntry.at < _midnight(filters.until) + timedelta(days=1))
    found = session.scalars(rows.offset((number - 1) * PAGE).limit(PAGE + 1)).all()
    names = {user.id: user.name for user in session.scalars(select(User))}
    return AuditPage(list(found[:PAGE]), names, number, len(found) > PAGE)


def actions_kept(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.utc)
