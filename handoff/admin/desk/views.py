"""The page of the desk's settings."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from db import Database, utc_now
from handoff.admin.desk.setting import CLOSED_CHARS, LIMITS, Entry, change_desk, entry_of
from handoff.admin.desk.words import REFUSED, WORDS
from handoff.admin.refused import NotTaken
from handoff.desk_settings import desk_settings
from handoff.words import WORDS as SAID
from staff.people import ADMINISTRATION
from staff.views import guard, signed_in, staff_page
from staff.words import LANGUAGES


def make_blueprint(database: Database) -> Blueprint:
    blueprint = Blueprint("desk_settings", __name__, template_folder="templates", url_prefix="/admin/desk")
    guard(blueprint, ADMINISTRATION)

    @blueprint.get("")
    def settings() -> ResponseReturnValue:
        with database.reading() as session:
            entry = entry_of(desk_settings(session))
        return _shown(entry)

    @blueprint.post("")
    def change() -> ResponseReturnValue:
        entry = _entered()
        try:
            change_desk(database, signed_in().id, entry, utc_now())
        except NotTaken as refused:
            return _shown(entry, refused)
        return redirect(url_for("desk_settings.settings", done="saved"), 303)

    return blueprint


def _shown(entry: Entry, refused: NotTaken | None = None) -> ResponseReturnValue:
    locale = signed_in().locale
    said = REFUSED[locale][refused.reason].format(**refused.values) if refused else None
    done = WORDS[locale]["saved"] if not said and request.args.get("done") else None
    given = {"entry": entry, "limits": LIMITS, "closed_chars": CLOSED_CHARS, "first": _said_first()}
    return staff_page("desk/settings", own=WORDS[locale], said=said, done=done, **given), 422 if refused else 200


def _said_first() -> dict[str, str]:
    """By language, an example of what is said before the company's own sentence."""
    return {
        locale: words["closed_until"].format(when=words["tomorrow"].format(time="9:00"))
        for locale, words in SAID.items()
    }


def _entered() -> Entry:
    form = request.form
    closed = {locale: form.get(f"closed-{locale}", "") for locale in LANGUAGES}
    return Entry(closed, {name: form.get(name, "") for name in LIMITS})
