"""Twilio's doors: messages in, reports of what became of ours. Nobody else opens them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from twilio.request_validator import RequestValidator

from channels.inbound import Inbound, Received
from channels.twilio.reading import UnreadableError, read_inbound, read_report
from channels.twilio.status import Report

NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""The answer is sent later, from the outbox. An empty body would be logged by Twilio as an error (11200)."""

log = structlog.get_logger(__name__)


def make_blueprint(
    auth_token: str,
    account_sid: str,
    public_url: str,
    receive: Callable[[Inbound, datetime], Received],
    wake: Callable[[Received, Inbound], None],
    tell: Callable[[Received], None],
    take_report: Callable[[Report, datetime], bool],
    now: Callable[[], datetime],
) -> Blueprint:
    """`public_url`: the address under which Twilio calls us, as far as the host; empty: the one it called.

    `wake` says that a message was received, `tell` also says so to the pages the customer has open, once Twilio has its
    answer; `take_report` keeps what became of one of ours.
    """
    blueprint = Blueprint("twilio_webhooks", __name__, url_prefix="/webhooks/twilio")
    validator = RequestValidator(auth_token)

    @blueprint.before_request
    def check_signature() -> None:
        signed = validator.validate(_called(public_url), _signed_body(), request.headers.get("X-Twilio-Signature", ""))
        if not signed or request.form.get("AccountSid", account_sid) != account_sid:
            abort(403)  # And no word why.

    @blueprint.post("/sms")
    @blueprint.post("/whatsapp")
    def message() -> ResponseReturnValue:
        try:
            inbound = read_inbound(request.form)
        except UnreadableError:
            log.warning("unreadable_message", fields=sorted(request.form))
            return _answer()
        received = receive(inbound, now())
        answer = _answer()
        if received.is_new:
            wake(received, inbound)
            answer.call_on_close(partial(tell, received))
        return answer

    @blueprint.post("/status")
    def status() -> ResponseReturnValue:
        try:
            take_report(read_report(request.form, request.args.get("delivery")), now())
        except UnreadableError:
            log.warning("unreadable_report", fields=sorted(request.form))
        return "", 204

    return blueprint


def _called(public_url: str) -> str:
    """The address exactly as Twilio called it: its path and query still encoded, its host the public one."""
    raw = str(request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or request.full_path.rstrip("?"))
    if not raw.startswith("/"):  # A proxy may pass the whole address on.
        raw = "/" + raw.split("/", 3)[3]
    return f"{public_url or request.host_url.rstrip('/')}{raw}"


def _signed_body() -> Any:
    """What the signature covers beside the address: the form as it came, or the body of JSON."""
    return request.get_data(as_text=True) if "bodySHA256" in request.args else request.form


def _answer() -> Response:
    return Response(NOTHING_TO_SAY, mimetype="text/xml")
