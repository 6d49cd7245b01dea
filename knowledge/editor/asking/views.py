"""The doors of Ask it and Must answer: for scripts, and as pages of their own for browsers without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from db import utc_now
from knowledge.article_text import ArticleError, ArticleText
from knowledge.checking import WaiverError, take_back, waive
from knowledge.editor.asking.entered import NotAsked, entered_question, entered_text
from knowledge.editor.asking.explaining import explain
from knowledge.editor.asking.questioning import (
    expectation_of,
    expectations_of,
    is_asked,
    question_all,
    question_live,
)
from knowledge.editor.asking.words import WORDS
from knowledge.editor.house import House
from knowledge.editor.preview.forms import InEveryForm
from knowledge.editor.views import editor_page
from knowledge.editor.writing.entering import fields_of_form
from knowledge.locales import LOCALES
from staff.people import EDITING
from staff.views import guard, refuse, signed_in

Refusal = (ArticleError, NotAsked, WaiverError)


def make_blueprint(house: House, forms: InEveryForm) -> Blueprint:
    blueprint = Blueprint("asking", __name__, url_prefix="/editor")
    guard(blueprint, EDITING)
    blueprint.register_error_handler(LookupError, lambda _error: refuse("not_found", 404))
    _add_doors_of_scripts(blueprint, house, forms)
    _add_pages(blueprint, house, forms)
    _add_waivers(blueprint, house)
    return blueprint


def _add_doors_of_scripts(blueprint: Blueprint, house: House, forms: InEveryForm) -> None:
    for kind in Refusal:
        blueprint.register_error_handler(kind, lambda error: (jsonify(error=_sentence(error)), 422))

    @blueprint.post("/api/ask/<locale>/<path:article_id>")
    def ask(locale: str, article_id: str) -> ResponseReturnValue:
        """Answers a question as the bot would with these fields live; `html` shows it with its reasons."""
        sent = _sent()
        text, asked = _text(house, article_id, locale, sent.get("fields")), entered_question(sent)
        explained = explain(house.knowledge, text, asked, forms, signed_in().locale)
        answer = explained.answer
        named = [source.id for source in answer.sources]
        html = render_template("editor/asking/answer.html", **_words(), asked=explained)
        return jsonify(kind=answer.kind, question=answer.question, articles=named, html=html)

    @blueprint.post("/api/checks/<locale>/<path:article_id>")
    def check(locale: str, article_id: str) -> ResponseReturnValue:
        """Asks all articles their questions with these fields live; `stopping`: how many keep them from it."""
        text = _text(house, article_id, locale, _sent().get("fields"))
        found = question_all(house.knowledge, text, signed_in().locale)
        html = render_template("editor/asking/questions.html", **_words(), found=found, id=article_id, of=locale)
        return jsonify(stopping=found.stopping, asked=found.asked, html=html)


def _add_pages(blueprint: Blueprint, house: House, forms: InEveryForm) -> None:
    @blueprint.post("/ask/<locale>/<path:article_id>")
    def ask_page(locale: str, article_id: str) -> ResponseReturnValue:
        form = request.form
        previous = {"previous_question": form.get("previous_question", "")}
        try:
            text = _text(house, article_id, locale, fields_of_form(form))
            asked = entered_question({"question": form.get("ask_question", "")} | previous)
        except (ArticleError, NotAsked) as error:
            return _page("ask_page", article_id, locale, said=_sentence(error), form=form), 422
        explained = explain(house.knowledge, text, asked, forms, signed_in().locale)
        return _page("ask_page", article_id, locale, asked=explained, form=form)

    @blueprint.post("/checks/<locale>/<path:article_id>")
    def check_page(locale: str, article_id: str) -> ResponseReturnValue:
        try:
            text = _text(house, article_id, locale, fields_of_form(request.form))
        except (ArticleError, NotAsked) as error:
            return _page("check_page", article_id, locale, said=_sentence(error)), 422
        return _checked(house, text)

    @blueprint.get("/checks/<locale>/<path:article_id>")
    def checks(locale: str, article_id: str) -> ResponseReturnValue:
        """What is written by now, after a waiver was given or taken back."""
        try:
            text = _text(house, article_id, locale, {})
        except ArticleError as error:
            return _page("check_page", article_id, locale, said=_sentence(error)), 422
        return _checked(house, text)


def _add_waivers(blueprint: Blueprint, house: House) -> None:
    @blueprint.post("/waivers/<any(give, end):verb>/<locale>/<path:article_id>")
    def change(verb: str, locale: str, article_id: str) -> ResponseReturnValue:
        """`give` or `end`: of the question that the form names, which may be another article's."""
        user, form = signed_in(), request.form
        expectation = expectation_of(form, article_id, locale)
        try:
            with house.database.transaction() as session:
                if verb == "end":
                    take_back(session, expectation, user.id, utc_now())
                elif not is_asked(session, expectation):
                    raise WaiverError("not_asked")
                else:
                    waive(session, expectation, form.get("reason", ""), user.id, utc_now())
        except WaiverError as error:
            if _is_by_script():
                raise
            return _page("check_page", article_id, locale, said=_sentence(error)), 422
        if _is_by_script():
            return jsonify(done=WORDS[user.locale][_done(verb)])
        there = url_for("asking.checks", locale=locale, article_id=article_id, done=_done(verb))
        return redirect(_back(_done(verb)) or there, 303)

    @blueprint.post("/waivers/all")
    def give_all() -> ResponseReturnValue:
        """Of all questions that the form names, with one reason; what nobody asks any more is left out."""
        form, user = request.form, signed_in()
        try:
            with house.database.transaction() as session:
                for expectation in expectations_of(form):
                    if is_asked(session, expectation):
                        waive(session, expectation, form.get("reason", ""), user.id, utc_now())
        except WaiverError as error:
            if _is_by_script():
                raise
            return _live_page(house, said=_sentence(error)), 422
        if _is_by_script():
            return jsonify(done=WORDS[user.locale]["done_all_waived"])
        return redirect(_back("done_all_waived") or url_for("asking.questions", done="done_all_waived"), 303)

    @blueprint.get("/questions")
    def questions() -> ResponseReturnValue:
        """All that is broken among what is live."""
        return _live_page(house, done=WORDS[signed_in().locale].get(request.args.get("done", "")))


def _live_page(house: House, **values: Any) -> str:
    user = signed_in()
    given = {"said": None, "done": None, "found": question_live(house.knowledge, user.locale), "id": "", "of": ""}
    return editor_page("asking/live_page", **given | _words() | values)


def _back(done: str) -> str | None:
    """The page of a review, if the form stood there."""
    named = request.form.get("review", "").split("/", 1)
    if len(named) != 2 or named[0] not in LOCALES or not named[1]:
        return None
    return f"{url_for('life.review', locale=named[0], article_id=named[1])}?questions=1&done={done}#questions"


def _checked(house: House, text: ArticleText) -> ResponseReturnValue:
    found = question_all(house.knowledge, text, signed_in().locale)
    done = WORDS[signed_in().locale].get(request.args.get("done", ""))
    return _page("check_page", text.id, text.locale, found=found, done=done)


def _page(name: str, article_id: str, locale: str, **values: Any) -> str:
    given: dict[str, Any] = {"said": None, "done": None, "asked": None, "found": None, "id": article_id, "of": locale}
    return editor_page(f"asking/{name}", **given | _words() | values)


def _words() -> dict[str, Any]:
    locale = signed_in().locale
    return {"own": WORDS[locale], "locale": locale}


def _text(house: House, article_id: str, locale: str, fields: object) -> ArticleText:
    with house.database.reading() as session:
        return entered_text(session, article_id, locale, fields)


def _sent() -> Mapping[str, Any]:
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise NotAsked("not_understood")
    return sent


def _sentence(error: Exception) -> str:
    locale = signed_in().locale
    if isinstance(error, ArticleError):
        return error.said(locale)
    assert isinstance(error, NotAsked | WaiverError)  # noqa: S101  the others that are handled
    return WORDS[locale][error.reason].format(**getattr(error, "values", {}))


def _done(verb: str) -> str:
    return "done_ended" if verb == "end" else "done_waived"


def _is_by_script() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
