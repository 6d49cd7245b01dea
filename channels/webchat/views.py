"""The web chat's doors: Rasa's Socket.IO events, Rasa's REST webhook, and the chat page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hmac import compare_digest
from pathlib import Path
from typing import Any

import structlog
from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_socketio import SocketIO, emit, join_room, leave_room

from channels.inbound import Received
from channels.outbox import Outgoing, Transport
from channels.webchat.bringing import says
from channels.webchat.chat import ChatError, Said, WebChat, owner_shown
from channels.webchat.protocol import MISSED, OWNER, WRITING, rest_uttered, thread_entry, uttered
from channels.webchat.session import Session
from channels.webchat.widget import Widget
from channels.webchat.words import PAGE, refusal
from knowledge.locales import known_locale, preferred_locale

STATIC = Path(__file__).parent / "static"
SCRIPT = STATIC / "widget.js"
STATUS = {"no_sender": 401, "too_long": 413, "too_many": 429, "consent": 403}

Recognise = Callable[[Session, object], tuple[Session, str | None]]
"""Whose session it is by the site's word: the same or a new one; and why that word was not believed."""

log = structlog.get_logger(__name__)


def make_transport(socketio: SocketIO, base_url: str) -> Transport:
    """Sends a reply to every page the visitor has open. A page that isn't there fetches it when it comes back."""

    def send(outgoing: Outgoing) -> None:
        socketio.emit("bot_uttered", uttered(outgoing.message, base_url), to=_room(outgoing.address))

    return send


def tell_pages(socketio: SocketIO, visitors: Sequence[str]) -> None:
    """Has the pages of these visitors fetch what was said elsewhere, such as by SMS."""
    for visitor in visitors:
        socketio.emit(MISSED, to=_room(visitor))


def tell_owner(socketio: SocketIO, visitor: str, kind: str, name: str = "") -> None:
    """Tells the visitor's pages who speaks next: `bot`, `queue`, or `agent` with a name."""
    socketio.emit(OWNER, owner_shown(kind, name), to=_room(visitor))


def tell_writing(socketio: SocketIO, visitor: str, name: str) -> None:
    """Tells the visitor's pages that a person is writing; they show it for six seconds."""
    socketio.emit(WRITING, {"name": name}, to=_room(visitor))


def is_page_open(socketio: SocketIO, visitor: str) -> bool:
    """Whether a page of this visitor is connected with this process."""
    return bool(socketio.server.manager.rooms.get("/", {}).get(_room(visitor)))


def _room(visitor: str) -> str:
    return f"visitor:{visitor}"


def register_events(
    socketio: SocketIO,
    chat: WebChat,
    wake: Callable[[Received], None],
    base_url: str,
    recognise: Recognise = lambda session, _token: (session, None),
    phones: Callable[[str], list[str]] = lambda _visitor: [],
) -> None:
    """In: `session_request`, `user_uttered`. Out: `session_confirm`, `bot_uttered`, `user_said`, `thread`, `owner`,
    `phones`, `identity`, `refused`.

    `phones` names those that are connected with a visitor, as they may be shown.
    """

    @socketio.on("session_request")
    def session_request(data: Any = None, *_: Any) -> dict[str, Any]:
        asked = _fields(data)
        before = chat.sessions.resume(asked.get("session_id"))
        session, problem = recognise(before, asked.get("identity"))
        if session.visitor != before.visitor:
            leave_room(_room(before.visitor))
        if problem:
            emit("identity", {"problem": problem})
        join_room(_room(session.visitor))
        emit("session_confirm", session.token)
        if "after" in asked:
            emit(OWNER, chat.owner(session))
            missed = chat.thread(session, asked.get("thread"), asked["after"])
            emit("thread", [thread_entry(message, base_url) for message in missed])
            # After the thread: where a phone is gone, the page asks for it once more from the beginning.
            emit("phones", phones(session.visitor))
        return {"session_id": session.token, "is_new": session.is_new}

    @socketio.on("user_uttered")
    def user_uttered(data: Any = None, *_: Any) -> dict[str, Any]:
        sent = _fields(data)
        try:
            session = chat.open(sent.get("session_id"))
            received = chat.say(session, _said(sent), _network_address())
        except ChatError as error:
            return _refuse(error, sent)
        except Exception:
            log.exception("message_not_taken")
            return _refuse(ChatError("unknown"), sent)
        join_room(_room(session.visitor))
        if received.is_new:
            wake(received)
            said = thread_entry(chat.message(received), base_url)
            emit("user_said", said, to=_room(session.visitor), include_self=False)
        taken = {"thread": received.conversation_id, "seq": received.seq, "id": received.message_id}
        return {"ok": True, "silent": received.is_silent, **taken}


def _refuse(error: ChatError, sent: dict[str, Any]) -> dict[str, Any]:
    text = refusal(error.reason, _locale(sent), error.limit)
    emit("refused", {"text": text, "reason": error.reason, "message_id": sent.get("message_id")})
    return {"ok": False, "error": text, "reason": error.reason}


def _fields(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _said(sent: dict[str, Any]) -> Said:
    page = _fields(sent.get("customData") or sent.get("metadata"))
    return Said(
        sent.get("message"),
        sent.get("message_id"),
        locale=_locale(sent),
        reading=page.get("reading"),
        page_url=page.get("url"),
        page_title=page.get("title"),
        consent=page.get("consent"),
    )


def _locale(sent: dict[str, Any]) -> str | None:
    page = _fields(sent.get("customData") or sent.get("metadata"))
    return known_locale(page.get("locale") or page.get("language"))


def _page_locale(default: str) -> str:
    """The language of the address, or else of the browser."""
    return known_locale(request.args.get("locale")) or preferred_locale(request.accept_languages.values(), default)


def _network_address() -> str:
    return request.remote_addr or "unknown"


def make_blueprint(
    chat: WebChat,
    widget: Widget,
    answer: Callable[[Received], None],
    deliver: Callable[[], None],
    rest_token: str,
    base_url: str,
) -> Blueprint:
    """The pages and the REST webhook.

    `answer` returns when a message that was received has had its turn, `deliver` sends the replies to open pages.
    """
    blueprint = Blueprint("webchat", __name__, template_folder="templates")

    @blueprint.get("/chat")
    def chat_page() -> ResponseReturnValue:
        locale = _page_locale(widget.default_locale)
        config = widget.config(locale) | {"brings": _brings(chat, locale)}
        return render_template("webchat/chat.html", locale=locale, words=PAGE[locale], config=config)

    @blueprint.get("/widget.js")
    def widget_script() -> ResponseReturnValue:
        response = Response(SCRIPT.read_bytes(), mimetype="text/javascript")
        response.headers["Cache-Control"] = "public, max-age=300"
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    @blueprint.get("/widget/config")
    def widget_config() -> ResponseReturnValue:
        """For any page to ask; one that may not show the chat is told why."""
        origin, locale = request.headers.get("Origin"), _page_locale(widget.default_locale)
        if widget.may_show(origin, request.host_url.rstrip("/")):
            response = jsonify(widget.config(locale, request.args.get("color", "")))
        else:
            response = jsonify(error=refusal("not_allowed", locale, origin=origin or ""))
            response.status_code = 403
        response.headers["Access-Control-Allow-Origin"] = origin or "*"
        response.headers["Vary"] = "Origin"
        return response

    @blueprint.post("/webhooks/rest/webhook")
    def rest_webhook() -> ResponseReturnValue:
        body: dict[str, Any] = {}
        try:
            body = _rest_body()
            session = _rest_session(chat, body.get("sender"), rest_token)
            limited = None if session.is_trusted else _network_address()
            received = chat.say(session, _said(body), limited)
        except ChatError as error:
            locale = _locale(body) or _page_locale(widget.default_locale)
            return jsonify(error=refusal(error.reason, locale, error.limit)), STATUS.get(error.reason, 400)
        answer(received)
        response = jsonify([rest_uttered(message, session.token, base_url) for message in chat.replies(received)])
        response.call_on_close(deliver)
        return response

    return blueprint


def _brings(chat: WebChat, locale: str) -> dict[str, str] | None:
    """What is said for the visitor as soon as the page is open."""
    token = request.args.get("brings", "")
    brought = chat.bring(token, locale) if token else None
    return {"text": says(token), "title": brought.text} if brought else None


def _rest_body() -> dict[str, Any]:
    """The JSON object that was sent. Raises ChatError."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # A list in a list in a list …
        body = None
    if not isinstance(body, dict):
        raise ChatError("no_object")
    return body


def _rest_session(chat: WebChat, sender: object, rest_token: str) -> Session:
    """Who speaks: with the token of REST_TOKEN whoever the caller names, otherwise the holder of a session."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if rest_token and compare_digest(given.encode(), rest_token.encode()):
        return _named_session(str(sender or "default"))
    if sender is None:
        return chat.sessions.start()
    try:
        return chat.open(sender)
    except ChatError:
        raise ChatError("no_sender") from None


def _named_session(sender: str) -> Session:
    if not sender.isprintable():  # PostgreSQL takes no NUL.
        raise ChatError("no_sender")
    return Session.trusted(sender)
