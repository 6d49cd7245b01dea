"""The pages of figures: read from facts, filtered by the address, and led down to the conversations behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from db import Database, utc_now
from handoff.hours import load_hours
from insights.facts.columns import Facts
from insights.facts.store import FactStore
from insights.follow_ups.annex import PATH as FOLLOW_UPS_PAGE
from insights.numbers.all import NUMBERS
from insights.numbers.answers import ANSWER_RATE, HANDOFF_BY_REASON, HANDOFF_RATE, SELF_SERVICE, UNKNOWN, WRONG
from insights.numbers.effort import CES, CSAT, EASE, NPS, RESPONSE, SATISFACTION
from insights.numbers.following_up import AGAIN, FOLLOW_UPS, IN_TIME, REACHED
from insights.numbers.matters import CONVERSATIONS, is_matter
from insights.numbers.outcome import FIRST_CONTACT, REOPENED, RESOLUTION_TIME, RESOLVED, SWITCHED
from insights.numbers.waiting import FIRST_REPLY, FIRST_REPLY_CLOCK, LEFT_QUEUE, MISSED, QUEUE_TIME, UNREPLIED
from insights.pages import saying
from insights.pages.asked import BY_HAND, CHANNELS, FILTERS, PERIODS, Asked, asked_in
from insights.pages.by_link import by_link
from insights.pages.called import Names, names
from insights.pages.comments import comments, comments_of, newest
from insights.pages.exporting import articles_csv, conversations_csv, figures_csv, searches_csv
from insights.pages.figures import MOST_GROUPS, MOST_OF_ALL, View, card, cards, distribution, entries, trend, view
from insights.pages.known import MOST_ARTICLES, MOST_SEARCHES, in_vain, unanswered, used
from insights.pages.listing import chosen, first_words, listed
from insights.pages.live import look
from insights.pages.words import WORDS, cases
from knowledge.locales import LANGUAGES
from staff.guard import Place, places_for
from staff.people import EDITING, EVERY_TEAM
from staff.views import guard, signed_in

PLACES = (
    Place("/insights/overview", {"en": "Overview", "de": "Überblick"}, EVERY_TEAM, "chart-line"),
    Place("/insights/now", {"en": "Now", "de": "Jetzt"}, EVERY_TEAM, "clock"),
    Place("/insights/effort", {"en": "Effort", "de": "Aufwand"}, EVERY_TEAM, "heart"),
    Place("/insights/comments", {"en": "Comments", "de": "Kommentare"}, EVERY_TEAM, "text-quote"),
    Place("/insights/self-service", {"en": "Self-service", "de": "Selbst geholfen"}, EVERY_TEAM, "bot"),
    Place("/insights/people", {"en": "People", "de": "Menschen"}, EVERY_TEAM, "users"),
    Place("/insights/knowledge", {"en": "Knowledge", "de": "Wissen"}, EDITING, "book-open"),
    Place("/insights/definitions", {"en": "Definitions", "de": "Definitionen"}, EDITING, "info"),
)
"""The pages of figures, in the order of their navigation."""
OVERVIEW = (
    CONVERSATIONS, CES, SELF_SERVICE, RESOLVED, FIRST_CONTACT, RESOLUTION_TIME, FIRST_REPLY, HANDOFF_RATE, CSAT, NPS,
)  # fmt: skip
EFFORT = (CES, EASE, RESPONSE, CSAT, SATISFACTION, NPS, FOLLOW_UPS, IN_TIME, REACHED, AGAIN)
SERVICE = (SELF_SERVICE, ANSWER_RATE, UNKNOWN, WRONG, HANDOFF_RATE, FIRST_CONTACT, RESOLVED, SWITCHED)
PEOPLE = (FIRST_REPLY, FIRST_REPLY_CLOCK, QUEUE_TIME, LEFT_QUEUE, UNREPLIED, RESOLUTION_TIME, MISSED, REOPENED)
LISTS = ("comments", "conversations")
"""Pages that compare nothing with the period before."""
SCORES = range(1, 8)
CSV = "text/csv"


@dataclass(frozen=True)
class Room:
    """What the pages are read from."""

    database: Database
    store: FactStore
    clock: Callable[[], datetime] = utc_now


def make_blueprint(room: Room) -> Blueprint:
    """For those who see the conversations of all teams."""
    blueprint = Blueprint("insights", __name__, template_folder="templates", url_prefix="/insights")
    guard(blueprint, EVERY_TEAM)
    _shorten(blueprint, room)
    _add_now(blueprint, room)
    _add_figures(blueprint, room)
    _add_comments(blueprint, room)
    _add_conversations(blueprint, room)
    return blueprint


def make_open_blueprint(room: Room) -> Blueprint:
    """For those who write articles, too: nothing of a single conversation stands there but the question."""
    blueprint = Blueprint("insights_open", __name__, template_folder="templates", url_prefix="/insights")
    guard(blueprint, EDITING)
    _shorten(blueprint, room)

    @blueprint.get("/")
    def start() -> ResponseReturnValue:
        return redirect(places_for(PLACES, signed_in())[0].path)

    @blueprint.get("/definitions")
    def definitions() -> ResponseReturnValue:
        with room.database.reading() as session:
            asked = _asked(session, room)
        return _page("definitions", asked, numbers=NUMBERS)

    @blueprint.get("/knowledge")
    def knowledge() -> ResponseReturnValue:
        with room.database.reading() as session:
            # Reads and searches are of no channel, team or topic.
            seen, called = _seen(session, room, only=("locale",))
            locale = seen.asked.chosen.get("locale", "")
            articles = used(session, seen.asked.period, locale)
            questions, are_all = unanswered(session, seen.facts)
            searches, count = in_vain(session, seen.asked, _most("searches", MOST_SEARCHES))
            asked = _asked(session, room)
        after = {
            (article, of): card(seen, CES, some, article=article, locale=of)
            for article, facts in seen.facts.by("article_id").items()
            for of, some in facts.by("locale").items()
            if article and of
        }
        shown, words = cards(seen, (ANSWER_RATE, UNKNOWN, WRONG)), WORDS[seen.locale]
        given = {
            "used": articles[: _most("articles", MOST_ARTICLES)],
            "used_rest": _rest("articles", words["articles_by_use"], len(articles), MOST_ARTICLES),
            "unanswered": questions,
            "are_all": are_all,
            "in_vain": searches,
            "in_vain_rest": _rest("searches", words["in_vain"], count, MOST_SEARCHES),
        }
        return _page("knowledge", asked, called, cards=shown, after=after, **given)

    @blueprint.get("/articles.csv")
    def all_articles() -> ResponseReturnValue:
        with room.database.reading() as session:
            seen, _called = _seen(session, room, only=("locale",))
            found = used(session, seen.asked.period, seen.asked.chosen.get("locale", ""))
        return _csv(articles_csv(found, seen), "articles", seen.asked)

    @blueprint.get("/searches.csv")
    def all_searches() -> ResponseReturnValue:
        with room.database.reading() as session:
            asked = _asked(session, room)
            found, _count = in_vain(session, asked)
        return _csv(searches_csv(found), "searches", asked)

    return blueprint


def _add_now(blueprint: Blueprint, room: Room) -> None:
    @blueprint.get("/now")
    def now() -> ResponseReturnValue:
        at = room.clock()
        with room.database.reading() as session:
            asked, standing = _asked(session, room), look(session, at)
        time = saying.moment(at.timestamp(), asked.period.zone, signed_in().locale)
        return _page("now", asked, standing=standing, time=time, follow_ups=FOLLOW_UPS_PAGE)


def _add_figures(blueprint: Blueprint, room: Room) -> None:
    @blueprint.get("/overview")
    def overview() -> ResponseReturnValue:
        with room.database.reading() as session:
            seen, called = _seen(session, room)
        charts = [trend(seen, number) for number in (CONVERSATIONS, CES, SELF_SERVICE, FIRST_REPLY)]
        return _page("overview", seen.asked, called, cards=cards(seen, OVERVIEW), charts=charts, count=len(seen.facts))

    @blueprint.get("/effort")
    def effort() -> ResponseReturnValue:
        with room.database.reading() as session:
            seen, called = _seen(session, room)
            links, said = by_link(session, seen.asked.period), newest(session, seen.asked, seen.locale)
        tables = [
            _table(seen, called, "topic", "by_topic", (CES, EASE), "effort"),
            _table(seen, called, "channel", "by_channel", (CES, EASE), "effort"),
            _table(seen, called, "locale", "by_language", (CES, EASE), "effort"),
            _table(seen, called, "team", "by_team", (CES, EASE), "effort"),
            _table(seen, called, "article", "by_article", (CES, EASE), "effort"),
            _table(seen, called, "cause", "by_cause", (FOLLOW_UPS, CES, AGAIN), "effort"),
        ]
        charts = [distribution(seen, CES, SCORES), trend(seen, CES)]
        given = {"charts": charts, "tables": tables, "links": links, "newest": said, "count": len(seen.facts)}
        return _page("effort", seen.asked, called, cards=cards(seen, EFFORT), **given)

    @blueprint.get("/self-service")
    def self_service() -> ResponseReturnValue:
        with room.database.reading() as session:
            seen, called = _seen(session, room)
        why = (CONVERSATIONS, HANDOFF_BY_REASON, FIRST_REPLY, RESOLVED, CES)
        tables = [
            _table(seen, called, "reason", "by_reason", why, "self-service"),
            _table(seen, called, "topic", "by_topic", (SELF_SERVICE, ANSWER_RATE, WRONG, HANDOFF_RATE), "self-service"),
            _table(seen, called, "channel", "by_channel", (SELF_SERVICE, ANSWER_RATE, SWITCHED), "self-service"),
        ]
        charts = [trend(seen, number) for number in (SELF_SERVICE, ANSWER_RATE)]
        given = {"charts": charts, "tables": tables, "count": len(seen.facts)}
        return _page("self_service", seen.asked, called, cards=cards(seen, SERVICE), **given)

    @blueprint.get("/people")
    def people() -> ResponseReturnValue:
        with room.database.reading() as session:
            seen, called = _seen(session, room)
        shown = (CONVERSATIONS, FIRST_REPLY, RESOLUTION_TIME, CES)
        tables = [
            _table(seen, called, "team", "by_team", (*shown, LEFT_QUEUE), "people"),
            _table(seen, called, "agent", "by_agent", shown, "people"),
        ]
        charts = [trend(seen, number) for number in (FIRST_REPLY, LEFT_QUEUE)]
        given = {"charts": charts, "tables": tables, "count": len(seen.facts)}
        return _page("people", seen.asked, called, cards=cards(seen, PEOPLE), **given)

    @blueprint.get("/figures.csv")
    def figures() -> ResponseReturnValue:
        with room.database.reading() as session:
            seen, _called = _seen(session, room)
        return _csv(figures_csv(seen), "figures", seen.asked)


def _add_comments(blueprint: Blueprint, room: Room) -> None:
    @blueprint.get("/comments", endpoint="comments")
    def listed_comments() -> ResponseReturnValue:
        user, page = signed_in(), request.args.get("page", 1, type=int)
        with room.database.reading() as session:
            asked, called = _asked(session, room), names(session, user.locale)
            found = comments(session, asked, request.args.get("given", ""), page, user.locale)
        more = {"given": found.chosen} if found.chosen else {}
        return _page("comments", asked, called, comments=found, more=more)


def _add_conversations(blueprint: Blueprint, room: Room) -> None:
    @blueprint.get("/conversations")
    def conversations() -> ResponseReturnValue:
        figure, part = request.args.get("figure", ""), request.args.get("part", "")
        with room.database.reading() as session:
            seen, called = _seen(session, room)
            shown = listed(seen, called, figure, part, request.args.get("page", 1, type=int))
            said = first_words(session, shown)
        key = shown.number.key if shown.number else ""
        query = {name: value for name, value in (("figure", key), ("part", shown.part)) if value}
        return _page("conversations", seen.asked, called, listed=shown, more=query, first=said)

    @blueprint.get("/conversations.csv")
    def all_conversations() -> ResponseReturnValue:
        with room.database.reading() as session:
            seen, called = _seen(session, room)
            _number, _part, facts = chosen(seen, request.args.get("figure", ""), request.args.get("part", ""))
            said = comments_of(session, facts.ids)
        return _csv(conversations_csv(facts, called, said), "conversations", seen.asked)


def _shorten(blueprint: Blueprint, room: Room) -> None:
    """What a form sends is led to the short address that means the same, for that one is passed on to others."""

    @blueprint.before_request
    def lead() -> ResponseReturnValue | None:
        if "shown" not in request.args:
            return None
        with room.database.reading() as session:
            asked = _asked(session, room)
        if asked.misread:
            return None
        more = {name: value for name in ("figure", "part", "given") if (value := request.args.get(name, ""))}
        query = urlencode(asked.query | more)
        return redirect(f"{request.path}?{query}" if query else request.path)


def _asked(session: Session, room: Room) -> Asked:
    hours = load_hours(session, None)
    return asked_in(request.args, hours.local(room.clock()).date(), hours.time_zone)


def _seen(session: Session, room: Room, only: Sequence[str] = FILTERS) -> tuple[View, Names]:
    locale = signed_in().locale
    asked = _asked(session, room).only(*only)
    return view(asked, room.store.facts(), room.clock().timestamp(), locale), names(session, locale)


def _table(seen: View, called: Names, name: str, title: str, numbers: Any, page: str) -> dict[str, Any]:
    """The rows of a table that compares by one filter of the address; with `all` in the address, of this one all."""
    rows = entries(seen, _groups(seen.facts.where(is_matter(seen.facts, seen.now)), name), name, called, numbers, page)
    heads = [(number.names[seen.locale], number.definition[seen.locale]) for number in numbers]
    words = WORDS[seen.locale]
    given = {"what": words[name], "heads": heads, "rows": rows[: _most(name, MOST_GROUPS)], "page": page}
    return given | _rest(name, words[title], len(rows), MOST_GROUPS)


def _most(name: str, usual: int) -> int:
    """So many rows of a table are shown."""
    return MOST_OF_ALL if request.args.get("all") == name else usual


def _rest(name: str, title: str, count: int, usual: int) -> dict[str, Any]:
    """What is said beneath a table of how many rows there are and how the others are seen."""
    shown, is_whole = min(count, _most(name, usual)), request.args.get("all") == name
    given = {"name": name, "title": title, "count": count, "shown": shown}
    return given | {"is_whole": is_whole, "has_more": not is_whole and shown < count}


def _groups(facts: Facts, name: str) -> dict[str | None, Facts]:
    if name == "channel":
        # Who moved is in each of their channels.
        return {channel: facts.where(facts.in_channel(channel)) for channel in CHANNELS}
    found = facts.by({"team": "team_id", "agent": "agent_id", "article": "article_id"}.get(name, name))
    # Where a person was called or somebody found a cause, the others are no group of their own.
    return {key: some for key, some in found.items() if key is not None or name not in ("reason", "cause", "agent")}


def _page(template: str, asked: Asked, called: Names | None = None, **values: Any) -> str:
    user = signed_in()
    period, words = asked.period, WORDS[user.locale]
    days = [saying.whole_day(day, user.locale) for day in (period.first, period.last)]
    before = [saying.whole_day(day, user.locale) for day in (period.before.first, period.before.last)]
    zone = period.zone.replace("_", " ")
    shown = words["shown_alone" if template in LISTS else "shown"].format(
        first=days[0], last=days[1], before_first=before[0], before_last=before[1], zone=zone
    )
    if asked.is_running and template not in LISTS:
        shown = f"{shown} {words['running']}"
    return render_template(
        f"insights/{template}.html",
        user=user,
        locale=user.locale,
        words=words,
        asked=asked,
        shown=shown,
        told=_told(asked, called) if called else "",
        misread=_misread(asked, words),
        chips=_chips(asked, called) if called else [],
        choices=_choices(called) if called else [],
        periods=PERIODS,
        languages=LANGUAGES,
        insights_places=places_for(PLACES, user),
        sees_all=user.may(EVERY_TEAM),
        href=lambda page, /, **changes: f"/insights/{page}?{urlencode(asked.but(**changes))}",
        said=lambda value, unit: saying.said(value, unit, user.locale),
        span=lambda seconds: saying.span(seconds, user.locale),
        moment=lambda at: saying.moment(at.timestamp(), period.zone, user.locale),
        cases=lambda n: cases(n, user.locale),
        interval=lambda measured, unit: saying.interval(measured, unit, user.locale),
        **values,
    )


def _told(asked: Asked, called: Names) -> str:
    """The filters, in words."""
    words = WORDS[called.locale]
    return " · ".join(f"{words[name]}: {called.of(name, value)}" for name, value in asked.chosen.items())


def _misread(asked: Asked, words: Mapping[str, str]) -> str:
    return words["misread"].format(names=", ".join(words[name] for name in asked.misread)) if asked.misread else ""


def _chips(asked: Asked, called: Names) -> list[tuple[str, str, str]]:
    """Filters that no field of the form shows: name, what it is, and the address without it."""
    words = WORDS[called.locale]
    return [
        (words[name], called.of(name, asked.chosen[name]), urlencode(asked.without(name).query))
        for name in FILTERS
        if name in asked.chosen and name not in BY_HAND
    ]


def _choices(called: Names) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be chosen in the form, by filter."""
    found = {name: list(called.by[name].items()) for name in BY_HAND}
    found["channel"] = [(channel, called.of("channel", channel)) for channel in CHANNELS]
    for name in ("team", "topic"):
        found[name].append(("-", called.of(name, None)))
    return [(name, found[name]) for name in BY_HAND]


def _csv(text: str, name: str, asked: Asked) -> Response:
    # A mark at the beginning tells spreadsheets that it is UTF-8.
    response = Response(f"\ufeff{text}", mimetype=CSV)
    file = f"{name}-{asked.period.first}-{asked.period.last}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=file)
    return response
