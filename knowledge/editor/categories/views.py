"""The pages of categories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from db import utc_now
from knowledge.addresses import category_path
from knowledge.arranging import (
    Arranger,
    Follow,
    add,
    all_categories,
    articles_by_category,
    change,
    delete,
    merge,
    order,
    shift,
)
from knowledge.article_text import ArticleError
from knowledge.categories import (
    DESCRIPTION_LENGTH,
    ICONS,
    KEY_LENGTH,
    NAME_LENGTH,
    Category,
    CategoryText,
    stored_categories,
)
from knowledge.editor.categories.words import WORDS
from knowledge.editor.house import House
from knowledge.editor.views import editor_page
from knowledge.editor.words import LANGUAGE_NAMES
from knowledge.locales import LOCALES
from knowledge.redirects import redirects
from staff.people import EDITING
from staff.views import guard, refuse, signed_in

Deed = Callable[[Arranger], None]
STEPS = {"up": -1, "down": 1}


def make_blueprint(house: House, follow: Follow) -> Blueprint:
    """`follow`: what else is kept by the keys of categories."""
    blueprint = Blueprint("categories", __name__, url_prefix="/editor")
    guard(blueprint, EDITING)
    blueprint.register_error_handler(LookupError, lambda _error: refuse("not_found", 404))
    _add_pages(blueprint, house)
    _add_deeds(blueprint, house, follow)
    return blueprint


def _add_pages(blueprint: Blueprint, house: House) -> None:
    @blueprint.get("/categories")
    def categories() -> ResponseReturnValue:
        return _list(house)

    @blueprint.get("/new-category")
    def new() -> ResponseReturnValue:
        return _form("new", Category("", "file-text"))

    @blueprint.get("/categories/<key>")
    def category(key: str) -> ResponseReturnValue:
        return _one(house, key)


def _add_deeds(blueprint: Blueprint, house: House, follow: Follow) -> None:
    def do(deed: Deed) -> None:
        with house.database.transaction() as session:
            deed(Arranger(session, signed_in().id, utc_now(), follow))
        house.knowledge.refresh()

    @blueprint.post("/new-category")
    def make() -> ResponseReturnValue:
        try:
            do(lambda arranger: add(arranger, _entered()))
        except ArticleError as error:
            return _form("new", _entered(), error)
        return _to_list("added")

    @blueprint.post("/categories/<key>")
    def save(key: str) -> ResponseReturnValue:
        try:
            do(lambda arranger: change(arranger, key, _entered()))
        except ArticleError as error:
            return _one(house, key, _entered(), error)
        return redirect(url_for("categories.category", key=_entered().key, done="saved"), 303)

    @blueprint.post("/categories/<key>/<any(up,down):way>")
    def move(key: str, way: str) -> ResponseReturnValue:
        do(lambda arranger: shift(arranger, key, STEPS[way]))
        return redirect(url_for("categories.categories", at=key, _anchor=f"category-{key}"), 303)

    @blueprint.post("/categories/<key>/merge")
    def merge_into(key: str) -> ResponseReturnValue:
        try:
            do(lambda arranger: merge(arranger, key, request.form.get("into", "")))
        except ArticleError as error:
            return _one(house, key, error=error)
        return _to_list("merged")

    @blueprint.post("/categories/<key>/delete")
    def remove(key: str) -> ResponseReturnValue:
        try:
            do(lambda arranger: delete(arranger, key))
        except ArticleError as error:
            return _one(house, key, error=error)
        return _to_list("deleted")

    @blueprint.post("/api/categories/order")
    def put_in_order() -> ResponseReturnValue:
        """The keys in the order in which somebody dragged them."""
        sent = request.get_json(silent=True)
        keys = sent if isinstance(sent, list) and all(isinstance(key, str) for key in sent) else []
        do(lambda arranger: order(arranger, keys))
        return "", 204


def _list(house: House) -> ResponseReturnValue:
    with house.database.reading() as session:
        counts = {key: len(ids) for key, ids in articles_by_category(session).items()}
        found, entries = all_categories(session), [one.key for one in stored_categories(session)]
    return _page("list", categories=found, counts=counts, entries=entries, at=request.args.get("at"))


def _one(
    house: House, key: str, entered: Category | None = None, error: ArticleError | None = None
) -> ResponseReturnValue:
    """Raises LookupError if there is no such category; an old key is none."""
    with house.database.reading() as session:
        known = all_categories(session)
        found = next((one for one in known if one.key == key), None)
        if found is None:
            raise LookupError(key)
        given = {
            "found": found,
            "count": len(articles_by_category(session).get(key, ())),
            "others": [one for one in stored_categories(session) if one.key != key],
            "former": sorted(old for old, new in redirects(session).items() if new == key),
            "address": category_path(signed_in().locale, key),
        }
    return _form("one", entered or found, error, **given)


def _form(template: str, category: Category, error: ArticleError | None = None, **given: Any) -> ResponseReturnValue:
    limits = {"name": NAME_LENGTH, "description": DESCRIPTION_LENGTH, "key": KEY_LENGTH}
    said = error.said(signed_in().locale) if error else None
    page = _page(template, category=category, icons=ICONS, limits=limits, said=said, **given)
    return page, 422 if error else 200


def _page(template: str, **given: Any) -> str:
    locale = signed_in().locale
    done = WORDS[locale].get(f"done_{request.args.get('done', '')}")
    given = {"own": WORDS[locale], "languages": LANGUAGE_NAMES[locale], "done": done} | given
    return editor_page(f"categories/{template}", **given)


def _to_list(done: str) -> ResponseReturnValue:
    return redirect(url_for("categories.categories", done=done), 303)


def _entered() -> Category:
    form = request.form
    texts = {
        locale: CategoryText(form.get(f"name-{locale}", ""), form.get(f"description-{locale}", ""))
        for locale in LOCALES
    }
    return Category(form.get("key", "").strip(), form.get("icon", ""), texts)
