"""Fetching pages and pictures that somebody named the address of: from the public web alone, and never without end.

Nothing of ours goes along: no cookie, no password, no proxy. robots.txt is not asked: whoever imports names pages of
their own, one by one or by the sitemap, and is not a crawler. Between two requests there is a pause.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import urljoin

import certifi

from knowledge.sources.public_addresses import (
    Address,
    Admits,
    FetchError,
    Resolve,
    Target,
    addresses_of,
    is_public,
    resolve,
    target_of,
)

REDIRECTS = 5
REDIRECTED = {301, 302, 303, 307, 308}
BYTES = 5_000_000
"""Of one page or picture, also when unpacked."""
FETCHES = 10_000
"""Of one import, its pictures counted."""
CHUNK = 65_536
AGENT = "Handrail import"
UNPACKED = {"gzip", "x-gzip", "deflate"}


@dataclass(frozen=True)
class Limits:
    """Seconds, and how many."""

    connect: float = 5
    silence: float = 10
    """Without a byte."""
    each: float = 20
    """For one address, with all its redirects."""
    in_all: float = 3 * 3600
    """For all that one import fetches."""
    pause: float = 0.2
    """Between two requests."""
    fetches: int = FETCHES


@dataclass(frozen=True)
class Fetched:
    url: str
    """Where it was found in the end."""
    kind: str
    """As the server says: `text/html`."""
    charset: str
    """As the server says; empty: it says nothing."""
    content: bytes


class Fetcher:
    """One for an import. It fetches one thing at a time."""

    def __init__(self, limits: Limits | None = None, *, admits: Admits = is_public, resolve: Resolve = resolve) -> None:
        """`admits` is asked for each address before it is connected to; nothing but a test needs another one."""
        self._limits = limits or Limits()
        self._admits = admits
        self._resolve = resolve
        self._ends = time.monotonic() + self._limits.in_all
        self._left = self._limits.fetches
        self._last = -self._limits.pause

    def fetch(self, url: str, kinds: tuple[str, ...], most: int = BYTES) -> Fetched:
        """What is at an address, after its redirects. `kinds`: beginnings of the content types that are wanted.

        Raises FetchError.
        """
        self._count()
        deadline = min(time.monotonic() + self._limits.each, self._ends)
        for _ in range(REDIRECTS + 1):
            target = target_of(url)
            with self._answer(target, deadline) as answer:
                if answer.status not in REDIRECTED:
                    return _read(target, answer, kinds, most, deadline)
                url = urljoin(target.url, _line(answer.headers.get("Location", "")))
        raise FetchError(
            f"{target.origin} leads on and on, more than {REDIRECTS} times.",
            f"{target.origin} leitet immer weiter, mehr als {REDIRECTS}-mal.",
        )

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0 or time.monotonic() > self._ends:
            raise FetchError(
                "This import has fetched as much as one may; please import the rest in a second one.",
                "Dieser Import hat so viel abgerufen, wie einer darf; bitte importieren Sie den Rest in einem zweiten.",
            )

    @contextmanager
    def _answer(self, target: Target, deadline: float) -> Iterator[http.client.HTTPResponse]:
        """The answer's head is read, its body is not."""
        time.sleep(max(0.0, self._last + self._limits.pause - time.monotonic()))
        self._last = time.monotonic()
        # The connection goes to an address that was looked at. The name is not resolved a second time: it could
        # lead elsewhere by then.
        found = addresses_of(target, self._resolve, self._admits)
        try:
            with closing(self._connected(found, target.port, deadline)) as plain, _ended_at(deadline, plain):
                connection = http.client.HTTPConnection(target.host, target.port)
                with closing(_secured(plain, target)) as connection.sock:
                    connection.request("GET", target.request, headers=_headers(target))
                    with connection.getresponse() as answer:
                        yield answer
        except ssl.SSLCertVerificationError:
            raise FetchError(
                f"{target.origin} does not prove that it is itself: its certificate is not valid.",
                f"{target.origin} weist sich nicht aus: Das Zertifikat ist ungültig.",
            ) from None
        except (OSError, http.client.HTTPException, ValueError, EOFError):
            raise _late(target) if time.monotonic() >= deadline else _strange(target) from None

    def _connected(self, found: Sequence[Address], port: int, deadline: float) -> socket.socket:
        """To the first of the addresses that answers."""
        error: OSError = TimeoutError()
        for address in found:
            if (left := deadline - time.monotonic()) <= 0:
                break
            try:
                connected = socket.create_connection((str(address), port), min(self._limits.connect, left))
            except OSError as failed:
                error = failed
            else:
                connected.settimeout(self._limits.silence)
                return connected
        raise error


@contextmanager
def _ended_at(deadline: float, plain: socket.socket) -> Iterator[None]:
    """Ends a connection at its deadline: a server that sends a byte now and then would never run into a time-out."""
    twin = plain.dup()  # The socket itself is taken apart when it is secured.
    timer = Timer(max(0.0, deadline - time.monotonic()), _shut, [twin])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        twin.close()


def _shut(twin: socket.socket) -> None:
    with suppress(OSError):
        twin.shutdown(socket.SHUT_RDWR)


def _secured(plain: socket.socket, target: Target) -> socket.socket:
    if target.scheme == "http":
        return plain
    trusted = ssl.create_default_context(cafile=certifi.where())
    return trusted.wrap_socket(plain, server_hostname=target.host)


def _headers(target: Target) -> dict[str, str]:
    return {
        "Host": target.origin,
        "User-Agent": AGENT,
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/*;q=0.8,*/*;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _read(
    target: Target, answer: http.client.HTTPResponse, kinds: tuple[str, ...], most: int, deadline: float
) -> Fetched:
    _check_time(target, deadline)
    if answer.status != 200:
        raise FetchError(
            f"{target.url[:200]} answered with status {answer.status}.",
            f"{target.url[:200]} antwortete mit dem Status {answer.status}.",
        )
    kind = answer.headers.get_content_type()
    if not kind.startswith(kinds):
        raise FetchError(
            f"{target.url[:200]} is {kind[:60]}, not what is wanted there.",
            f"{target.url[:200]} ist {kind[:60]}, nicht das, was dort gesucht wird.",
        )
    content = bytearray()
    for chunk in _chunks(target, answer, most):
        content += chunk
        if len(content) > most:
            raise FetchError(
                f"{target.url[:200]} is larger than {most // 1_000_000} MB.",
                f"{target.url[:200]} ist größer als {most // 1_000_000} MB.",
            )
    _check_time(target, deadline)
    if answer.length:
        raise _strange(target)
    return Fetched(target.url, kind, answer.headers.get_content_charset() or "", bytes(content))


def _chunks(target: Target, answer: http.client.HTTPResponse, most: int) -> Iterator[bytes]:
    """The body, unpacked piece by piece: what unpacks to a thousand times its size does so for a moment only."""
    encoding = (answer.headers.get("Content-Encoding") or "").strip().lower()
    if encoding and encoding not in UNPACKED | {"identity"}:
        raise FetchError(
            f"{target.url[:200]} is packed in a way that was not asked for.",
            f"{target.url[:200]} ist auf eine Weise gepackt, um die nicht gebeten wurde.",
        )
    packed = iter(lambda: answer.read1(CHUNK), b"")
    yield from unpacked(packed, most) if encoding in UNPACKED else packed


def unpacked(packed: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Gzip or zlib, at most some more than `most` bytes of it. Raises ValueError for what is neither."""
    unpacker, so_far = zlib.decompressobj(zlib.MAX_WBITS | 32), 0
    try:
        for chunk in packed:
            rest = chunk
            while rest and so_far <= most:
                yield (piece := unpacker.decompress(rest, CHUNK))
                so_far += len(piece)
                rest = unpacker.unconsumed_tail
            if unpacker.eof:
                return
    except zlib.error as error:
        raise ValueError(str(error)) from None


def _line(location: str) -> str:
    """Some servers send their redirects as raw UTF-8, which is read as Latin-1."""
    with suppress(UnicodeError):
        return location.encode("latin-1").decode("utf-8").strip()
    return location.strip()


def _check_time(target: Target, deadline: float) -> None:
    """What was cut off at the deadline looks like a head or a body that is over."""
    if time.monotonic() >= deadline:
        raise _late(target)


def _late(target: Target) -> FetchError:
    return FetchError(
        f"{target.url[:200]} did not come in time.", f"{target.url[:200]} kam nicht in der vorgesehenen Zeit."
    )


def _strange(target: Target) -> FetchError:
    return FetchError(
        f"{target.origin} does not answer as a web server should.",
        f"{target.origin} antwortet nicht, wie ein Webserver es soll.",
    )
