"""The page of surveys."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from db import Database, utc_now
from handoff.admin.refused import NotTaken
from handoff.desk.words import CHANNELS as CHANNEL_NAMES
from insights.surveys.admin.setting import (
    KINDS,
    LABEL_CHARS,
    QUESTION_CHARS,
    Entry,
    add_link,
    change_surveys,
    entry_of,
    remove_link,
)
from insights.surveys.admin.words import REFUSED, WORDS
from insights.surveys.links import Links, qr_code
from insights.surveys.settings import CHANNELS, LIMITS, LOCALES, PLACES, survey_settings
from insights.surveys.survey import SCALES
from insights.surveys.words import AGAIN, LABELS, LATER, QUESTIONS
from staff.people import ADMINISTRATION
from staff.views import guard, signed_in, staff_page
from staff.words import LANGUAGES


def make_blueprint(database: Database, links: Links) -> Blueprint:
    blueprint = Blueprint("surveys", __name__, template_folder="templates", url_prefix="/admin/surveys")
    guard(blueprint, ADMINISTRATION)

    @blueprint.get("")
    def surveys() -> ResponseReturnValue:
        return _shown()

    @blueprint.post("")
    def change() -> ResponseReturnValue:
        entry = _entered()
        try:
            change_surveys(database, signed_in().id, entry, utc_now())
        except NotTaken as refused:
            return _shown(entry, refused)
        return redirect(url_for("surveys.surveys", done="saved"), 303)

    @blueprint.post("/links")
    def add() -> ResponseReturnValue:
        try:
            add_link(database, signed_in().id, request.form.get("name", ""), request.form.get("kind", ""), utc_now())
        except NotTaken as refused:
            return _shown(None, refused)
        return redirect(url_for("surveys.surveys", done="added", _anchor="links"), 303)

    @blueprint.post("/links/remove")
    def remove() -> ResponseReturnValue:
        remove_link(database, signed_in().id, request.form.get("name", ""), utc_now())
        return redirect(url_for("surveys.surveys", done="removed", _anchor="links"), 303)

    def _shown(entry: Entry | None = None, refused: NotTaken | None = None) -> ResponseReturnValue:
        locale = signed_in().locale
        own = WORDS[locale]
        with database.reading() as session:
            settings = survey_settings(session)
        made = {name: (kind, links.to_place(name)) for name, kind in sorted(settings.links.items())}
        done = own.get(request.args.get("done", "")) if not refused else None
        given = {
            "entry": entry or entry_of(settings),
            "limits": LIMITS,
            "places": PLACES,
            "channels": {one: CHANNEL_NAMES[locale][one] for one in CHANNELS},
            "kinds": KINDS,
            "scales": SCALES,
            "languages": {one: LANGUAGES[one] for one in LOCALES},
            "questions": QUESTIONS,
            "later": LATER,
            "again": AGAIN,
            "labels": LABELS,
            "question_chars": QUESTION_CHARS,
            "label_chars": LABEL_CHARS,
            "links": {name: (kind, address, qr_code(address)) for name, (kind, address) in made.items()},
            "said": _sentence(refused, locale) if refused else None,
            "done": done,
        }
        return staff_page("surveys/settings", own=own, **given), 422 if refused else 200

    return blueprint


def _sentence(refused: NotTaken, locale: str) -> str:
    named = {"name": WORDS[locale].get(refused.values.get("name", ""), "")}
    return REFUSED[locale][refused.reason].format(**(refused.values | named))


def _entered() -> Entry:
    form = request.form
    wordings = [f"{kind}:{locale}" for kind in SCALES for locale in LOCALES]
    return Entry(
        {f"{place}:{channel}": form.get(f"kind-{place}-{channel}", "") for place in PLACES for channel in CHANNELS},
        {name: form.get(name, "") for name in LIMITS},
        {name: form.get(f"question-{name}", "") for name in wordings},
        {name: form.get(f"later-{name}", "") for name in wordings},
        {name: form.get(f"again-{name}", "") for name in wordings},
        {name: form.get(f"labels-{name}", "") for name in wordings},
    )
