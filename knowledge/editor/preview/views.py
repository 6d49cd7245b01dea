"""The doors of the preview: for scripts, and as a page of its own for browsers without; and the search for a link."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from db import utc_now
from knowledge.article_text import ArticleError
from knowledge.articles import Translation
from knowledge.drafts import fields_now, storable
from knowledge.editor.house import House
from knowledge.editor.preview.forms import InEveryForm
from knowledge.editor.preview.marks import shown
from knowledge.editor.preview.previewing import Preview, Previewing
from knowledge.editor.preview.words import WORDS, said
from knowledge.editor.views import editor_page
from knowledge.editor.writing.entering import fields_of_form
from knowledge.help.pages import Pages
from knowledge.help.searching import QUERY_LENGTH, cleaned, search, suggest
from knowledge.help.words import day, short_day
from knowledge.index import ArticleView
from knowledge.locales import known_locale
from staff.people import EDITING
from staff.views import guard, refuse, signed_in

TABS = ("widget", "whatsapp", "sms")
"""Beside the help centre's page."""
FOUND = 8
FEW = 3
"""So many words are half a title rather than a question."""
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
OUTWARDS = re.compile(r'<a (?=[^>]*href="(?!#))')


def make_blueprint(house: House, forms: InEveryForm, company: str) -> Blueprint:
    blueprint = Blueprint("preview", __name__, url_prefix="/editor")
    guard(blueprint, EDITING)
    blueprint.register_error_handler(LookupError, lambda _error: refuse("not_found", 404))
    _add_preview(blueprint, house, Previewing(house.centre, forms), Pages(house.centre, company, house.default_locale))
    _add_search(blueprint, house)
    return blueprint


def _add_preview(blueprint: Blueprint, house: House, previewing: Previewing, pages: Pages) -> None:
    @blueprint.post("/api/preview/<locale>/<path:article_id>")
    def preview(locale: str, article_id: str) -> ResponseReturnValue:
        """With these fields: the page for a frame, and what the other tabs show."""
        sent = request.get_json(silent=True)
        try:
            made = _made(article_id, locale, sent.get("fields") if isinstance(sent, dict) else None)
        except ArticleError as error:
            return jsonify(error=error.said(signed_in().locale)), 422
        tabs = {tab: render_template(f"editor/preview/{tab}.html", **_given(made)) for tab in TABS}
        return jsonify(page=_page(pages, made), tabs=tabs, notices=_notices(made))

    @blueprint.post("/preview/<locale>/<path:article_id>")
    def preview_page(locale: str, article_id: str) -> ResponseReturnValue:
        back = {"of": locale, "id": article_id, "own": WORDS[signed_in().locale]}
        try:
            made = _made(article_id, locale, fields_of_form(request.form))
        except ArticleError as error:
            return editor_page("preview/page", said=error.said(signed_in().locale), made=None, **back), 422
        return editor_page("preview/page", **_given(made) | back, page=_page(pages, made), notices=_notices(made))

    def _made(article_id: str, locale: str, fields: object) -> Preview:
        """Raises LookupError and ArticleError."""
        if not isinstance(fields, Mapping):
            raise ArticleError("The text could not be understood.", "Der Text wurde nicht verstanden.")
        with house.database.reading() as session:
            translation = session.get(Translation, (article_id, locale))
            if translation is None:
                raise LookupError(article_id)
            whole = fields_now(session, translation) | storable(fields)
            return previewing.preview(session, article_id, locale, whole, utc_now())


def _add_search(blueprint: Blueprint, house: House) -> None:
    @blueprint.get("/api/articles")
    def articles() -> ResponseReturnValue:
        """What customers can read and fits some words, best first; without words what changed last."""
        locale = known_locale(request.args.get("locale")) or house.default_locale
        return jsonify([_named(house, one) for one in _found(house, request.args.get("q", ""), locale)[:FOUND]])


def _found(house: House, typed: str, locale: str) -> Sequence[ArticleView]:
    words, catalogue, knowledge = cleaned(typed)[:QUERY_LENGTH], house.centre.catalogue, house.knowledge
    if not words:
        return catalogue.recent(locale, FOUND)
    where = (catalogue, knowledge.embedder, words, locale, knowledge.answered_from)
    results = suggest(*where) if len(words.split()) <= FEW else search(*where).results
    return [result.article for result in results]


def _named(house: House, article: ArticleView) -> dict[str, str]:
    category = house.centre.catalogue.category(article.category).name(article.locale)
    return {"id": article.id, "title": article.title, "category": category}


def _notices(made: Preview) -> list[str]:
    return [said(notice, signed_in().locale) for notice in made.notices]


def _given(made: Preview) -> dict[str, Any]:
    return {"made": made, "own": WORDS[signed_in().locale], "locale": signed_in().locale, "written": shown}


def _page(pages: Pages, made: Preview) -> str:
    """The help centre's own page. It stands in a frame in which nothing runs; its links open elsewhere."""
    values = pages.draft("", made.article, made.page)
    page = render_template("editor/preview/help.html", **values, day=day, short_day=short_day)
    return OUTWARDS.sub('<a target="_blank" rel="noopener" ', SCRIPT.sub("", page))
