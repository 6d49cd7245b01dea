"""The page on which it is set by when follow-ups should be closed."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from db import Database, utc_now
from handoff.admin.refused import NotTaken
from insights.follow_ups.admin.setting import LIMITS, change_follow_ups, entry_of
from insights.follow_ups.admin.words import REFUSED, WORDS
from insights.follow_ups.settings import follow_up_settings
from staff.people import ADMINISTRATION
from staff.views import guard, signed_in, staff_page


def make_blueprint(database: Database) -> Blueprint:
    blueprint = Blueprint("follow_up_settings", __name__, template_folder="templates", url_prefix="/admin/follow-ups")
    guard(blueprint, ADMINISTRATION)

    @blueprint.get("")
    def settings() -> ResponseReturnValue:
        with database.reading() as session:
            entry = entry_of(follow_up_settings(session))
        return _shown(entry)

    @blueprint.post("")
    def change() -> ResponseReturnValue:
        entry = {name: request.form.get(name, "") for name in LIMITS}
        try:
            change_follow_ups(database, signed_in().id, entry, utc_now())
        except NotTaken as refused:
            return _shown(entry, refused)
        return redirect(url_for("follow_up_settings.settings", done="saved"), 303)

    return blueprint


def _shown(entry: Mapping[str, str], refused: NotTaken | None = None) -> ResponseReturnValue:
    locale = signed_in().locale
    said = REFUSED[locale][refused.reason].format(**refused.values) if refused else None
    done = WORDS[locale]["saved"] if not said and request.args.get("done") else None
    given = {"own": WORDS[locale], "entry": entry, "limits": LIMITS}
    return staff_page("follow_ups/settings", said=said, done=done, **given), 422 if refused else 200
