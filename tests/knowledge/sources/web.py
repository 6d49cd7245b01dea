"""A small web on this machine, with servers that behave badly; and a fetcher that is let in there."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from knowledge.sources.fetching import Fetcher, Limits
from knowledge.sources.public_addresses import Address, Resolve, resolve

Page = tuple[int, Mapping[str, str], bytes]
PATIENT = Limits(connect=30, silence=30, each=60, pause=0)
"""The tests' own servers are near, but may have to wait for their turn on this machine."""


@dataclass
class Site:
    """What it answers at each path, and what it was asked."""

    address: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def put(self, path: str, content: bytes | str, kind: str = "text/html", status: int = 200, **headers: str) -> str:
        body = content.encode() if isinstance(content, str) else content
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, {"Content-Type": kind, "Content-Length": str(len(body))} | named, body)
        return f"{self.address}{path}"

    def lead(self, path: str, where: str, status: int = 302) -> str:
        return self.put(path, b"", status=status, Location=where)


@contextmanager
def open_site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.headers.append(dict(self.headers))
            status, headers, body = site.pages.get(self.path, (404, {"Content-Length": "0"}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that says whatever it likes to everybody who asks."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            with suppress(OSError), closing(listener.accept()[0]) as caller:
                caller.settimeout(30)
                if caller.recv(65_536):
                    talk(caller)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    over.set()
    with suppress(OSError):
        socket.create_connection(listener.getsockname(), timeout=1).close()
    listener.close()
    thread.join(timeout=30)


def let_in(address: Address, _port: int) -> bool:
    """Only the tests' own servers are admitted."""
    return address.is_loopback


def fetcher(limits: Limits = PATIENT, resolve: Resolve = resolve, **changed: float) -> Fetcher:
    return Fetcher(replace(limits, **changed), admits=let_in, resolve=resolve)  # type: ignore[arg-type]
