"""The simulator's doors: the page with the phone, what the page asks, and Twilio's REST API below `/phone/twilio`."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from channels.phone.asked import DO
from channels.phone.faults import FAULTS
from channels.phone.messages import Medium
from channels.phone.phones import PhoneError
from channels.phone.rest import Answer, Request, RestApi
from channels.phone.shown import show_all
from channels.phone.simulator import TwilioSimulator
from channels.phone.words import PAGE, refusal
from knowledge.locales import LANGUAGES, known_locale, preferred_locale

STATIC = Path(__file__).parent / "static"
POLL_SECONDS = 10
UPLOAD_BYTES = 8_000_000
"""Of one message with its files, in Base64."""


def make_blueprint(simulator: TwilioSimulator, company: str, default_locale: str = "en") -> Blueprint:
    """The page `/phone` and what it asks. `company` is who the product's numbers belong to."""
    blueprint = Blueprint("phone", __name__, template_folder="templates", url_prefix="/phone")

    @blueprint.get("")
    def page() -> ResponseReturnValue:
        locale = _page_locale(default_locale)
        config = {"locale": locale, "words": PAGE[locale], "company": company, "faults": FAULTS, "languages": LANGUAGES}
        return render_template("phone/phone.html", locale=locale, words=PAGE[locale], config=config)

    @blueprint.get("/api/state")
    def state() -> ResponseReturnValue:
        """All that is to be seen, as soon as it is newer than `after`; at the latest after ten seconds."""
        after = request.args.get("after", -1, type=int)
        if after == simulator.changes.version:
            simulator.changes.wait_until(lambda: simulator.changes.version != after, POLL_SECONDS)
        return _fresh(show_all(simulator, request.args.get("phone", ""), "log" in request.args))

    @blueprint.post("/api/<any(send, choose, read, phones, forward, faults):what>")
    def act(what: str) -> ResponseReturnValue:
        """Only JSON is read, which no other site's page can send here."""
        request.max_content_length = UPLOAD_BYTES
        locale = _page_locale(default_locale)
        asked = request.get_json(silent=True) if request.is_json else None
        if not isinstance(asked, dict):
            return jsonify(error=refusal("unreadable", locale)), 400
        try:
            DO[what](simulator, asked)
        except PhoneError as error:
            return jsonify(error=refusal(error.reason, locale)), 400
        return jsonify(ok=True)

    @blueprint.get("/media/<token>")
    def media(token: str) -> ResponseReturnValue:
        return _send_medium(simulator.medium(token) or abort(404))

    return blueprint


def make_twilio_blueprint(simulator: TwilioSimulator, prefix: str = "/phone/twilio") -> Blueprint:
    """Twilio's REST API below `prefix`."""
    blueprint = Blueprint("twilio", __name__, url_prefix=prefix)
    api = RestApi(simulator)

    @blueprint.route("/<path:path>", methods=["GET", "POST", "DELETE"])
    def twilio(path: str) -> ResponseReturnValue:
        answer = api.answer(_read(path))
        if answer.never_after is not None:
            simulator.changes.wait_until(lambda: False, answer.never_after)
            _drop_connection()
        return _send_medium(answer.medium) if answer.medium else _say(answer)

    return blueprint


def _page_locale(default: str) -> str:
    """The language of the address, or else of the browser."""
    return known_locale(request.args.get("locale")) or preferred_locale(request.accept_languages.values(), default)


def _fresh(state: dict[str, Any]) -> Response:
    response = jsonify(state)
    response.headers["Cache-Control"] = "no-store"
    return response


def _read(path: str) -> Request:
    return Request(
        request.method,
        f"/{path}",
        request.headers.get("Authorization", ""),
        request.args,
        request.form,
        tuple(request.form.getlist("MediaUrl")),
        request.get_json(silent=True),
    )


def _say(answer: Answer) -> Response:
    response = jsonify(answer.body) if answer.body is not None else Response()
    response.status_code = answer.status
    response.headers.update(answer.headers)
    return response


def _send_medium(medium: Medium) -> Response:
    # Never a page of ours, whatever somebody sent.
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return Response(medium.content, mimetype=medium.content_type, headers=headers)


def _drop_connection() -> None:
    """Where the server lets us (werkzeug's and gunicorn's do)."""
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
