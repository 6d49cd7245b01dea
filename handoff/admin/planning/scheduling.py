"""Opening hours are changed: the company's, and those of each team that has its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db import Database
from handoff.admin.planning.countries import countries, is_zone, regions
from handoff.admin.planning.entered import dates_entered, dates_shown, day_shown, week_entered
from handoff.admin.planning.renewing import renew_due
from handoff.admin.planning.words import Misread
from handoff.opening import Calendar
from staff.admin.teaming import find_team
from staff.audit import record
from staff.teams import Team


@dataclass(frozen=True)
class Entry:
    """What a form says of a calendar."""

    time_zone: str
    week: tuple[str, ...]
    """From Monday to Sunday."""
    country: str = ""
    region: str = ""
    """With its country: `DE-SN`. Of another country than the chosen one, it is none."""
    closed_on: str = ""
    """One date a line."""


def calendar_of(session: Session, team_id: str | None) -> Calendar | None:
    return session.scalars(select(Calendar).where(_of(team_id))).one_or_none()


def company_calendar(session: Session) -> Calendar:
    return session.scalars(select(Calendar).where(_of(None))).one()


def teams_with_own(session: Session) -> set[str]:
    return set(session.scalars(select(Calendar.team_id).where(Calendar.team_id.is_not(None))))


def entry_of(calendar: Calendar, locale: str) -> Entry:
    return Entry(
        time_zone=calendar.time_zone,
        week=tuple(map(day_shown, calendar.week)),
        country=calendar.country or "",
        region=f"{calendar.country}-{calendar.subdivision}" if calendar.subdivision else "",
        closed_on=dates_shown(calendar.closed_on, locale),
    )


def change_hours(database: Database, by: str, team_id: str | None, entry: Entry, now: datetime) -> None:
    """Of a team, which has its own from now on; None: of the company. Raises Misread, or LookupError."""
    facts = _facts(entry)
    with database.transaction() as session:
        subject = find_team(session, team_id).name if team_id else ""
        calendar = session.scalars(select(Calendar).where(_of(team_id)).with_for_update()).one_or_none()
        calendar = calendar or Calendar(team_id=team_id)
        changed = [name for name, value in facts.items() if getattr(calendar, name) != value]
        for name, value in facts.items():
            setattr(calendar, name, value)
        session.add(calendar)
        if changed:
            record(session, "hours_changed", now, user_id=by, subject=subject, fields=changed)
    if changed:
        renew_due(database, _concerned(database, team_id), now)


def end_own_hours(database: Database, by: str, team_id: str, now: datetime) -> None:
    """From now on the team is there as the company is. Raises LookupError."""
    with database.transaction() as session:
        team = find_team(session, team_id)
        ended = calendar_of(session, team_id) is not None
        session.execute(delete(Calendar).where(_of(team_id)))
        if ended:
            record(session, "own_hours_ended", now, user_id=by, subject=team.name)
    if ended:
        renew_due(database, [team_id], now)


def _of(team_id: str | None):  # type: ignore[no-untyped-def]
    return Calendar.team_id == team_id if team_id else Calendar.team_id.is_(None)


def _concerned(database: Database, team_id: str | None) -> list[str]:
    """The teams that are there by this calendar."""
    if team_id:
        return [team_id]
    with database.reading() as session:
        return [one for one in session.scalars(select(Team.id)) if one not in teams_with_own(session)]


def _facts(entry: Entry) -> dict[str, object]:
    if not is_zone(entry.time_zone):
        raise Misread("bad_zone")
    if entry.country and entry.country not in countries("en"):
        raise Misread("bad_country")
    return {
        "time_zone": entry.time_zone,
        "week": week_entered(entry.week),
        "country": entry.country or None,
        "subdivision": _subdivision(entry),
        "closed_on": dates_entered(entry.closed_on),
    }


def _subdivision(entry: Entry) -> str | None:
    country, _, region = entry.region.partition("-")
    if not region or country != entry.country:
        return None
    if region not in regions(country):
        raise Misread("bad_region")
    return region
