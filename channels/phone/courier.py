"""Posts webhooks to the product as Twilio does: signed, in time, again when nobody answered, and kept in a log."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from time import perf_counter
from typing import Literal
from urllib.parse import urlencode
from xml.parsers import expat

from twilio.request_validator import RequestValidator
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from channels.phone.clock import Clock
from channels.phone.faults import Faults
from channels.phone.lanes import Lanes

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
NOT_UNDERSTOOD = 11200
"""Twilio's warning for an answer that it can do nothing with."""
KEPT = 10_000
LONGEST_PAUSE = 1.0
HEADERS = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "User-Agent": "TwilioProxy/1.1"}
Kind = Literal["message", "status"]


@dataclass(frozen=True)
class Letter:
    """A webhook that is to be posted."""

    kind: Kind
    url: str
    params: dict[str, str]
    done: Callable[[bool], None] = lambda _taken: None
    """Told at the end whether it was taken."""

    @property
    def sid(self) -> str:
        return self.params["MessageSid"]


@dataclass(frozen=True)
class Webhook:
    """One attempt to post it, as the log keeps it."""

    number: int
    kind: Kind
    sid: str
    url: str
    params: dict[str, str]
    at: datetime
    attempt: int
    status: int | None
    """None: no answer."""
    seconds: float
    error: str = ""
    """Why there was none."""
    warning: int | None = None
    """11200: an answer that is no success, or neither TwiML nor empty with 204."""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Courier:
    def __init__(
        self,
        token: str,
        clock: Clock,
        faults: Faults,
        changed: Callable[[], None],
        threads: int,
        retries: int,
        patient: bool,
    ) -> None:
        self.retries = retries
        self.patient = patient
        self.pause = 0.2
        self.lanes = Lanes(threads)
        self._validator = RequestValidator(token)
        self._clock = clock
        self._faults = faults
        self._changed = changed
        self._stopped = Event()
        self._http = PoolManager(num_pools=20, maxsize=threads * 2, retries=False)
        self._log: deque[Webhook] = deque(maxlen=KEPT)
        self._numbers = 0

    @property
    def log(self) -> list[Webhook]:
        return list(self._log)

    def forget(self) -> None:
        self._log.clear()

    def post(self, lane: Hashable, letter: Letter) -> None:
        """Posts it as soon as what is before it in its lane is done."""
        faults = self._faults
        is_double = faults.strikes("duplicate")
        # The second one comes after the first, or at the same moment.
        deliver = self._deliver_twice if is_double and faults.some_of("duplicate", 1) < 0.5 else self._deliver
        times = 2 if is_double and deliver == self._deliver else 1
        wait = faults.some_of("delay", faults.delay_seconds) if faults.strikes("delay") else 0.0
        held_for = faults.reorder_seconds if faults.strikes("reorder") else 0.0

        def run() -> None:
            self._stopped.wait(wait)
            for _ in range(times):
                deliver(letter)

        self.lanes.put(lane, run, held_for)

    def stop(self) -> None:
        self._stopped.set()
        self.lanes.stop()
        self._http.clear()

    def _deliver(self, letter: Letter) -> None:
        letter.done(self._until_taken(letter))

    def _deliver_twice(self, letter: Letter) -> None:
        second = Thread(target=self._until_taken, args=[letter], name="phone-duplicate", daemon=True)
        second.start()
        self._deliver(letter)
        second.join()

    def _until_taken(self, letter: Letter) -> bool:
        attempt = 1
        while True:
            tried = self._try(letter, attempt)
            if not self._goes_on(tried) or self._stopped.wait(min(self.pause * attempt, LONGEST_PAUSE)):
                return tried.is_taken
            attempt += 1

    def _goes_on(self, tried: Webhook) -> bool:
        if self.patient:  # What the product refuses as wrong, it will refuse again.
            return tried.status is None or tried.status == 429 or tried.status >= 500
        # A connection that could not be made; a product that was too slow is not asked again.
        return tried.status is None and tried.error != "timeout" and tried.attempt <= self.retries

    def _try(self, letter: Letter, attempt: int) -> Webhook:
        at, started = self._clock.now(), perf_counter()
        status, error, warning = None, "", None
        try:
            response = self._send(letter)
            status = response.status
            warning = None if _is_understood(response) else NOT_UNDERSTOOD
        except HTTPError as failure:
            error = "timeout" if "Read timed out" in str(failure) else type(failure).__name__
        return self._keep(letter, attempt, at, perf_counter() - started, status, error, warning)

    def _send(self, letter: Letter) -> BaseHTTPResponse:
        signature = self._validator.compute_signature(letter.url, letter.params)
        return self._http.request(
            "POST",
            letter.url,
            body=urlencode(letter.params),
            headers=HEADERS | {"X-Twilio-Signature": signature},
            timeout=Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            redirect=False,
        )

    def _keep(
        self,
        letter: Letter,
        attempt: int,
        at: datetime,
        seconds: float,
        status: int | None,
        error: str,
        warning: int | None,
    ) -> Webhook:
        self._numbers += 1
        tried = Webhook(
            self._numbers,
            letter.kind,
            letter.sid,
            letter.url,
            letter.params,
            at,
            attempt,
            status,
            seconds,
            error,
            warning,
        )
        self._log.append(tried)
        self._changed()
        return tried


def _is_understood(response: BaseHTTPResponse) -> bool:
    """Whether it is a success that is empty with 204, or TwiML."""
    if not 200 <= response.status < 300:
        return False
    return (response.status == 204 and not response.data) or _is_twiml(response.data)


def _is_twiml(body: bytes) -> bool:
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _attributes: names.append(name)
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        return False
    return names[0] == "Response"
