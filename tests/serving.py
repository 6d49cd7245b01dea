"""An application on a port of this process, which is left only when it has nothing more to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Thread
from threading import enumerate as threads
from time import monotonic
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

HELD = "/phone/api/state"
"""What is not answered before there is something to say."""
LONGEST_SECONDS = 10
EVENT = "(_handle_event_internal)"
"""As the threads are called in which Socket.IO handles what a page says."""


@contextmanager
def serving(app: Any, port: int) -> Iterator[None]:
    """A WSGI application on a loopback port, with a thread for each request.

    What pages asked for last is answered before the test takes its database away, and no page's connection is left by
    which something more could come.
    """
    answering = Answering(app)
    server = make_server("127.0.0.1", port, answering, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        _hang_up(app)
        answering.finish()


def _hang_up(app: Any) -> None:
    """Ends the connections of Socket.IO; nobody is waited for who is gone already."""
    socketio = getattr(app, "extensions", {}).get("socketio")
    for connection in list(socketio.server.eio.sockets.values()) if socketio else []:
        connection.close(wait=False)


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """A test says what it has to say."""


class Answering:
    """The same application, which knows whether it is at something.

    And whose files are closed also where a browser goes away in the middle: Werkzeug's server forgets it.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._count = 0
        self._changed = Condition()

    def __call__(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        is_held = environ["PATH_INFO"] == HELD
        self._add(0 if is_held else 1)
        body = None
        try:
            body = self._app(environ, start_response)
            yield from body
        finally:
            if hasattr(body, "close"):
                body.close()
            self._add(0 if is_held else -1)

    def finish(self) -> None:
        """Waits for what is being answered, and then for what pages said before they were cut off; not for ever."""
        until = monotonic() + LONGEST_SECONDS
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0, LONGEST_SECONDS)
        for thread in threads():
            if thread.name.endswith(EVENT):
                thread.join(max(0, until - monotonic()))

    def _add(self, by: int) -> None:
        with self._changed:
            self._count += by
            self._changed.notify_all()
