"""A server of the tests is left only when what was asked of it is answered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from urllib.request import urlopen

from flask import Flask

from tests.server import free_port
from tests.serving import serving


def test_what_was_asked_last_is_answered_before_it_is_left() -> None:
    app, port = Flask("slow"), free_port()
    begun, may_end = Event(), Event()
    ended: list[str] = []

    @app.get("/slow")
    def slow() -> str:
        begun.set()
        may_end.wait(10)
        ended.append("answered")
        return "answered"

    with ThreadPoolExecutor() as pool:
        with serving(app, port):
            asked = pool.submit(lambda: urlopen(f"http://127.0.0.1:{port}/slow", timeout=10).read())
            begun.wait(10)
            pool.submit(lambda: may_end.wait(0.2) or may_end.set())
        assert ended == ["answered"]
        assert asked.result() == b"answered"
