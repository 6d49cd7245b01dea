"""Writers that wait for each other: in order, and those first who must not wait."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest

from db.turnstile import Turnstile


def test_one_at_a_time_passes() -> None:
    turnstile, inside, most = Turnstile(), 0, 0

    def pass_through(number: int) -> None:
        nonlocal inside, most
        with turnstile.passing(first=number % 3 == 0):
            inside += 1
            most = max(most, inside)
            time.sleep(0.001)
            inside -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(pass_through, range(80)))
    assert 1 == most


def test_those_who_must_not_wait_go_before_those_who_came_earlier() -> None:
    turnstile, order, holding, released = Turnstile(), list[str](), Event(), Event()

    def hold() -> None:
        with turnstile.passing(first=False):
            holding.set()
            released.wait(60)

    def enter(name: str, first: bool) -> Thread:
        def pass_through() -> None:
            with turnstile.passing(first=first):
                order.append(name)

        thread = Thread(target=pass_through)
        thread.start()
        waiting = turnstile._first if first else turnstile._waiting
        while not waiting:
            time.sleep(0.001)
        return thread

    threads = [Thread(target=hold)]
    threads[0].start()
    holding.wait(60)
    threads += [enter("later", False), enter("at once", True)]
    released.set()
    for thread in threads:
        thread.join(60)

    assert ["at once", "later"] == order


def test_whoever_fails_inside_lets_the_next_one_in() -> None:
    turnstile = Turnstile()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), turnstile.passing(first=False):
            _ = 1 / 0
