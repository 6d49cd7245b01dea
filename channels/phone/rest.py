"""Twilio's REST API, without any web framework: a request in, an answer out."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import format_datetime
from hmac import compare_digest
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from channels.phone.contents import Content
from channels.phone.errors import TwilioError
from channels.phone.messages import Medium, Message
from channels.phone.params import API_VERSION
from channels.phone.simulator import TwilioSimulator

MESSAGES = re.compile(rf"/{API_VERSION}/Accounts/(?P<account>AC\w+)/Messages(?P<rest>/.*|\.json)")
MOST_ON_A_PAGE, ON_A_PAGE = 1000, 50
DAY = "%Y-%m-%d"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    """Below where the API is mounted, from its first `/`."""
    authorization: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    media_urls: tuple[str, ...] = ()
    json: Any = None


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    medium: Medium | None = None
    """Instead of a body: the bytes of this."""
    never_after: float | None = None
    """Instead of an answer: the connection is held so many seconds and then dropped."""


class RestApi:
    def __init__(self, simulator: TwilioSimulator) -> None:
        self._simulator = simulator

    def answer(self, request: Request) -> Answer:
        try:
            if request.path.startswith("/cdn/"):
                return self._cdn(request)
            self._check_credentials(request)
            return self._route(request)
        except TwilioError as error:
            return Answer(error.status, error.body, error.headers)

    def _check_credentials(self, request: Request) -> None:
        account = self._simulator.account
        kind, _, encoded = request.authorization.partition(" ")
        try:
            given = b64decode(encoded, validate=True) if kind == "Basic" else b""
        except ValueError:
            given = b""
        if not compare_digest(given, f"{account.sid}:{account.token}".encode()):
            raise TwilioError(20003, headers={"WWW-Authenticate": 'Basic realm="Twilio API"'})

    def _route(self, request: Request) -> Answer:
        if request.path == "/v1/Content":
            return self._contents(request)
        if request.path.startswith("/v1/Content/"):
            return self._one_content(request)
        account = self._simulator.account
        if request.method == "GET" and request.path == f"/2010-04-01/Accounts/{account.sid}/IncomingPhoneNumbers.json":
            listed = [{"phone_number": number, "account_sid": account.sid} for number in account.sms]
            return Answer(body={"incoming_phone_numbers": listed} | _paging(request, ON_A_PAGE, 0, [], True))
        found = MESSAGES.fullmatch(request.path)
        if found is None or found["account"] != self._simulator.account.sid:
            raise TwilioError(20404, request.path)
        if found["rest"] == ".json":
            return self._create(request) if request.method == "POST" else self._list(request)
        return self._one_message(request, found["rest"].strip("/").removesuffix(".json").split("/"))

    def _create(self, request: Request) -> Answer:
        faults = self._simulator.faults
        if faults.strikes("rate_limited"):
            raise TwilioError(20429, headers={"Retry-After": str(faults.retry_after)})
        if faults.strikes("server_error"):
            raise TwilioError(20500)
        message = self._simulator.create(request.form, request.media_urls)
        if faults.strikes("timeout_after_accepting"):
            return Answer(never_after=faults.timeout_seconds)
        return Answer(201, message_json(message, self._simulator.account.sid) | _as_accepted(message))

    def _list(self, request: Request) -> Answer:
        query = request.query
        found = [message for message in reversed(self._simulator.messages) if _is_asked_for(message, query)]
        size = min(max(_whole(query.get("PageSize"), ON_A_PAGE), 1), MOST_ON_A_PAGE)
        number = max(_whole(query.get("Page"), 0), 0)
        after = query.get("PageToken", "").removeprefix("PA")
        begin = next((place + 1 for place, message in enumerate(found) if message.sid == after), number * size)
        page = found[begin : begin + size]
        is_last = begin + size >= len(found)
        listed = [message_json(message, self._simulator.account.sid) for message in page]
        return Answer(body={"messages": listed} | _paging(request, size, number, page, is_last))

    def _one_message(self, request: Request, path: list[str]) -> Answer:
        message = self._simulator.message(path[0])
        if message is None:
            raise TwilioError(20404, request.path)
        if path[1:2] == ["Media"]:
            return self._media(request, message, path[2:])
        if path[1:] or request.method != "GET":
            raise TwilioError(20404, request.path)
        return Answer(body=message_json(message, self._simulator.account.sid))

    def _media(self, request: Request, message: Message, path: list[str]) -> Answer:
        if not path:
            listed = [self._medium_json(message, medium) for medium in message.media_at_twilio]
            return Answer(body={"media_list": listed} | _paging(request, ON_A_PAGE, 0, [], True))
        medium = next((medium for medium in message.media_at_twilio if [medium.sid] == path), None)
        if medium is None or not self._is_ready(medium):
            raise TwilioError(20404, request.path)
        if request.method == "DELETE":
            message.deleted.add(medium.sid)
            return Answer(204)
        if request.path.endswith(".json"):
            return Answer(body=self._medium_json(message, medium))
        return Answer(307, headers={"Location": f"{self._simulator.cdn_url}/{medium.token}"})

    def _is_ready(self, medium: Medium) -> bool:
        return monotonic() - medium.arrived >= self._simulator.media_ready_after

    def _cdn(self, request: Request) -> Answer:
        if request.authorization:
            # Somebody else's host: it refuses what it can't know, and would have seen the credentials.
            return Answer(400, {"message": "Credentials were sent to a host that is not Twilio's."})
        medium = self._simulator.medium_at_twilio(request.path.removeprefix("/cdn/"))
        return Answer(medium=medium) if medium else Answer(404, {"message": "There is no such file."})

    def _medium_json(self, message: Message, medium: Medium) -> dict[str, Any]:
        account = self._simulator.account.sid
        return {
            "account_sid": account,
            "content_type": medium.content_type,
            "date_created": _rfc2822(message.created_at),
            "date_updated": _rfc2822(message.created_at),
            "parent_sid": message.sid,
            "sid": medium.sid,
            "uri": f"/{API_VERSION}/Accounts/{account}/Messages/{message.sid}/Media/{medium.sid}.json",
        }

    def _contents(self, request: Request) -> Answer:
        if request.method == "POST":
            content = self._simulator.add_content(request.json)
            return Answer(201, self._content_json(content))
        listed = [self._content_json(content) for content in self._simulator.contents]
        url = f"{self._simulator.api_url}/v1/Content?PageSize=50&Page=0"
        meta = {"page": 0, "page_size": 50, "key": "contents", "url": url, "first_page_url": url}
        return Answer(body={"contents": listed, "meta": meta | {"next_page_url": None, "previous_page_url": None}})

    def _one_content(self, request: Request) -> Answer:
        sid, _, rest = request.path.removeprefix("/v1/Content/").partition("/")
        content = self._simulator.content(sid)
        if content is None or rest not in {"", "ApprovalRequests"} or request.method != "GET":
            raise TwilioError(20404, request.path)
        if rest:
            return Answer(body={"sid": sid, "account_sid": self._simulator.account.sid, "whatsapp": _approval(content)})
        return Answer(body=self._content_json(content))

    def _content_json(self, content: Content) -> dict[str, Any]:
        url = f"{self._simulator.api_url}/v1/Content/{content.sid}"
        return {
            "account_sid": self._simulator.account.sid,
            "date_created": content.created_at.strftime(MOMENT),
            "date_updated": content.created_at.strftime(MOMENT),
            "friendly_name": content.name,
            "language": content.language,
            "links": {
                "approval_fetch": f"{url}/ApprovalRequests",
                "approval_create": f"{url}/ApprovalRequests/whatsapp",
            },
            "sid": content.sid,
            "types": content.types,
            "url": url,
            "variables": content.variables,
        }


def _as_accepted(message: Message) -> dict[str, Any]:
    """What is known at the moment of accepting, however quick the way."""
    known: dict[str, Any] = {"date_sent": None, "error_code": None, "error_message": None, "status": "queued"}
    # Which number of the service will send it is not known yet.
    return known | ({"status": "accepted", "from": None, "num_segments": "0"} if message.service_sid else {})


def _approval(content: Content) -> dict[str, Any]:
    status = "approved" if content.is_approved else "unsubmitted"
    return {"type": "whatsapp", "name": content.name, "category": "UTILITY", "status": status, "rejection_reason": ""}


def message_json(message: Message, account_sid: str) -> dict[str, Any]:
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}"
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": _rfc2822(message.created_at),
        "date_sent": _rfc2822(message.sent_at),
        "date_updated": _rfc2822(message.updated_at or message.created_at),
        "direction": "inbound" if message.is_inbound else "outbound-api",
        "error_code": message.error_code if message.has_failed else None,
        "error_message": message.error if message.has_failed else None,
        "from": message.from_,
        "messaging_service_sid": message.service_sid or None,
        "num_media": str(len(message.media_at_twilio) + len(message.media_urls)),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": "received" if message.is_inbound else message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }


def _rfc2822(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None


def _is_asked_for(message: Message, query: Mapping[str, str]) -> bool:
    wanted = {"To": message.to, "From": message.from_}
    if any(query.get(name, value) != value for name, value in wanted.items()):
        return False
    return all(_fits_date(message.sent_at, sign, query.get(f"DateSent{sign}")) for sign in ("", "<", ">"))


def _fits_date(sent_at: datetime | None, sign: str, text: str | None) -> bool:
    """`DateSent>` arrives as `DateSent>=…`: the equals sign is the query's own, and it is part of the meaning."""
    if not text:
        return True
    if sent_at is None:
        return False
    form = DAY if len(text) <= 10 else MOMENT
    given = _moment(text, form)
    sent = datetime.strptime(sent_at.strftime(form), form).replace(tzinfo=timezone.utc)
    return {"": sent == given, "<": sent <= given, ">": sent >= given}[sign]


def _moment(text: str, form: str) -> datetime:
    try:
        return datetime.strptime(text, form).replace(tzinfo=timezone.utc)
    except ValueError:
        raise TwilioError(20001, "DateSent") from None


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else default


def _paging(request: Request, size: int, number: int, page: list[Message], is_last: bool) -> dict[str, Any]:
    kept = {name: value for name, value in request.query.items() if name not in {"Page", "PageSize", "PageToken"}}

    def uri(page_number: int, **more: str) -> str:
        return f"{request.path}?{urlencode({**kept, 'PageSize': size, 'Page': page_number, **more})}"

    return {
        "end": number * size + max(len(page) - 1, 0),
        "first_page_uri": uri(0),
        "next_page_uri": None if is_last else uri(number + 1, PageToken=f"PA{page[-1].sid}"),
        "page": number,
        "page_size": size,
        "previous_page_uri": uri(number - 1) if number else None,
        "start": number * size,
        "uri": uri(number),
    }
