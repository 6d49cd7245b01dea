"""Those who must be answered at once go first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from app.courtesy import Courtesy


def test_a_thinker_begins_only_when_nobody_goes_first() -> None:
    courtesy, inside, done = Courtesy(), Event(), Event()
    began: list[str] = []

    def answer() -> None:
        with courtesy.going_first():
            inside.set()
            done.wait(30)
            began.append("answered")

    def think() -> None:
        while not done.is_set() or "answered" not in began:
            courtesy.let_pass()
            done.set()
        began.append("thought")

    with ThreadPoolExecutor(2) as pool:
        pool.submit(answer)
        inside.wait(30)
        pool.submit(think)
    assert ["answered", "thought"] == began


def test_a_thinker_does_not_wait_for_ever() -> None:
    courtesy = Courtesy()
    with courtesy.going_first():
        courtesy.let_pass()


def test_whoever_fails_while_going_first_keeps_nobody_waiting() -> None:
    courtesy = Courtesy()
    with pytest.raises(ZeroDivisionError), courtesy.going_first():
        _ = 1 / 0

    assert courtesy._nobody.is_set()
