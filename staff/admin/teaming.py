"""Teams are added, named, filled and taken away; there is always exactly one default team."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db import Database
from staff.audit import record
from staff.entered import name_entered
from staff.people import User
from staff.refusals import Refused
from staff.teams import Team, TeamMember

TEAM_CHARS = 60


def add_team(database: Database, by: str, name: str, now: datetime) -> Team:
    """Raises Refused."""
    team = Team(name=name_entered(name, TEAM_CHARS))
    try:
        with database.transaction() as session:
            session.add(team)
            session.flush()
            record(session, "team_added", now, user_id=by, subject=team.name)
    except IntegrityError:
        raise Refused("team_taken") from None
    return team


def change_team(
    database: Database, by: str, team_id: str, name: str, *, assigns: bool, members: tuple[str, ...], now: datetime
) -> None:
    """Raises Refused, or LookupError."""
    name = name_entered(name, TEAM_CHARS)
    try:
        with database.transaction() as session:
            team = find_team(session, team_id)
            changed = _changes(session, team, name, assigns, set(members))
            team.name, team.assigns = name, assigns
            _fill(session, team, members)
            if changed:
                record(session, "team_changed", now, user_id=by, subject=name, fields=changed)
    except IntegrityError:
        raise Refused("team_taken") from None


def make_default(database: Database, by: str, team_id: str, now: datetime) -> None:
    """Raises LookupError."""
    with database.transaction() as session:
        team = find_team(session, team_id)
        session.execute(update(Team).values(is_default=Team.id == team.id))
        record(session, "default_team_chosen", now, user_id=by, subject=team.name)


def delete_team(database: Database, by: str, team_id: str, now: datetime) -> None:
    """Raises Refused if anything but members belongs to it, or LookupError."""
    try:
        with database.transaction() as session:
            team = find_team(session, team_id)
            if team.is_default:
                raise Refused("team_is_default")
            session.execute(delete(TeamMember).filter_by(team_id=team.id))
            session.execute(delete(Team).filter_by(id=team.id))
            record(session, "team_deleted", now, user_id=by, subject=team.name)
    except IntegrityError:
        # Rooms above this one keep what belongs to a team; the database knows of all of them.
        raise Refused("team_in_use") from None


def find_team(session: Session, team_id: str) -> Team:
    """Raises LookupError."""
    team = session.get(Team, team_id, with_for_update=True)
    if team is None:
        raise LookupError(team_id)
    return team


def members_of(session: Session, team_id: str) -> set[str]:
    return set(session.scalars(select(TeamMember.user_id).filter_by(team_id=team_id)))


def _changes(session: Session, team: Team, name: str, assigns: bool, members: set[str]) -> list[str]:
    pairs = {
        "name": team.name != name,
        "assigns": team.assigns != assigns,
        "members": members_of(session, team.id) != members,
    }
    return [field for field, differs in pairs.items() if differs]


def _fill(session: Session, team: Team, members: tuple[str, ...]) -> None:
    session.execute(delete(TeamMember).filter_by(team_id=team.id))
    known = set(session.scalars(select(User.id))) & set(members)
    session.add_all(TeamMember(team_id=team.id, user_id=user_id) for user_id in known)
