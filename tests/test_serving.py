"""A server of the tests is left only when what was asked of it is answered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from urllib.request import urlopen

import socketio
from flask import Flask
from flask_socketio import SocketIO
from socketio.exceptions import BadNamespaceError

from tests.server import free_port
from tests.serving import serving


def test_what_was_asked_last_is_answered_before_it_is_left() -> None:
    app, port = Flask("slow"), free_port()
    begun, may_end = Event(), Event()
    ended: list[str] = []

    @app.get("/slow")
    def slow() -> str:
        begun.set()
        may_end.wait(60)
        ended.append("answered")
        return "answered"

    with ThreadPoolExecutor() as pool:
        with serving(app, port):
            asked = pool.submit(lambda: urlopen(f"http://127.0.0.1:{port}/slow", timeout=60).read())
            begun.wait(60)
            pool.submit(lambda: may_end.wait(0.2) or may_end.set())
        assert ended == ["answered"]
        assert asked.result() == b"answered"


def test_who_is_still_connected_says_nothing_more_once_it_is_left() -> None:
    app, port = Flask("talk"), free_port()
    wires = SocketIO(app, async_mode="threading")
    begun, may_end = Event(), Event()
    heard: list[str] = []

    @wires.on("say")
    def say(word: str) -> None:
        begun.set()
        may_end.wait(60)
        heard.append(word)

    page, ended = socketio.Client(reconnection=False), Event()
    page.on("disconnect", lambda *_: ended.set())

    def go_on() -> None:
        ended.wait(30)
        with suppress(BadNamespaceError):
            page.emit("say", "second")
            page.sleep(0.2)
        may_end.set()

    with ThreadPoolExecutor() as pool:
        with serving(app, port):
            page.connect(f"http://127.0.0.1:{port}")
            page.emit("say", "first")
            begun.wait(60)
            going_on = pool.submit(go_on)
        assert heard == ["first"]
        going_on.result()
    assert heard == ["first"]
    assert ended.is_set()
    page.disconnect()
