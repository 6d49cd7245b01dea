"""The pages of canned replies."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from db import Database, utc_now
from handoff.admin.refused import NotTaken
from handoff.admin.replies.words import DONE, REFUSED, WORDS
from handoff.admin.replies.writing import (
    TEXT_CHARS,
    TITLE_CHARS,
    Entry,
    all_replies,
    delete_reply,
    find_reply,
    write_reply,
)
from staff.admin.listing import teams_by_name
from staff.people import ADMINISTRATION
from staff.views import guard, refuse, signed_in, staff_page
from staff.words import LANGUAGES


def make_blueprint(database: Database) -> Blueprint:
    blueprint = Blueprint("replies", __name__, template_folder="templates", url_prefix="/admin/replies")
    guard(blueprint, ADMINISTRATION)
    blueprint.register_error_handler(LookupError, lambda _error: refuse("not_found", 404))

    @blueprint.get("")
    def replies() -> ResponseReturnValue:
        with database.reading() as session:
            names = {team.id: team.name for team in teams_by_name(session)}
            return _page("list", replies=all_replies(session), names=names)

    @blueprint.get("/new")
    def new() -> ResponseReturnValue:
        return _form(database, "", Entry())

    @blueprint.post("/new")
    def add() -> ResponseReturnValue:
        return _write(database, "")

    @blueprint.get("/edit/<shortcut>")
    def edit(shortcut: str) -> ResponseReturnValue:
        with database.reading() as session:
            entry = find_reply(session, shortcut)
        return _form(database, shortcut, entry)

    @blueprint.post("/edit/<shortcut>")
    def change(shortcut: str) -> ResponseReturnValue:
        return _write(database, shortcut)

    @blueprint.post("/edit/<shortcut>/delete")
    def delete(shortcut: str) -> ResponseReturnValue:
        delete_reply(database, signed_in().id, shortcut, utc_now())
        return redirect(url_for("replies.replies", done="deleted"), 303)

    return blueprint


def _write(database: Database, before: str) -> ResponseReturnValue:
    entry = _entered()
    try:
        write_reply(database, signed_in().id, before, entry, utc_now())
    except NotTaken as refused:
        return _form(database, before, entry, refused)
    return redirect(url_for("replies.replies", done="saved"), 303)


def _entered() -> Entry:
    form = request.form
    titles, texts = ({locale: form.get(f"{name}-{locale}", "") for locale in LANGUAGES} for name in ("title", "text"))
    return Entry(form.get("shortcut", ""), form.get("team", ""), titles, texts)


def _form(database: Database, before: str, entry: Entry, refused: NotTaken | None = None) -> ResponseReturnValue:
    with database.reading() as session:
        teams = teams_by_name(session)
    given = {"before": before, "entry": entry, "teams": teams, "languages": LANGUAGES}
    return _page("one", refused, title_chars=TITLE_CHARS, text_chars=TEXT_CHARS, **given)


def _page(name: str, refused: NotTaken | None = None, **values: object) -> ResponseReturnValue:
    locale = signed_in().locale
    said = REFUSED[locale][refused.reason].format(**refused.values) if refused else None
    done = None if said else DONE[locale].get(request.args.get("done", ""))
    page = staff_page(f"replies/{name}", own=WORDS[locale], said=said, done=done, **values)
    return page, 422 if refused else 200
