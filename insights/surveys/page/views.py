"""The page behind a signed link, in the look of the customer's pages. It works without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from limits import RateLimitItem
from limits.storage import Storage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from db import Database, utc_now
from insights.surveys.bringing import may_bring
from insights.surveys.deciding import is_another_day
from insights.surveys.links import Asked, DeadLink, Links, answer, is_low, say_why
from insights.surveys.page.words import WORDS
from insights.surveys.settings import survey_settings
from insights.surveys.survey import SCALES, Survey
from knowledge.locales import known_locale, preferred_locale

STATIC = Path(__file__).parent / "static"
LONGEST = 2000
TRIES = 10
"""So many times as often as answers are taken something may be sent at all."""


def make_blueprint(
    database: Database, links: Links, counters: Storage, limit: RateLimitItem, default_locale: str
) -> Blueprint:
    """`limit`: how many answers one network address may give to the question of one link."""
    blueprint = Blueprint("survey", __name__, template_folder="templates", url_prefix="/s")
    tries = type(limit)(limit.amount * TRIES, limit.multiples)

    def may_try() -> bool:
        return limiter().hit(tries, "survey-tries", _network())

    def limiter() -> MovingWindowRateLimiter:
        return MovingWindowRateLimiter(counters)  # It holds its counters only weakly.

    @blueprint.get("/<token>")
    def ask(token: str) -> ResponseReturnValue:
        asked = _read(token)
        survey_id = _form_id(token, request.args.get("given", ""))
        return _shown(token, asked, survey_id) if asked else _dead()

    @blueprint.post("/<token>")
    def take(token: str) -> ResponseReturnValue:
        asked = _read(token)
        form_id = _form_id(token, request.form.get("form", ""))
        if asked is None or form_id is None:
            return _dead()
        given = ("survey", asked.survey_id or asked.touchpoint, _network())
        if not may_try() or not limiter().test(limit, *given):
            return _shown(token, asked, said="too_many", status=429)
        if "comment" in request.form:
            survey_id, said = asked.survey_id or form_id, request.form["comment"][:LONGEST]
            say_why(database, survey_id, said, utc_now())
            if request.form.get("then") == "person" and (chat := _chat(survey_id)):
                return redirect(chat, 303)
            return _onward(token, "thanks_comment" if said.strip() else "thanks", request.form["form"])
        try:
            survey = answer(database, asked, form_id, int(request.form.get("score", "")[:3]), utc_now())
        except ValueError:
            return _shown(token, asked, said="choose", status=422)
        limiter().hit(limit, *given)
        with database.reading() as session:
            low = is_low(survey_settings(session), survey) and survey.comment is None
        return _onward(token, "why" if low else "thanks", request.form["form"])

    def _read(token: str) -> Asked | None:
        try:
            with database.reading() as session:
                return links.read(token, session)
        except DeadLink:
            return None

    def _form_id(token: str, form: str) -> str | None:
        try:
            return links.form_id(token, form)
        except DeadLink:
            return None

    def _chat(survey_id: str) -> str:
        """Where they talk to a person about their answer; empty: that is not offered."""
        with database.reading() as session:
            survey = session.get(Survey, survey_id)
            is_offered = survey is not None and may_bring(session, survey, utc_now())
            return links.to_person(survey, _locale(default_locale)) if survey and is_offered else ""

    def _onward(token: str, done: str, form: str = "") -> ResponseReturnValue:
        given = f"&given={form}" if form else ""
        return redirect(f"/s/{token}?locale={_locale(default_locale)}&done={done}{given}", 303)

    def _shown(
        token: str, asked: Asked, survey_id: str | None = None, said: str = "", status: int = 200
    ) -> ResponseReturnValue:
        locale = _locale(default_locale)
        lowest, highest = SCALES[asked.kind]
        with database.reading() as session:
            survey = session.get(Survey, asked.survey_id or survey_id or "")
            words = survey_settings(session).words(asked.kind, is_later=_is_later(session, asked))[locale]
        done = request.args.get("done", "") if request.method == "GET" else ""
        if done not in {"thanks", "why", "thanks_comment"}:
            done = "before" if not said and asked.survey_id and survey and survey.score is not None else ""
        if done == "why" and (survey is None or survey.comment):
            done = "thanks"
        labels = words.labels if len(words.labels) == highest - lowest + 1 else ()
        steps = [(one, labels[one - lowest] if labels else "") for one in range(lowest, highest + 1)]
        given = {
            "chat": _chat(survey.id) if survey and done else "",
            "steps": steps,
            "ends": (words.labels[0], words.labels[-1]),
            "question": words.question,
            "why": WORDS[locale][asked.kind],
            "form": request.args.get("given", "") if done == "why" else links.new_form(token),
            "said": said,
            "done": done,
        }
        return _page("surveys/question.html", locale, **given), status

    def _dead() -> ResponseReturnValue:
        return _page("surveys/dead.html", _locale(default_locale)), 404

    return blueprint


def _page(template: str, locale: str, **given: Any) -> str:
    other = "de" if locale == "en" else "en"
    return render_template(template, locale=locale, words=WORDS[locale], other=other, **given)


def _is_later(session: Session, asked: Asked) -> bool:
    """Whether it is about another day than today, or, asked at a place, about one that nobody knows."""
    if asked.survey_id is None:
        return True
    survey = session.get(Survey, asked.survey_id)
    conversation = session.get(Conversation, survey.conversation_id) if survey and survey.conversation_id else None
    return conversation is not None and is_another_day(session, conversation, utc_now())


def _network() -> str:
    return request.remote_addr or "unknown"


def _locale(default: str) -> str:
    asked = known_locale(request.values.get("locale"))
    return asked or preferred_locale(request.accept_languages.values(), default)
