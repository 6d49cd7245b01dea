"""The simulator's doors: Twilio's REST API below `/phone/twilio`."""

from __future__ import annotations

import socket
from pathlib import Path

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from channels.phone.rest import Answer, Request, RestApi
from channels.phone.simulator import TwilioSimulator

STATIC = Path(__file__).parent / "static"


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
        return _say(answer)

    return blueprint


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
    if answer.medium:
        # Never a page of ours, whatever somebody sent.
        saved = {"Content-Disposition": "attachment"}
        return Response(answer.medium.content, mimetype=answer.medium.content_type, headers=saved)
    response = jsonify(answer.body) if answer.body is not None else Response()
    response.status_code = answer.status
    response.headers.update(answer.headers)
    return response


def _drop_connection() -> None:
    """Where the server lets us (werkzeug's and gunicorn's do)."""
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
