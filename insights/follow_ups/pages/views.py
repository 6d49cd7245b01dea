"""The pages of follow-ups: they work without any script, as lists and forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from db import attempt, utc_now
from handoff.desk.happenings import MOMENT
from handoff.desk.house import House
from handoff.desk.lists import LISTS
from handoff.desk.showing import page_facts
from handoff.desk.timeline import cursor
from handoff.desk.views import numbers_of
from handoff.desk.words import CHANNELS, PRIORITIES, fill
from handoff.desk.words import LISTS as LIST_NAMES
from handoff.desk.words import WORDS as DESK_WORDS
from handoff.finding import Meanwhile, NotYours, Refused, Taken
from handoff.transitions import NotPossible
from handoff.words import REASONS
from handoff.words import REFUSED as DESK_REFUSED
from insights.follow_ups.annex import NAME, PATH
from insights.follow_ups.asking_again import WITHIN
from insights.follow_ups.assigning import give, take
from insights.follow_ups.closing import LONGEST_NOTE, Closing, close
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.listing import MOST_PAGES, VIEWS, Wanted, page_of
from insights.follow_ups.pages.words import CAUSES, KEYS, KINDS, REFUSED, WORDS
from insights.follow_ups.reaching import reach_out
from insights.follow_ups.refused import NotDone
from insights.follow_ups.seeing import look_at
from insights.follow_ups.showing import show
from staff.people import DESK, User
from staff.views import guard, signed_in

Deed = Callable[[Session, User], str]
"""Does something and returns where one goes on."""
DONE = ("taken", "given", "closed")
IN_BETWEEN = ("closed", "talking", "elsewhere")
"""What was refused because of what somebody else does."""
LONGEST_NUMBER = 10
"""Digits: no database counts further."""
LONGEST_ID = 36


def make_blueprint(house: House) -> Blueprint:
    """`house`: the desk's, in whose frame the pages stand."""
    blueprint = Blueprint("follow_ups", __name__, template_folder="templates", url_prefix=PATH)
    guard(blueprint, DESK)
    _add_pages(blueprint, house)
    _add_deeds(blueprint, house)
    blueprint.register_error_handler(NotYours, _not_there)
    return blueprint


def _add_pages(blueprint: Blueprint, house: House) -> None:
    @blueprint.get("")
    def listed() -> ResponseReturnValue:
        return _page(house, None)

    @blueprint.get("/<follow_up_id>")
    def one(follow_up_id: str) -> ResponseReturnValue:
        return _page(house, follow_up_id)


def _add_deeds(blueprint: Blueprint, house: House) -> None:
    @blueprint.post("/<follow_up_id>/take")
    def do_take(follow_up_id: str) -> ResponseReturnValue:
        def deed(session: Session, user: User) -> str:
            take(session, user, follow_up_id, utc_now(), take_over=_is_said("take_over"))
            return _here(follow_up_id, "taken")

        return _done(house, follow_up_id, deed)

    @blueprint.post("/<follow_up_id>/reach")
    def do_reach(follow_up_id: str) -> ResponseReturnValue:
        def deed(session: Session, user: User) -> str:
            reached = reach_out(session, user, follow_up_id, utc_now(), take_over=_is_said("take_over"))
            return f"/desk/mine/{reached}"

        return _done(house, follow_up_id, deed)

    @blueprint.post("/<follow_up_id>/give")
    def do_give(follow_up_id: str) -> ResponseReturnValue:
        def deed(session: Session, user: User) -> str:
            kind, _, to = request.form.get("to", "").partition(":")
            to_user, to_team = (to, None) if kind == "user" else (None, to)
            give(session, user, follow_up_id, utc_now(), to_user=to_user, to_team=to_team)
            session.flush()
            try:
                look_at(session, user, follow_up_id)
            except NotYours:
                return url_for("follow_ups.listed", done="given")
            return _here(follow_up_id, "given")

        return _done(house, follow_up_id, deed)

    @blueprint.post("/<follow_up_id>/close")
    def do_close(follow_up_id: str) -> ResponseReturnValue:
        form = request.form
        closing = Closing(
            cause=form.get("cause", ""),
            note=form.get("note", "").replace("\r\n", "\n"),
            asks_again=_is_said("asks_again"),
            ends_conversation=_is_said("ends"),
            seen_seq=_seq(form.get("seen_seq", "")),
        )

        def deed(session: Session, user: User) -> str:
            close(session, user, follow_up_id, closing, utc_now())
            return _here(follow_up_id, "closed")

        return _done(house, follow_up_id, deed)


def _page(
    house: House,
    follow_up_id: str | None,
    said: str = "",
    kept: Mapping[str, str] | None = None,
    *,
    is_talking: bool = False,
) -> str:
    user, now = signed_in(), utc_now()
    wanted, number = _wanted(), request.args.get("page", "0")
    if wanted.view not in VIEWS or not (number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER):
        abort(404)
    with house.database.reading() as session:
        shown = show(session, user, look_at(session, user, follow_up_id), now) if follow_up_id else None
        given: dict[str, Any] = {
            "page": page_of(session, user, wanted, now, int(number)),
            "shown": shown,
            "facts": {**page_facts(session, user, now, house.annexes), "own_keys": KEYS[user.locale]},
            "counts": numbers_of(house, session, user, now),
        }
    done = request.args.get("done", "")
    own = WORDS[user.locale]
    given |= {
        "view": wanted.view,
        "wanted": wanted,
        "team_name": next((one["name"] for one in given["facts"]["teams"] if one["id"] == wanted.team), ""),
        "views": VIEWS,
        "number": min(int(number), MOST_PAGES),
        "annexes": house.annexes,
        "said": said,
        "done": own[f"done_{done}"] if done in DONE and not said else "",
        "kept": kept or {},
        "talking": is_talking,
    }
    return render_template("follow_ups/follow_ups.html", **_words(user), **given, now=now)


def _words(user: User) -> dict[str, Any]:
    locale = user.locale
    return {
        "user": user,
        "locale": locale,
        "own": WORDS[locale],
        "words": DESK_WORDS[locale],
        "causes": CAUSES[locale],
        "kinds": KINDS[locale],
        "channels": CHANNELS[locale],
        "priorities": PRIORITIES[locale],
        "reasons": {key: names[locale] for key, names in REASONS.items()},
        "lists": LISTS,
        "list_names": LIST_NAMES[locale],
        "list_name": NAME,
        "longest_note": LONGEST_NOTE,
        "again_days": WITHIN.days,
        "cursor": cursor,
        "moment": MOMENT,
    }


def _done(house: House, follow_up_id: str, deed: Deed) -> ResponseReturnValue:
    user = signed_in()

    def act(session: Session) -> tuple[str, set[str]]:
        goes_on = deed(session, user)
        return goes_on, _touched(session, follow_up_id)

    try:
        goes_on, touched = attempt(house.database, act)
    except (Taken, NotPossible, Meanwhile, Refused, NotDone) as error:
        said, status = _why(user.locale, error)
        is_talking = isinstance(error, NotDone) and error.reason == "talking"
        return _page(house, follow_up_id, said, dict(request.form), is_talking=is_talking), status
    house.seen(user.id)
    for conversation_id in touched:
        house.done(conversation_id)
    return redirect(goes_on, 303)


def _touched(session: Session, follow_up_id: str) -> set[str]:
    """The conversations of which open desks must hear."""
    found = session.get(FollowUp, follow_up_id)
    return {found.conversation_id, found.goes_on_in} if found else set()


def _why(locale: str, error: Exception) -> tuple[str, int]:
    words = DESK_WORDS[locale]
    if isinstance(error, NotDone):
        return REFUSED[locale][error.reason].format(**error.values), 409 if error.reason in IN_BETWEEN else 422
    if isinstance(error, Refused):
        return DESK_REFUSED[error.reason][locale], 422
    if isinstance(error, Taken):
        return fill(words["taken_by"], name=error.name), 409
    return words["meanwhile" if isinstance(error, Meanwhile) else "moved"], 409


def _here(follow_up_id: str, done: str) -> str:
    wanted = _wanted()
    wanted = wanted if wanted.view in VIEWS else replace(wanted, view=VIEWS[0])
    return f"{url_for('follow_ups.one', follow_up_id=follow_up_id)}?{wanted.query}&{urlencode({'done': done})}"


def _wanted() -> Wanted:
    """What the address asks for."""
    asked = request.args
    team = "".join(filter(str.isprintable, asked.get("team", "")))[:LONGEST_ID]
    return Wanted(asked.get("view", VIEWS[0]), team, "late" if asked.get("due") == "late" else "")


def _is_said(name: str) -> bool:
    return request.form.get(name) == "yes"


def _seq(text: str) -> int:
    """0, nothing seen, if it is no number of a message."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER else 0


def _not_there(_error: NotYours) -> ResponseReturnValue:
    user = signed_in()
    words = DESK_WORDS[user.locale]
    given = {"said": words["not_there"], "locale": user.locale, "words": words, "user": user, "page": PATH}
    return render_template("desk/refused.html", **given), 404
