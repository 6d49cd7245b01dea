"""The list of articles, and what every page of the editor has in common."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from db import utc_now
from knowledge.editor.changing import Report
from knowledge.editor.deeds import MONTHS, NoDeed, do, keys_of
from knowledge.editor.filters import Filter, filter_from
from knowledge.editor.finding import find_articles
from knowledge.editor.house import House
from knowledge.editor.life.words import REFUSED
from knowledge.editor.listing import Page, list_articles
from knowledge.editor.names import editors
from knowledge.editor.shelves import shelf_names
from knowledge.editor.words import LANGUAGE_NAMES, STATES, WORDS
from knowledge.life.refusals import Refused, Stopped
from staff.people import EDITING
from staff.views import guard, signed_in


def make_blueprint(house: House) -> Blueprint:
    blueprint = Blueprint("editor", __name__, template_folder="templates", url_prefix="/editor")
    guard(blueprint, EDITING)

    @blueprint.get("/")
    def articles() -> ResponseReturnValue:
        return _list(house)

    @blueprint.post("/")
    def change() -> ResponseReturnValue:
        """Does one thing to the articles that were selected, and shows the list again with a report."""
        user, words = signed_in(), WORDS[signed_in().locale]
        keys = keys_of(request.form.getlist("key"))
        if not keys:
            return _list(house, said=words["none_selected"]), 422
        deed, tag = request.form.get("deed", ""), request.form.get("change_tag", "")
        try:
            report = do(house, user, keys, deed, tag, words, utc_now())
        except NoDeed:
            return _list(house, said=words["no_deed"]), 422
        except Refused as refused:
            return _list(house, said=refused.said(REFUSED, user.locale), stopped=isinstance(refused, Stopped)), 422
        return _list(house, report=report)

    return blueprint


def editor_page(template: str, **values: Any) -> str:
    """A page of the editor, in the language of whoever is signed in; `template` without `editor/` and `.html`."""
    user = signed_in()
    languages = LANGUAGE_NAMES[user.locale]
    given = {"user": user, "locale": user.locale, "words": WORDS[user.locale], "languages": languages}
    return render_template(f"editor/{template}.html", **given | values)


def _list(house: House, **values: Any) -> str:
    asked, locale = filter_from(request.args), signed_in().locale
    with house.database.reading() as session:
        page = _page(session, house, asked)
        given = {"shelves": shelf_names(session, locale), "editors": editors(session)}
    said = {"states": STATES[locale], "languages": LANGUAGE_NAMES[locale], "months": MONTHS}
    report: Report | None = values.get("report")
    refused = [(key, why.said(REFUSED, locale)) for key, why in report.refused] if report else []
    return editor_page("list", page=page, asked=asked, refused=refused, **given | said | values)


def _page(session: Session, house: House, asked: Filter) -> Page:
    locale = asked.locale or signed_in().locale
    found = find_articles(session, house, asked.q, locale) if asked.q else None
    return list_articles(session, asked, utc_now(), found)
