"""The page on which an article is written, and what its scripts keep while somebody writes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from db import utc_now
from knowledge.article_text import SHORT_ANSWER_LENGTH, TITLE_LENGTH, ArticleError
from knowledge.articles import Translation
from knowledge.drafts import Conflict, Seen, save_draft
from knowledge.editor.house import House
from knowledge.editor.names import names_of
from knowledge.editor.shelves import shelf_names
from knowledge.editor.views import editor_page
from knowledge.editor.words import FIELD_NAMES, LANGUAGE_NAMES, STATES, WORDS
from knowledge.editor.writing.beginning import begin_article, begin_translation
from knowledge.editor.writing.entering import fields_of_form, shown
from knowledge.editor.writing.merging import chosen_fields, what_differs
from knowledge.editor.writing.opening import Opened, open_article, problem_of
from knowledge.editor.writing.visits import Colleague, colleagues, leave, visit
from knowledge.locales import LOCALES
from staff.people import EDITING
from staff.views import guard, refuse, signed_in


class NotUnderstood(Exception):
    """What a script sent has another form."""


def make_blueprint(house: House) -> Blueprint:
    blueprint = Blueprint("writing", __name__, url_prefix="/editor")
    guard(blueprint, EDITING)
    blueprint.register_error_handler(LookupError, lambda _error: refuse("not_found", 404))
    _add_pages(blueprint, house)
    _add_beginnings(blueprint, house)
    _add_doors_of_scripts(blueprint, house)
    return blueprint


def _add_pages(blueprint: Blueprint, house: House) -> None:
    @blueprint.get("/articles/<locale>/<path:article_id>")
    def article(locale: str, article_id: str) -> ResponseReturnValue:
        return _shown(house, article_id, locale)

    @blueprint.post("/articles/<locale>/<path:article_id>")
    def save(locale: str, article_id: str) -> ResponseReturnValue:
        fields = chosen_fields(request.form) or fields_of_form(request.form)
        try:
            with house.database.transaction() as session:
                _save(session, article_id, locale, fields, _seen_of_form())
        except Conflict as conflict:
            return _compared(house, article_id, locale, conflict, fields)
        except ArticleError as error:
            return _shown(house, article_id, locale, fields, error)
        return redirect(url_for("writing.article", locale=locale, article_id=article_id, done="saved"), 303)


def _add_beginnings(blueprint: Blueprint, house: House) -> None:
    @blueprint.get("/new")
    def new() -> ResponseReturnValue:
        return _new(house)

    @blueprint.post("/new")
    def begin() -> ResponseReturnValue:
        form, user = request.form, signed_in()
        locale, original = form.get("locale", ""), form.get("of", "")
        try:
            with house.database.transaction() as session:
                if original:
                    begin_translation(session, original, locale, user.id, utc_now())
                else:
                    given = (form.get("title", ""), locale, form.get("id", ""))
                    original = begin_article(session, *given, user.id, utc_now())
        except ArticleError as error:
            return _new(house, error)
        anchor = "reference" if form.get("of") else None
        return redirect(url_for("writing.article", locale=locale, article_id=original, _anchor=anchor), 303)


def _add_doors_of_scripts(blueprint: Blueprint, house: House) -> None:
    blueprint.register_error_handler(NotUnderstood, lambda _error: _refused("not_understood"))

    @blueprint.put("/api/drafts/<locale>/<path:article_id>")
    def keep(locale: str, article_id: str) -> ResponseReturnValue:
        """Keeps what is written: the fields that changed, by whoever had seen what stands there."""
        fields, seen = _sent()
        try:
            with house.database.transaction() as session:
                draft = _save(session, article_id, locale, fields, seen)
                problem = problem_of(draft)
        except Conflict as conflict:
            return jsonify(theirs=dict(conflict.theirs), seen=_seen(conflict.seen), by=_name(house, conflict)), 409
        except ArticleError as error:
            return jsonify(error=error.said(signed_in().locale)), 422
        said = problem.said(signed_in().locale) if problem else None
        kept = Seen(draft.base_revision_id, draft.version)
        return jsonify(seen=_seen(kept), saved_at=draft.saved_at.isoformat(), problem=said, stage=draft.stage)

    @blueprint.post("/api/visits/<locale>/<path:article_id>")
    def be_here(locale: str, article_id: str) -> ResponseReturnValue:
        """Says that the page is open, or no more; who else has it open, and what stands there now."""
        user = signed_in()
        with house.database.transaction() as session:
            opened = open_article(session, article_id, locale)
            if request.args.get("leaving"):
                leave(session, article_id, locale, user.id)
            else:
                visit(session, article_id, locale, user.id, utc_now())
            others = colleagues(session, article_id, locale, user.id, utc_now())
        return jsonify(others=[_colleague(one) for one in others], seen=_seen(opened.seen))


def _save(session: Session, article_id: str, locale: str, fields: dict[str, Any], seen: Seen) -> Any:
    if session.get(Translation, (article_id, locale)) is None:
        raise LookupError(article_id)
    return save_draft(session, article_id, locale, fields, seen, now=utc_now(), user_id=signed_in().id)


def _shown(
    house: House, article_id: str, locale: str, entered: dict[str, Any] | None = None, error: ArticleError | None = None
) -> ResponseReturnValue:
    user, now = signed_in(), utc_now()
    with house.database.reading() as session:
        opened = open_article(session, article_id, locale)
        others = colleagues(session, article_id, locale, user.id, now)
        given = {
            "shelves": shelf_names(session, user.locale),
            "panels": [(panel, panel.given(session, user, article_id, locale)) for panel in house.panels],
            "others": others,
        }
    fields = {name: shown(name, value) for name, value in (dict(opened.fields) | (entered or {})).items()}
    said = error.said(user.locale) if error else None
    page = editor_page("article", opened=opened, fields=fields, said=said, **given, **_facts(opened, now))
    return page, 422 if error else 200


def _facts(opened: Opened, now: datetime) -> dict[str, Any]:
    """What the page knows beside the article."""
    locale = signed_in().locale
    done = WORDS[locale].get(f"done_{request.args.get('done', '')}")
    return {
        "states": STATES[locale],
        "names": FIELD_NAMES[locale],
        "languages": LANGUAGE_NAMES[locale],
        "missing": [one for one in LOCALES if one not in opened.locales],
        "title_length": TITLE_LENGTH,
        "short_answer_length": SHORT_ANSWER_LENGTH,
        "done": done,
        "now": now,
    }


def _compared(
    house: House, article_id: str, locale: str, conflict: Conflict, mine: dict[str, Any]
) -> ResponseReturnValue:
    found = what_differs(conflict.theirs, mine)
    given = {"id": article_id, "article_locale": locale, "seen": conflict.seen, "by": _name(house, conflict)}
    names = FIELD_NAMES[signed_in().locale]
    return editor_page("compare", differences=found, title=conflict.theirs["title"], names=names, **given), 409


def _new(house: House, error: ArticleError | None = None) -> ResponseReturnValue:
    form = request.form if error else request.args
    original = form.get("of", "")
    with house.database.reading() as session:
        locales = session.query(Translation.locale).filter_by(article_id=original).all() if original else []
    taken = {locale for (locale,) in locales}
    if original and not taken:
        raise LookupError(original)
    languages = {key: name for key, name in LANGUAGE_NAMES[signed_in().locale].items() if key not in taken}
    said = error.said(signed_in().locale) if error else None
    chosen = form.get("locale") or house.default_locale
    page = editor_page("new", form=form, original=original, languages=languages, chosen=chosen, said=said)
    return page, 422 if error else 200


def _sent() -> tuple[dict[str, Any], Seen]:
    sent = request.get_json(silent=True)
    fields, seen = (sent.get("fields"), sent.get("seen")) if isinstance(sent, dict) else (None, None)
    if not isinstance(fields, dict) or not isinstance(seen, dict):
        raise NotUnderstood
    revision_id, version = seen.get("revision_id"), seen.get("version")
    if not isinstance(revision_id, int | None) or not isinstance(version, int):
        raise NotUnderstood
    return fields, Seen(revision_id, version)


def _seen_of_form() -> Seen:
    form = request.form
    return Seen(form.get("seen_revision", type=int), form.get("seen_version", 0, type=int))


def _seen(seen: Seen) -> dict[str, int | None]:
    return {"revision_id": seen.revision_id, "version": seen.version}


def _name(house: House, conflict: Conflict) -> str | None:
    with house.database.reading() as session:
        return names_of(session, [conflict.saved_by]).get(conflict.saved_by or "")


def _colleague(one: Colleague) -> dict[str, Any]:
    return {"name": one.name, "here": one.is_here, "saved_at": one.saved_at and one.saved_at.isoformat()}


def _refused(reason: str) -> ResponseReturnValue:
    return jsonify(error=WORDS[signed_in().locale][reason]), 400
