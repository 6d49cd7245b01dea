"""The pages of opening hours and of targets."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from db import Database, utc_now
from handoff.admin.planning.countries import countries, regions, time_zones
from handoff.admin.planning.promising import KINDS, PRIORITIES, Typed, change_targets, targets_shown
from handoff.admin.planning.scheduling import (
    Entry,
    calendar_of,
    change_hours,
    company_calendar,
    end_own_hours,
    entry_of,
    teams_with_own,
)
from handoff.admin.planning.status import holidays_shown, status
from handoff.admin.planning.words import DAYS, DONE, WORDS, Misread
from handoff.desk.words import PRIORITIES as PRIORITY_NAMES
from handoff.hours import hours_of
from staff.admin.listing import teams_by_name
from staff.admin.teaming import find_team
from staff.people import ADMINISTRATION
from staff.views import guard, refuse, signed_in, staff_page


def make_blueprint(database: Database) -> Blueprint:
    blueprint = Blueprint("planning", __name__, template_folder="templates", url_prefix="/admin")
    guard(blueprint, ADMINISTRATION)
    blueprint.register_error_handler(LookupError, lambda _error: refuse("not_found", 404))
    _add_hours(blueprint, database)
    _add_targets(blueprint, database)
    return blueprint


def _add_hours(blueprint: Blueprint, database: Database) -> None:
    @blueprint.get("/hours")
    def hours() -> ResponseReturnValue:
        return _hours_page(database, None)

    @blueprint.post("/hours")
    def change_company() -> ResponseReturnValue:
        return _change_hours(database, None, url_for("planning.hours", done="saved"))

    @blueprint.get("/hours/<uuid:team_id>")
    def team_hours(team_id: UUID) -> ResponseReturnValue:
        return _hours_page(database, str(team_id))

    @blueprint.post("/hours/<uuid:team_id>")
    def change_team(team_id: UUID) -> ResponseReturnValue:
        return _change_hours(database, str(team_id), url_for("planning.team_hours", team_id=team_id, done="saved"))

    @blueprint.post("/hours/<uuid:team_id>/as-company")
    def as_company(team_id: UUID) -> ResponseReturnValue:
        end_own_hours(database, signed_in().id, str(team_id), utc_now())
        return redirect(url_for("planning.team_hours", team_id=team_id, done="as_company"), 303)


def _change_hours(database: Database, team_id: str | None, done: str) -> ResponseReturnValue:
    if "look" in request.form:
        return _hours_page(database, team_id, _entry())
    try:
        change_hours(database, signed_in().id, team_id, _entry(), utc_now())
    except Misread as misread:
        return _hours_page(database, team_id, _entry(), misread)
    return redirect(done, 303)


def _entry() -> Entry:
    form = request.form
    return Entry(
        time_zone=form.get("time_zone", ""),
        week=tuple(form.get(f"day-{day}", "") for day in range(7)),
        country=form.get("country", ""),
        region=form.get("region", ""),
        closed_on=form.get("closed_on", ""),
    )


def _hours_page(
    database: Database, team_id: str | None, entry: Entry | None = None, misread: Misread | None = None
) -> ResponseReturnValue:
    locale, now = signed_in().locale, utc_now()
    with database.reading() as session:
        team = find_team(session, team_id) if team_id else None
        own = calendar_of(session, team_id)
        calendar = own or company_calendar(session)
        teams, with_own = teams_by_name(session), teams_with_own(session)
    entry, kept = entry or entry_of(calendar, locale), hours_of(calendar)
    return _page(
        "hours",
        misread,
        team=team,
        is_own=own is not None,
        teams=teams,
        with_own=with_own,
        entry=entry,
        days=DAYS[locale],
        zones=time_zones(),
        countries=countries(locale),
        regions=regions(entry.country),
        status=status(kept, now, locale),
        is_open=kept.is_open(now),
        holidays=holidays_shown(kept, now, locale),
    )


def _add_targets(blueprint: Blueprint, database: Database) -> None:
    @blueprint.get("/targets")
    def targets() -> ResponseReturnValue:
        return _targets_page(database)

    @blueprint.post("/targets/<uuid:team_id>")
    def change(team_id: UUID) -> ResponseReturnValue:
        typed = _typed()
        try:
            change_targets(database, signed_in().id, str(team_id), typed, utc_now())
        except Misread as misread:
            return _targets_page(database, {str(team_id): typed}, misread)
        return redirect(url_for("planning.targets", done="targets_saved"), 303)


def _typed() -> Typed:
    return {
        priority: {which: request.form.get(f"{which}-{priority}", "") for which in KINDS} for priority in PRIORITIES
    }


def _targets_page(
    database: Database, typed: dict[str, Typed] | None = None, misread: Misread | None = None
) -> ResponseReturnValue:
    with database.reading() as session:
        teams = teams_by_name(session)
        shown = {team.id: targets_shown(session, team.id) for team in teams} | (typed or {})
    names = PRIORITY_NAMES[signed_in().locale]
    return _page("targets", misread, teams=teams, shown=shown, kinds=KINDS, priorities=names)


def _page(name: str, misread: Misread | None, **values: object) -> ResponseReturnValue:
    locale = signed_in().locale
    said = misread.sentence(locale) if misread else None
    done = None if said or request.method == "POST" else DONE[locale].get(request.args.get("done", ""))
    page = staff_page(f"planning/{name}", own=WORDS[locale], said=said, done=done, **values)
    return page, 422 if misread else 200
