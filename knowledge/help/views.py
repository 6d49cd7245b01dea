"""The help centre's pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound

from knowledge.addresses import article_path, category_path, home_path
from knowledge.help.centre import HelpCentre
from knowledge.help.feedback import REASONS
from knowledge.help.pages import Feedback, Pages, Values, moved
from knowledge.help.reading import is_a_person
from knowledge.help.refusals import Refused
from knowledge.help.searching import Results
from knowledge.help.words import WORDS, articles, day, short_day
from knowledge.index import ArticleView
from knowledge.locales import LOCALES, preferred_locale

LOCALE = f"<any({','.join(LOCALES)}):locale>"
FEEDBACK_ID = re.compile(r"[0-9a-f-]{36}")
STATUS = {"too_many": 429, "foreign": 403, "too_late": 410}

OtherErrors = Callable[[HTTPException], ResponseReturnValue]


@dataclass(frozen=True)
class Visitor:
    """What a request says of who sends it and of where we are."""

    public_url: str
    default_locale: str

    @property
    def site(self) -> str:
        """What stands before a path in an absolute address."""
        return self.public_url or request.host_url.rstrip("/")

    @property
    def locale(self) -> str:
        return preferred_locale(request.accept_languages.values(), self.default_locale)

    @property
    def network_address(self) -> str:
        return request.remote_addr or "unknown"

    @property
    def is_person(self) -> bool:
        return request.method == "GET" and is_a_person(request.headers)

    def is_from_us(self) -> bool:
        """Whether a form was sent from a page of ours; a program that is no browser may say nothing."""
        origin = request.headers.get("Origin")
        if origin is None:
            return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        return origin in {request.host_url.rstrip("/"), self.public_url} - {""}


def make_blueprint(
    centre: HelpCentre, company: str, public_url: str, default_locale: str, otherwise: OtherErrors
) -> Blueprint:
    """`otherwise`: answers for what is not there when the asker wants no page."""
    blueprint = Blueprint("help", __name__, template_folder="templates")
    pages, visitor = Pages(centre, company, default_locale), Visitor(public_url, default_locale)

    @blueprint.get("/")
    @blueprint.get("/help/")
    def start() -> ResponseReturnValue:
        response = redirect(home_path(visitor.locale))
        response.headers["Vary"] = "Accept-Language"
        return response

    @blueprint.get(f"/help/{LOCALE}/")
    def home(locale: str) -> ResponseReturnValue:
        return _page("home", pages.home(visitor.site, locale))

    @blueprint.get(f"/help/{LOCALE}/categories/<key>")
    def category(locale: str, key: str) -> ResponseReturnValue:
        shelf = centre.catalogue.shelf(locale, key)
        number = request.args.get("page", 1, type=int)
        if moved_to := centre.catalogue.moved(key):
            return _moved(category_path(locale, moved_to), number)
        if shelf is None:
            abort(404)
        return _page("category", pages.category(visitor.site, locale, shelf, number))

    @blueprint.get(f"/help/{LOCALE}/articles/<path:article_id>")
    def article(locale: str, article_id: str) -> ResponseReturnValue:
        found = centre.article(article_id, locale)
        if found is None:
            return _not_live(article_id, locale)
        given = _feedback_shown(request.args.get("feedback", ""))
        response = Response(_page("article", pages.article(visitor.site, found, given, request.args.get("from", ""))))
        if visitor.is_person and given.state == "ask":
            address = visitor.network_address  # The request is over when the response is closed.
            response.call_on_close(lambda: centre.count_read(found, address))
        return response

    @blueprint.post(f"/help/{LOCALE}/feedback/<path:article_id>")
    def feedback(locale: str, article_id: str) -> ResponseReturnValue:
        found = centre.article(article_id, locale)
        if found is None:
            return _not_live(article_id, locale)
        try:
            if not visitor.is_from_us():
                raise Refused("foreign")
            shown = _taken(found)
        except Refused as refused:
            return _page("article", pages.article(visitor.site, found, _feedback_again(refused))), STATUS.get(
                refused.reason, 400
            )
        return redirect(f"{found.url}?feedback={shown}#feedback", 303)

    def _taken(found: ArticleView) -> str:
        """Stores what a form says; what the page shows then."""
        form, address = request.form, visitor.network_address
        if feedback_id := form.get("id", ""):
            centre.explain_feedback(feedback_id, form.get("reason", ""), form.get("comment", ""), address)
            return "told"
        helped = form.get("helped")
        if helped not in ("yes", "no"):
            abort(400)
        given = centre.give_feedback(found, helped == "yes", address)
        return "thanks" if helped == "yes" else given

    @blueprint.get(f"/help/{LOCALE}/search")
    def search(locale: str) -> ResponseReturnValue:
        query, origin = request.args.get("q", ""), request.args.get("from", "")
        try:
            results = centre.search(query, locale, origin, visitor.network_address, visitor.is_person)
        except Refused as refused:
            page = pages.search(visitor.site, locale, Results("empty", ""), WORDS[locale][refused.reason])
            return _page("search", page), STATUS[refused.reason]
        return _page("search", pages.search(visitor.site, locale, results))

    @blueprint.get(f"/help/{LOCALE}/<path:article_id>")
    def old_address(locale: str, article_id: str) -> ResponseReturnValue:
        if centre.article(article_id, locale) is None and not centre.other_languages(article_id, locale):
            abort(404)
        return redirect(article_path(locale, article_id), 301)

    @blueprint.app_errorhandler(404)
    def not_found(error: NotFound) -> ResponseReturnValue:
        if moved_to := centre.catalogue.at_alias(request.path):
            return redirect(moved_to.url, 301)
        if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
            return otherwise(error)
        return _page("missing", pages.missing(visitor.site, _locale_of_path() or visitor.locale)), 404

    def _not_live(article_id: str, locale: str) -> ResponseReturnValue:
        for other in centre.other_languages(article_id, locale):
            return redirect(moved(other, locale), 302)
        if not centre.was_withdrawn(article_id, locale):
            abort(404)
        return _page("gone", pages.gone(visitor.site, locale, article_id)), 410

    return blueprint


def _page(name: str, values: Values) -> str:
    return render_template(f"help/{name}.html", **values, day=day, short_day=short_day, count_of=articles)


def _moved(path: str, number: int) -> ResponseReturnValue:
    """For good; but a browser asks again each time, because a key may be given back to a category that had it."""
    response = redirect(path + (f"?page={number}" if number > 1 else ""), 301)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _locale_of_path() -> str | None:
    parts: Sequence[str] = urlsplit(request.path).path.split("/")
    return parts[2] if parts[1:2] == ["help"] and parts[2:3] and parts[2] in LOCALES else None


def _feedback_shown(said: str) -> Feedback:
    """What the address of a page says that was sent after a form."""
    if said in ("thanks", "told"):
        return Feedback("thanks_yes" if said == "thanks" else "thanks_no")
    return Feedback("why", id=said) if FEEDBACK_ID.fullmatch(said) else Feedback()


def _feedback_again(refused: Refused) -> Feedback:
    """The form as it was filled in, with what is wrong."""
    form = request.form
    reason = form.get("reason", "") if form.get("reason") in REASONS else ""
    given = _feedback_shown(form.get("id", ""))
    return Feedback(given.state, given.id, refused.reason, reason, form.get("comment", ""))
