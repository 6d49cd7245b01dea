"""Speaks Rasa's REST protocol over one connection that is kept, and takes the time of every turn."""

from __future__ import annotations

import json
import select
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from types import TracebackType
from typing import Any

SECONDS = 60


@dataclass(frozen=True)
class Turn:
    seconds: float
    """From the request's first byte to the reply's last one."""
    replies: tuple[dict[str, Any], ...]


class RestClient:
    def __init__(self, port: int, token: str = "") -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def __enter__(self) -> RestClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def say(self, sender: str, text: str) -> Turn:
        """One turn. Raises RuntimeError when the bot says nothing: a turn without a reply is none."""
        body = json.dumps({"sender": sender, "message": text}).encode()
        self._connect()
        started = time.perf_counter()
        self._connection.request("POST", "/webhooks/rest/webhook", body, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - started
        replies = json.loads(content) if response.status == 200 else []
        if not replies:
            raise RuntimeError(f"No reply: {response.status} {content[:200]!r}")
        return Turn(seconds, tuple(replies))

    def _connect(self) -> None:
        """Connects before the clock starts; a connection the server has closed meanwhile is readable."""
        sock = self._connection.sock
        if sock is not None and select.select([sock], [], [], 0)[0]:
            self._connection.close()
        if self._connection.sock is None:
            self._connection.connect()
