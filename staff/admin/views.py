"""The pages of the administration: staff, teams and the audit log."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from db import Database, utc_now
from staff.admin import employing, teaming
from staff.admin.listing import Filters, Member, actions_kept, all_staff, all_teams, audit_page, teams_by_name
from staff.links import link_path
from staff.people import ADMINISTRATION, ROLES, User
from staff.refusals import Refused
from staff.teams import Team
from staff.views import gate, guard, refuse, signed_in, staff_page
from staff.words import ACTIONS, DONE

LAST_PAGE = 10_000
FILTERS = ("person", "action", "since", "until")


def make_blueprint(database: Database) -> Blueprint:
    blueprint = Blueprint("admin", __name__, template_folder="../templates", url_prefix="/admin")
    guard(blueprint, ADMINISTRATION)
    blueprint.register_error_handler(LookupError, lambda _error: refuse("not_found", 404))

    @blueprint.get("/")
    def start() -> ResponseReturnValue:
        return redirect(url_for("admin.staff"))

    _add_staff_pages(blueprint, database)
    _add_team_pages(blueprint, database)
    _add_audit_page(blueprint, database)
    return blueprint


def _add_staff_pages(blueprint: Blueprint, database: Database) -> None:
    @blueprint.get("/staff")
    def staff() -> ResponseReturnValue:
        with database.reading() as session:
            return _page("staff", people=all_staff(session))

    @blueprint.get("/staff/new")
    def new_person() -> ResponseReturnValue:
        return _person_page(None)

    @blueprint.post("/staff/new")
    def add_person() -> ResponseReturnValue:
        try:
            user, token = employing.add_person(
                database, signed_in().id, request.form.get("email", ""), _entry(), utc_now()
            )
        except Refused as refused:
            return _person_page(None, refused)
        return _page("link", person=user, link=gate().address(link_path(token)), is_new=True)

    @blueprint.get("/staff/<uuid:user_id>")
    def person(user_id: UUID) -> ResponseReturnValue:
        return _person_page(_member(user_id))

    @blueprint.post("/staff/<uuid:user_id>")
    def change_person(user_id: UUID) -> ResponseReturnValue:
        member = _member(user_id)
        try:
            employing.change_person(database, signed_in().id, str(user_id), _entry(), utc_now())
        except Refused as refused:
            return _person_page(member, refused)
        return redirect(url_for("admin.person", user_id=user_id, done="saved"), 303)

    @blueprint.post("/staff/<uuid:user_id>/link")
    def make_link(user_id: UUID) -> ResponseReturnValue:
        member = _member(user_id)
        try:
            token = employing.give_link(database, signed_in().id, str(user_id), utc_now())
        except Refused as refused:
            return _person_page(member, refused)
        return _page("link", person=member.user, link=gate().address(link_path(token)), is_new=False)

    @blueprint.post("/staff/<uuid:user_id>/<any(deactivate, reactivate, end_sessions, end_second_factor):deed>")
    def act(user_id: UUID, deed: str) -> ResponseReturnValue:
        member = _member(user_id)
        try:
            DEEDS[deed](database, signed_in().id, str(user_id), utc_now())
        except Refused as refused:
            return _person_page(member, refused)
        return redirect(url_for("admin.person", user_id=user_id, done=deed), 303)

    def _member(user_id: UUID) -> Member:
        with database.reading() as session:
            found = [member for member in all_staff(session) if member.user.id == str(user_id)]
        return found[0] if found else abort(404)

    def _person_page(member: Member | None, refused: Refused | None = None) -> ResponseReturnValue:
        with database.reading() as session:
            teams = teams_by_name(session)
        entry = _entry() if refused and "name" in request.form else _entry_of(member)
        return _page(
            "person",
            refused,
            person=member.user if member else None,
            email=request.form.get("email", ""),
            entry=entry,
            teams=teams,
            all_roles=ROLES,
            channels=employing.CHANNELS,
        )


DEEDS = {
    "deactivate": employing.deactivate,
    "reactivate": employing.reactivate,
    "end_sessions": employing.end_all_sessions,
    "end_second_factor": employing.end_second_factor,
}


def _entry() -> employing.Entry:
    form = request.form
    return employing.Entry(
        name=form.get("name", ""),
        role=form.get("role", ""),
        locale=form.get("locale", ""),
        languages=tuple(form.getlist("languages")),
        skills=form.get("skills", ""),
        capacity=tuple(form.get(f"capacity-{channel}", "") for channel in employing.CHANNELS),
        team_ids=tuple(form.getlist("teams")),
    )


def _entry_of(member: Member | None) -> employing.Entry:
    if member is None:
        return employing.Entry(name="", role="agent", locale=signed_in().locale)
    user: User = member.user
    return employing.Entry(
        name=user.name,
        role=user.role,
        locale=user.locale,
        languages=tuple(user.languages),
        skills=", ".join(user.skills),
        capacity=tuple(str(user.capacity.get(channel, "")) for channel in employing.CHANNELS),
        team_ids=tuple(team.id for team in member.teams),
    )


def _add_team_pages(blueprint: Blueprint, database: Database) -> None:
    @blueprint.get("/teams")
    def teams() -> ResponseReturnValue:
        return _teams_page()

    @blueprint.post("/teams")
    def add_team() -> ResponseReturnValue:
        try:
            team = teaming.add_team(database, signed_in().id, request.form.get("name", ""), utc_now())
        except Refused as refused:
            return _teams_page(refused)
        return redirect(url_for("admin.team", team_id=team.id, done="team_added"), 303)

    @blueprint.get("/teams/<uuid:team_id>")
    def team(team_id: UUID) -> ResponseReturnValue:
        return _team_page(team_id)

    @blueprint.post("/teams/<uuid:team_id>")
    def change_team(team_id: UUID) -> ResponseReturnValue:
        form = request.form
        try:
            teaming.change_team(
                database,
                signed_in().id,
                str(team_id),
                form.get("name", ""),
                assigns="assigns" in form,
                members=tuple(form.getlist("members")),
                now=utc_now(),
            )
        except Refused as refused:
            return _team_page(team_id, refused)
        return redirect(url_for("admin.team", team_id=team_id, done="saved"), 303)

    @blueprint.post("/teams/<uuid:team_id>/default")
    def choose_default(team_id: UUID) -> ResponseReturnValue:
        teaming.make_default(database, signed_in().id, str(team_id), utc_now())
        return redirect(url_for("admin.team", team_id=team_id, done="saved"), 303)

    @blueprint.post("/teams/<uuid:team_id>/delete")
    def delete_team(team_id: UUID) -> ResponseReturnValue:
        try:
            teaming.delete_team(database, signed_in().id, str(team_id), utc_now())
        except Refused as refused:
            return _team_page(team_id, refused)
        return redirect(url_for("admin.teams", done="team_deleted"), 303)

    def _teams_page(refused: Refused | None = None) -> ResponseReturnValue:
        with database.reading() as session:
            return _page("teams", refused, teams=all_teams(session), entered=request.form)

    def _team_page(team_id: UUID, refused: Refused | None = None) -> ResponseReturnValue:
        with database.reading() as session:
            team = session.get(Team, str(team_id)) or abort(404)
            people = [member.user for member in all_staff(session) if member.user.is_active]
            return _page("team", refused, team=team, people=people, members=teaming.members_of(session, team.id))


def _add_audit_page(blueprint: Blueprint, database: Database) -> None:
    @blueprint.get("/audit")
    def audit() -> ResponseReturnValue:
        number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
        with database.reading() as session:
            people, actions = all_staff(session), actions_kept(session)
            filters = _filters({member.user.id for member in people}, actions)
            log = audit_page(session, filters, number)
        words = ACTIONS[signed_in().locale]
        query = {name: value for name, value in request.args.items() if name in FILTERS}
        return _page("audit", log=log, filters=filters, query=query, people=people, actions=actions, action_words=words)


def _filters(user_ids: set[str], actions: list[str]) -> Filters:
    """What the address of the page asks for; what makes no sense is left out."""
    user_id, action = request.args.get("person", ""), request.args.get("action", "")
    return Filters(
        user_id=user_id if user_id in user_ids else "",
        action=action if action in actions else "",
        since=request.args.get("since", type=date.fromisoformat),
        until=request.args.get("until", type=date.fromisoformat),
    )


def _page(name: str, refused: Refused | None = None, **values: object) -> ResponseReturnValue:
    locale = signed_in().locale
    said = refused.sentence(locale) if refused else None
    done = None if said else DONE[locale].get(request.args.get("done", ""))
    return staff_page(f"admin/{name}", said=said, done=done, **values), 422 if refused else 200
