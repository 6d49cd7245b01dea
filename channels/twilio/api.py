"""Twilio's REST API by its own SDK, at an address that may be another one: the simulator's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from twilio.base import values
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.outbox import TransportError
from channels.twilio.errors import TOO_MANY, UNKNOWN_ACCOUNT, is_permanent, sentence

TWILIO = "https://api.twilio.com"
CONTENT = "https://content.twilio.com/v1/Content"
SECONDS = 10
"""How long Twilio may take; after that nobody knows whether it has taken the message."""
MOST_MISSED = 2000
LOOKED_AT = 50
"""How many of the last messages to a phone are looked at for one that may have been taken."""


@dataclass(frozen=True)
class Accepted:
    """A message as Twilio has it."""

    sid: str
    status: str
    sender: str | None
    body: str
    segments: int
    created_at: datetime
    error_code: int | None = None


@dataclass(frozen=True)
class Taken:
    """A message of a customer, as Twilio keeps it."""

    sid: str
    sender: str
    to: str
    body: str
    media: tuple[tuple[str, str], ...]
    """Addresses and what is said to be there."""
    at: datetime


class Twilio:
    def __init__(self, account_sid: str, auth_token: str, api_url: str = TWILIO, seconds: float = SECONDS) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.api_url = api_url.rstrip("/")
        self._http = _AtAddress(self.api_url, seconds)
        self._client = Client(account_sid, auth_token, http_client=self._http)

    def send(self, fields: dict[str, Any]) -> Accepted:
        """Sends a message of the SDK's fields (`to`, `from_`, `body` …). Raises TransportError."""
        return _accepted(self._asking(lambda: self._client.messages.create(**fields)))

    def sent_to(self, to: str) -> list[Accepted]:
        """The last messages to a phone, newest first. Raises TransportError."""
        return [_accepted(one) for one in self._asking(lambda: self._client.messages.list(to=to, limit=LOOKED_AT))]

    def taken_for(self, number: str | None, since: datetime) -> list[Taken]:
        """What customers have sent since then to a number of ours; None: to any. Raises TransportError."""
        to = number or values.unset
        listed = self._asking(lambda: self._client.messages.list(to=to, date_sent_after=since, limit=MOST_MISSED))
        return [self._taken(one) for one in listed if one.direction == "inbound"]

    def _taken(self, message: Any) -> Taken:
        media = self._asking(message.media.list) if int(message.num_media or 0) else []
        found = tuple((f"{self.api_url}{one.uri.removesuffix('.json')}", str(one.content_type)) for one in media)
        return Taken(message.sid, message.from_, message.to, message.body or "", found, message.date_created)

    def numbers(self) -> set[str]:
        """The account's own numbers. Raises TransportError."""
        return {one.phone_number for one in self._asking(self._client.incoming_phone_numbers.list)}

    def create_content(self, content: dict[str, Any]) -> str:
        """Registers a content template; its sid. Raises TransportError."""
        # SDK 8.2, the newest that lives with Rasa, can list contents and not make them.
        answered = self._asking(lambda: self._http.post_json(CONTENT, content, (self.account_sid, self.auth_token)))
        return str(answered["sid"])

    def delete_media(self, url: str) -> None:
        """Deletes what was fetched, at Twilio. Raises TransportError."""
        self._asking(lambda: self._client.request("DELETE", f"{url}.json"))

    def _asking(self, request: Any) -> Any:
        try:
            return request()
        except TwilioRestException as error:
            raise _refused(error.status, error.code) from None
        except TwilioException:
            # A list that was refused: the SDK tells no more of it than its text.
            raise TransportError("Twilio could not be asked.", unknown=True) from None
        except requests.ConnectionError as error:
            raise TransportError("Twilio can't be reached.", unknown=not _never_left(error)) from None
        except requests.RequestException:
            raise TransportError("Twilio did not answer in time.", unknown=True) from None


class _AtAddress(TwilioHttpClient):
    """The SDK's own client, at the address of the settings, that tells how long to wait after a 429."""

    def __init__(self, api_url: str, seconds: float) -> None:
        # No retries of its own: a message may be taken although the answer is lost.
        super().__init__(timeout=seconds, max_retries=0)
        self._api_url = api_url

    def request(self, method: str, url: str, **options: Any) -> Response:
        response = super().request(method, self._there(url), **options)
        if response.status_code == 429:
            raise TransportError(
                "Twilio asks us to be slower.", code=TOO_MANY, retry_after=_seconds(response.headers.get("Retry-After"))
            )
        if response.status_code == 401:
            raise _refused(401, UNKNOWN_ACCOUNT)
        return response

    def post_json(self, url: str, body: dict[str, Any], auth: tuple[str, str]) -> dict[str, Any]:
        """What was answered. Raises TransportError."""
        headers = {"Content-Type": "application/json"}
        response = self.request("POST", url, data=json.dumps(body), headers=headers, auth=auth, timeout=self.timeout)
        answered: dict[str, Any] = json.loads(response.text or "{}")
        if response.status_code >= 400:
            raise _refused(response.status_code, answered.get("code"))
        return answered

    def _there(self, url: str) -> str:
        if self._api_url == TWILIO or url.startswith(self._api_url):
            return url
        parts = urlsplit(url)
        return f"{self._api_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def _accepted(message: Any) -> Accepted:
    return Accepted(
        sid=message.sid,
        status=str(message.status),
        sender=message.from_,
        body=message.body or "",
        segments=int(message.num_segments or 0),
        created_at=message.date_created,
        error_code=message.error_code,
    )


def _refused(status: int, code: int | None) -> TransportError:
    # After an error of Twilio's own, nobody knows how far it came.
    return TransportError(
        sentence(code or status), permanent=is_permanent(code, status), unknown=status >= 500, code=code or status
    )


def _never_left(error: requests.ConnectionError) -> bool:
    """Whether not even a connection was made."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


def _seconds(text: str | None) -> float | None:
    try:
        return min(max(float(text or ""), 0), 3600)
    except ValueError:
        return None
