"""The desk's pages, and the pieces of them that their scripts fetch."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.attachments import STORED, Attachment
from channels.conversation import Conversation, Message
from channels.customer import Customer
from db import utc_now
from handoff.desk.counting import count_sms
from handoff.desk.doing.views import add_doing
from handoff.desk.filters import Filter, filter_from
from handoff.desk.happenings import MOMENT
from handoff.desk.house import House
from handoff.desk.inserting import ARTICLES, canned_for
from handoff.desk.lists import FOUND, LISTS, changes, counts, has_unseen_mention, is_listed, page_of
from handoff.desk.opened import find_visible
from handoff.desk.rows import Row
from handoff.desk.showing import Shown, last_question, page_facts, show
from handoff.desk.timeline import PAGE, Timeline, cursor, timeline_of
from handoff.desk.words import CHANNELS, PRIORITIES, WORDS
from handoff.desk.words import LISTS as LIST_NAMES
from handoff.files import MOST_FILES
from handoff.finding import NotYours
from handoff.foretelling import how_long
from handoff.noting import see_mentions
from handoff.speaking import words_of
from handoff.waits import expected_wait
from handoff.words import REASONS
from staff.people import DESK, User
from staff.views import guard, signed_in

AGAIN = 40
"""So many of the last entries are looked at again when something is new: what became of them may have changed."""
MOST_CHANGES = 100


def make_blueprint(house: House) -> Blueprint:
    blueprint = Blueprint("desk", __name__, template_folder="templates", url_prefix="/desk")
    guard(blueprint, DESK)
    _add_pages(blueprint, house)
    _add_pieces(blueprint, house)
    _add_counting(blueprint, house)
    _add_files(blueprint, house)
    add_doing(blueprint, house)
    blueprint.register_error_handler(NotYours, _not_there)
    return blueprint


def _add_pages(blueprint: Blueprint, house: House) -> None:
    @blueprint.get("")
    @blueprint.get("/")
    def desk() -> ResponseReturnValue:
        with house.database.reading() as session:
            has_own = counts(session, signed_in(), utc_now())["mine"]
        return redirect(f"/desk/{'mine' if has_own else 'waiting'}")

    @blueprint.get("/<name>")
    def a_list(name: str) -> ResponseReturnValue:
        return _page(house, name, None)

    @blueprint.get("/<name>/<conversation_id>")
    def a_conversation(name: str, conversation_id: str) -> ResponseReturnValue:
        return _page(house, name, conversation_id)


def _page(house: House, name: str, conversation_id: str | None) -> ResponseReturnValue:
    if not is_listed(name):
        abort(404)
    user, now, asked = signed_in(), utc_now(), filter_from(request.args)
    with house.database.reading() as session:
        page = page_of(session, user, name, asked, now, after=request.args.get("after", ""), query=_query())
        shown = None
        if conversation_id:
            shown = show(session, house, user, find_visible(session, user, conversation_id), now)
        facts = page_facts(session, user, now, house.annexes)
        numbers = numbers_of(house, session, user, now)
    _see_mentions(house, user, conversation_id, now)
    return render_template(
        "desk/desk.html",
        **_given(user, now, name, asked),
        page=page,
        shown=shown,
        facts=facts,
        counts=numbers,
        lists=LISTS,
        annexes=house.annexes,
        state=state(shown) if shown else None,
    )


def numbers_of(house: House, session: Session, user: User, now: datetime) -> dict[str, int]:
    """How many stand in each list, and in those beside the desk's own."""
    beside = {name: count for annex in house.annexes for name, count in annex.counts(session, user, now).items()}
    return {**counts(session, user, now), **beside}


def _add_pieces(blueprint: Blueprint, house: House) -> None:
    @blueprint.get("/api/lists/<name>")
    def list_piece(name: str) -> ResponseReturnValue:
        user, now, asked = _asked(name)
        with house.database.reading() as session:
            page = page_of(session, user, name, asked, now, after=request.args.get("after", ""), query=_query())
            numbers = numbers_of(house, session, user, now)
        rows = [_row(row, _given(user, now, name, asked)) for row in page.rows]
        return jsonify(rows=rows, next=page.next, counts=numbers)

    @blueprint.get("/api/lists/<name>/changes")
    def list_changes(name: str) -> ResponseReturnValue:
        user, now, asked = _asked(name)
        ids = [one for one in request.args.get("ids", "").split(",") if one][:MOST_CHANGES]
        with house.database.reading() as session:
            found = changes(session, user, name, asked, now, ids) if name != FOUND else {}
            numbers = numbers_of(house, session, user, now)
        given = _given(user, now, name, asked)
        return jsonify(rows={one: row and _row(row, given) for one, row in found.items()}, counts=numbers)

    @blueprint.get("/api/conversations/<conversation_id>")
    def conversation(conversation_id: str) -> ResponseReturnValue:
        user, now = signed_in(), utc_now()
        with house.database.reading() as session:
            shown = show(session, house, user, find_visible(session, user, conversation_id), now)
        _see_mentions(house, user, conversation_id, now)
        return jsonify(**_conversation(shown, user, now))

    @blueprint.get("/api/conversations/<conversation_id>/entries")
    def entries(conversation_id: str) -> ResponseReturnValue:
        user = signed_in()
        before, after = request.args.get("before", ""), request.args.get("after", "")
        with house.database.reading() as session:
            find_visible(session, user, conversation_id)
            limit = PAGE if before else AGAIN
            found = timeline_of(session, user, conversation_id, before=before, after=after, limit=limit)
        return jsonify(**_entries(found, user))

    @blueprint.get("/api/conversations/<conversation_id>/news")
    def news(conversation_id: str) -> ResponseReturnValue:
        """What is new for a page that shows it already: how it stands, who it is, and the entries after `after`."""
        user, now = signed_in(), utc_now()
        with house.database.reading() as session:
            one = find_visible(session, user, conversation_id)
            shown = show(session, house, user, one, now)
            after = request.args.get("after", "")
            found = timeline_of(session, user, conversation_id, after=after, limit=AGAIN)
        _see_mentions(house, user, conversation_id, now)
        return jsonify(**_conversation(shown, user, now, is_whole=False), **_entries(found, user))

    @blueprint.get("/api/conversations/<conversation_id>/insert")
    def insert(conversation_id: str) -> ResponseReturnValue:
        """Canned replies and articles for what is typed; without it, articles for the customer's last message."""
        user, typed = signed_in(), request.args.get("q", "")[:200]
        with house.database.reading() as session:
            one = find_visible(session, user, conversation_id)
            locale = one.locale or user.locale
            question = last_question(session, conversation_id)
            values = _values(house, session, user, one, question)
            canned = canned_for(session, user, one.team_id, locale, typed, values)
        wanted = typed.strip() or question
        articles = house.articles(wanted, locale, ARTICLES) if wanted else []
        return jsonify(canned=[asdict(one) for one in canned], articles=[asdict(one) for one in articles])


def _add_counting(blueprint: Blueprint, house: House) -> None:
    @blueprint.post("/api/conversations/<conversation_id>/as-sms")
    def as_sms(conversation_id: str) -> ResponseReturnValue:
        """Posted because it may be long; nothing is changed."""
        names = request.form.getlist("file")[:MOST_FILES]
        with house.database.reading() as session:
            locale = find_visible(session, signed_in(), conversation_id).locale or "en"
        return jsonify(**asdict(count_sms(house, request.form.get("text", ""), names, locale)))


def _add_files(blueprint: Blueprint, house: House) -> None:
    @blueprint.get("/attachments/<attachment_id>")
    def attachment(attachment_id: str) -> ResponseReturnValue:
        """What somebody sent, if the conversation is shown to this person; nothing in it runs."""
        query = select(Attachment, Message.conversation_id).join(Message, Message.id == Attachment.message_id)
        with house.database.reading() as session:
            found = session.execute(query.where(Attachment.id == attachment_id, Attachment.state == STORED)).first()
            if found is None:
                abort(404)
            if not _is_shown_beside(house, session, signed_in(), found.conversation_id):
                find_visible(session, signed_in(), found.conversation_id)
        return _file(found.Attachment)


def _is_shown_beside(house: House, session: Session, user: User, conversation_id: str) -> bool:
    return any(annex.shows(session, user, conversation_id) for annex in house.annexes)


def _file(attachment: Attachment) -> Response:
    kind = attachment.content_type
    is_picture = kind in ("image/png", "image/jpeg", "image/gif", "image/webp")
    is_heard = kind.startswith(("audio/", "video/"))
    ending = kind.partition("/")[2].partition(";")[0].split(".")[-1][:10]
    response = Response(attachment.content, mimetype=kind)
    way = "inline" if is_picture or is_heard else "attachment"
    response.headers.set("Content-Disposition", way, filename=f"{attachment.id[:8]}.{ending}")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _asked(name: str) -> tuple[User, datetime, Filter]:
    if not is_listed(name):
        abort(404)
    return signed_in(), utc_now(), filter_from(request.args)


def _query() -> str:
    return request.args.get("q", "").strip()[:200]


def _given(user: User, now: datetime, name: str, asked: Filter) -> dict[str, Any]:
    """What every template of the desk is given."""
    locale = user.locale
    chosen = asked.chosen | ({"q": _query()} if _query() else {})
    return {
        "user": user,
        "locale": locale,
        "words": WORDS[locale],
        "list_names": LIST_NAMES[locale],
        "channels": CHANNELS[locale],
        "priorities": PRIORITIES[locale],
        "reasons": {key: names[locale] for key, names in REASONS.items()},
        "now": now,
        "list_name": name,
        "chosen": chosen,
        "query": _query(),
        "cursor": cursor,
        "moment": MOMENT,
    }


def _row(row: Row, given: dict[str, Any]) -> dict[str, str]:
    html = render_template("desk/row.html", row=row, **given)
    return {"id": row.id, "position": row.position, "html": html}


def _conversation(shown: Shown, user: User, now: datetime, *, is_whole: bool = True) -> dict[str, Any]:
    given = _given(user, now, "all", Filter())
    pieces = {"head": "head", "brief": "brief", "card": "card", "ways": "ways"}
    if is_whole:
        pieces["talk"] = "talk"
    html = {key: render_template(f"desk/{name}.html", shown=shown, **given) for key, name in pieces.items()}
    return {**html, "state": state(shown)}


def state(shown: Shown) -> dict[str, Any]:
    """What the scripts know of the conversation that is open."""
    opened = shown.opened
    return {
        "id": opened.id,
        "name": opened.calling.name,
        "mark": opened.calling.mark,
        "verbs": sorted(opened.verbs),
        "owner": opened.owner,
        "agent": opened.agent,
        "agent_id": opened.agent_id,
        "is_own": opened.is_own,
        "priority": opened.priority,
        "tags": opened.tags,
        "last_seq": opened.last_seq,
        "customer_seq": opened.customer_seq,
        "drafts": shown.drafts,
    }


def _entries(found: Timeline, user: User) -> dict[str, Any]:
    given = _given(user, utc_now(), "all", Filter())
    entries = [
        {"key": one.key, "html": render_template("desk/entry.html", entry=one, **given)} for one in found.entries
    ]
    return {"entries": entries, "has_earlier": found.has_earlier}


def _values(house: House, session: Session, user: User, conversation: Conversation, question: str) -> dict[str, str]:
    """What the variables of canned replies stand for."""
    customer = session.get(Customer, conversation.customer_id)
    return {
        "customer": (customer.name if customer else None) or "",
        "agent": user.name,
        "company": house.company,
        "question": question,
        "wait": _wait(session, conversation),
    }


def _wait(session: Session, conversation: Conversation) -> str:
    """How long one waits now, in a sentence for the customer."""
    if conversation.team_id is None:
        return ""
    wait = expected_wait(session, conversation.team_id, utc_now(), conversation)
    return how_long(session, words_of(conversation), conversation.team_id, wait, utc_now())


def _see_mentions(house: House, user: User, conversation_id: str | None, now: datetime) -> None:
    if conversation_id is None:
        return
    with house.database.reading() as session:
        is_named = has_unseen_mention(session, user, conversation_id)
    if is_named:
        with house.database.transaction() as session:
            see_mentions(session, user, conversation_id, now)


def _not_there(_error: NotYours) -> ResponseReturnValue:
    user = signed_in()
    said = WORDS[user.locale]["not_there"]
    if request.path.startswith("/desk/api/") or request.accept_mimetypes.best == "application/json":
        return jsonify(error=said, reason="not_there"), 404
    words = WORDS[user.locale]
    return render_template("desk/refused.html", said=said, locale=user.locale, words=words, user=user), 404
