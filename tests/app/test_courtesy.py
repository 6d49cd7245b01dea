"""Those who must be answered at once go first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from app.courtesy import Courtesy


def test_a_thinker_begins_only_when_nobody_goes_first() -> None:
    courtesy, inside, done = Courtesy(), Event(), Event()
    began: list[str] = []

    def answer() -> None:
        with courtesy.going_first():
            inside.set()
            done.wait(10)
            began.append("answered")

    def think() -> None:
        while not done.is_set() or "answered" not in began:
            courtesy.let_pass()
            done.set()
        began.append("thought")

    with ThreadPoolExecutor(2) as pool:
        pool.submit(answer)
        inside.wait(10)
        pool.submit(think)
    assert ["answered", "thought"] == began


def test_a_thinker_does_not_wait_for_ever() -> None:
    courtesy = Courtesy()
    with courtesy.going_first():
        courtesy.let_pass()


def test_a_door_that_fails_keeps_nobody_waiting() -> None:
    courtesy = Courtesy()

    def application(environ: dict[str, Any], start_response: object) -> list[bytes]:
        raise ZeroDivisionError

    door = courtesy.before(application, ["/first"], ["/later"])
    for path in ("/first", "/later", "/other"):
        try:
            door({"PATH_INFO": path}, lambda *_: None)
        except ZeroDivisionError:
            continue
    assert courtesy._nobody.is_set()
