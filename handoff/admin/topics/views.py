"""The page of topics."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from db import Database, utc_now
from handoff.admin.refused import NotTaken
from handoff.admin.topics.ruling import SKILL_CHARS, Entry, all_topics, change_topics, skills_there
from handoff.admin.topics.words import REFUSED, WORDS
from staff.admin.listing import teams_by_name
from staff.people import ADMINISTRATION
from staff.views import guard, signed_in, staff_page


def make_blueprint(database: Database) -> Blueprint:
    blueprint = Blueprint("topics", __name__, template_folder="templates", url_prefix="/admin/topics")
    guard(blueprint, ADMINISTRATION)

    @blueprint.get("")
    def topics() -> ResponseReturnValue:
        return _shown(database)

    @blueprint.post("")
    def change() -> ResponseReturnValue:
        entries, user = _entered(), signed_in()
        try:
            change_topics(database, user.id, entries, user.locale, utc_now())
        except NotTaken as refused:
            return _shown(database, entries, refused)
        return redirect(url_for("topics.topics", done="saved"), 303)

    return blueprint


def _shown(
    database: Database, entered: dict[str, Entry] | None = None, refused: NotTaken | None = None
) -> ResponseReturnValue:
    locale = signed_in().locale
    with database.reading() as session:
        given = {"topics": all_topics(session), "teams": teams_by_name(session), "skills": skills_there(session)}
    said = REFUSED[locale][refused.reason].format(**refused.values) if refused else None
    done = WORDS[locale]["saved"] if not said and request.args.get("done") else None
    given |= {"entered": entered or {}, "skill_chars": SKILL_CHARS, "said": said, "done": done}
    return staff_page("topics/topics", own=WORDS[locale], **given), 422 if refused else 200


def _entered() -> dict[str, Entry]:
    form = request.form
    return {
        topic: Entry(form.get(f"team-{topic}", ""), form.get(f"skill-{topic}", ""), f"people-{topic}" in form)
        for topic in form.getlist("topic")
    }
