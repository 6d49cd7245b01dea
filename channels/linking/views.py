"""The doors by which a chat page goes on by phone: a link with a code, a code by SMS, and the code that was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from channels.linking.continuing import Continuing, RefusedError
from channels.webchat.chat import ChatError, WebChat
from channels.webchat.views import STATUS
from channels.webchat.widget import Widget
from channels.webchat.words import refusal
from db import utc_now
from knowledge.locales import known_locale

Deed = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Does what a visitor asks for with these fields; what it answers."""


def make_blueprint(
    chat: WebChat,
    widget: Widget,
    continuing: Continuing,
    deliver: Callable[[], None],
    tell: Callable[[str], None],
) -> Blueprint:
    """`deliver` sends what was put into the outbox; `tell` has a visitor's pages look again."""
    blueprint = Blueprint("continuing", __name__)

    @blueprint.post("/widget/continue")
    def offer() -> ResponseReturnValue:
        return _answer(chat, widget, _offer)

    def _offer(visitor: str, asked: dict[str, Any]) -> dict[str, Any]:
        channel = str(asked.get("channel"))
        if not continuing.ways.number(channel):
            raise ChatError("no_way")
        return asdict(continuing.offer(visitor, channel, _locale(asked), utc_now()))

    @blueprint.post("/widget/text-code")
    def text_code() -> ResponseReturnValue:
        return _answer(chat, widget, _text_code)

    def _text_code(visitor: str, asked: dict[str, Any]) -> dict[str, Any]:
        if not continuing.ways.sms:
            raise ChatError("no_way")
        here = request.remote_addr or "unknown"
        continuing.text_code(visitor, asked.get("number"), here, _locale(asked), _page_host(), utc_now())
        deliver()
        return {"sent": True}

    @blueprint.post("/widget/check-code")
    def check_code() -> ResponseReturnValue:
        return _answer(chat, widget, _check_code)

    def _check_code(visitor: str, asked: dict[str, Any]) -> dict[str, Any]:
        continuing.check_code(visitor, asked.get("code"), _locale(asked), utc_now())
        deliver()
        tell(visitor)
        return {"connected": continuing.connected(visitor)}

    @blueprint.after_request
    def allow(response: Response) -> Response:
        """A page that may not show the chat is told so, and no more."""
        response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Access-Control-Max-Age"] = "600"
        response.headers["Vary"] = "Origin"
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def _answer(chat: WebChat, widget: Widget, deed: Deed) -> ResponseReturnValue:
    asked = _fields()
    locale = _locale(asked) or widget.default_locale
    origin = request.headers.get("Origin")
    if not widget.may_show(origin, request.host_url.rstrip("/")):
        return jsonify(error=refusal("not_allowed", locale, origin=origin or ""), reason="not_allowed"), 403
    try:
        return jsonify(deed(chat.open(asked.get("session_id")).visitor, asked))
    except ChatError as error:
        return jsonify(error=refusal(error.reason, locale), reason=error.reason), STATUS.get(error.reason, 400)
    except RefusedError as error:
        return jsonify(error=str(error), reason=error.reason), 429 if error.reason == "too_many_codes" else 400


def _fields() -> dict[str, Any]:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # A list in a list in a list …
        body = None
    return body if isinstance(body, dict) else {}


def _locale(asked: dict[str, Any]) -> str | None:
    return known_locale(asked.get("locale"))


def _page_host() -> str | None:
    """The host of the page that asks, to which phones bind the code."""
    return urlsplit(request.headers.get("Origin") or request.host_url).hostname
