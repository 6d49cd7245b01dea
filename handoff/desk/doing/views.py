"""What is sent from the desk's pages: by a script, which gets JSON, or by a form, which gets the page again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from db import attempt, utc_now
from handoff.desk.deeds import DEEDS, Done, do
from handoff.desk.drafting import keep_draft
from handoff.desk.house import House
from handoff.desk.opened import find_visible
from handoff.desk.words import WORDS, fill
from handoff.files import BYTES, MOST_FILES, File
from handoff.finding import Meanwhile, NotYours, Refused, Taken
from handoff.presence import STATES, choose_presence
from handoff.replying import Writing, reply
from handoff.transitions import NotPossible
from handoff.words import REFUSED
from staff.people import CHOICES, User
from staff.views import signed_in

SPARE = 100_000
"""Bytes of a reply beside its files."""
LONGEST_NUMBER = 10
"""Digits: no database counts further."""


def add_doing(blueprint: Blueprint, house: House) -> None:
    @blueprint.url_value_preprocessor
    def let_files_in(endpoint: str | None, _values: object) -> None:
        # Before the form's token is looked for: that reads the form.
        if endpoint == f"{blueprint.name}.send_reply":
            request.max_content_length = MOST_FILES * BYTES + SPARE

    @blueprint.post("/conversations/<conversation_id>/reply")
    def send_reply(conversation_id: str) -> ResponseReturnValue:
        return _answered(house, conversation_id, lambda user: _reply(house, user, conversation_id))

    @blueprint.post("/conversations/<conversation_id>/<any({}):verb>".format(", ".join(DEEDS)))
    def act(conversation_id: str, verb: str) -> ResponseReturnValue:
        def deed(user: User) -> Done:
            asked = (user, verb, conversation_id, request.form, utc_now())
            return attempt(house.database, lambda session: do(session, *asked))

        return _answered(house, conversation_id, deed)

    @blueprint.post("/api/conversations/<conversation_id>/draft")
    def draft(conversation_id: str) -> ResponseReturnValue:
        user, is_note = signed_in(), request.form.get("kind") == "note"
        with house.database.transaction(durable=False) as session:
            find_visible(session, user, conversation_id)
            keep_draft(session, user, conversation_id, request.form.get("text", ""), utc_now(), is_note=is_note)
        return jsonify(ok=True)

    @blueprint.post("/api/presence")
    def presence() -> ResponseReturnValue:
        chosen = request.form.get("chosen", "")
        if chosen not in STATES:
            abort(400)
        with house.database.transaction() as session:
            choose_presence(session, signed_in().id, chosen, utc_now())
        return jsonify(ok=True)

    @blueprint.post("/api/settings")
    def settings() -> ResponseReturnValue:
        chosen = {name: request.form[name] == "yes" for name in CHOICES if name in request.form}
        with house.database.transaction() as session:
            user = session.get(User, signed_in().id)
            if user:
                user.settings = {**user.settings, **chosen}
        return jsonify(ok=True)


def _reply(house: House, user: User, conversation_id: str) -> Done:
    form = request.form
    # A plain form sends its choice of a way in one piece.
    channel, _, address_id = form.get("way", "").partition("|")
    writing = Writing(
        text=form.get("text", ""),
        channel=form.get("channel", channel),
        seen_seq=_seq(form.get("seen_seq", "")),
        address_id=form.get("address_id", address_id) or None,
        files=tuple(_files(house)),
        key=key if (key := form.get("key", "")).isprintable() else "",
        locale=form["template"] if house.templates.get(form.get("template", "")) else None,
    )
    anyway, take_over = _is_said("anyway"), _is_said("take_over")

    def send(session: Session) -> None:
        reply(session, user, conversation_id, writing, utc_now(), anyway=anyway, take_over=take_over)

    attempt(house.database, send)
    return Done()


def _is_said(name: str) -> bool:
    return request.form.get(name) == "yes"


def _seq(text: str) -> int:
    """0, nothing seen, if it is no number of a message."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER else 0


def _files(house: House) -> list[File]:
    """What goes along. Raises Refused."""
    with ExitStack() as open_files:
        given = [open_files.enter_context(closing(one)) for one in request.files.getlist("files")]
        named = [one for one in given if one.filename]
        if len(named) > MOST_FILES:
            raise Refused("too_many_files")
        return [house.files.take(one.filename or "", one.read(BYTES + 1)) for one in named]


def _answered(house: House, conversation_id: str, deed: Callable[[User], Done]) -> ResponseReturnValue:
    user = signed_in()
    try:
        done = deed(user)
    except (NotYours, Taken, NotPossible, Meanwhile, Refused) as error:
        return _refused(user, conversation_id, error)
    house.seen(user.id)
    house.done(conversation_id)
    if _is_by_script():
        return jsonify(ok=True, **asdict(done))
    return redirect(_back(request.form.get("back", "")) or f"/desk/all/{conversation_id}")


def _back(path: str) -> str:
    """The page of the desk that a form stands on; empty if it says no such page."""
    return path if path.startswith("/desk/") and "\\" not in path and path.isprintable() else ""


def _refused(user: User, conversation_id: str, error: Exception) -> ResponseReturnValue:
    said, status, more = _why(user.locale, error)
    if _is_by_script():
        return jsonify(error=said, **more), status
    words = WORDS[user.locale]
    page = f"/desk/all/{conversation_id}"
    kept = request.form.get("text", "")
    given = {"said": said, "locale": user.locale, "words": words, "user": user, "page": page, "kept": kept}
    return render_template("desk/refused.html", **given), status


def _why(locale: str, error: Exception) -> tuple[str, int, dict[str, Any]]:
    """A sentence, the status, and what a script can do something with."""
    words = WORDS[locale]
    if isinstance(error, NotYours):
        return words["not_there"], 404, {"reason": "not_there"}
    if isinstance(error, Taken):
        return fill(words["taken_by"], name=error.name), 409, {"reason": "taken", "name": error.name}
    if isinstance(error, Meanwhile):
        return words["meanwhile"], 409, {"reason": "meanwhile", "newest_seq": error.newest_seq}
    if isinstance(error, Refused):
        return REFUSED[error.reason][locale], 422, {"reason": error.reason}
    return words["moved"], 409, {"reason": "moved"}


def _is_by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"
