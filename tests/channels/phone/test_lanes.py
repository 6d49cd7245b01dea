"""Lanes: in order within, side by side between, and nothing done twice."""

from __future__ import annotations

import random
from threading import Barrier, Event, Thread

from structlog.testing import capture_logs

from channels.phone.lanes import Lanes


def test_whatever_is_put_from_many_threads_is_done_once_and_in_order() -> None:
    lanes, done = Lanes(8), {lane: [] for lane in range(5)}  # type: ignore[var-annotated]

    def put(lane: int) -> None:
        for number in range(400):
            lanes.put(lane, lambda number=number: done[lane].append(number))
            if random.random() < 0.3:
                lanes.settle(0.001)  # So that a lane is empty now and then.

    threads = [Thread(target=put, args=[lane]) for lane in done]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lanes.settle(30)
    assert {lane: list(range(400)) for lane in range(5)} == done
    lanes.stop()


def test_lanes_run_side_by_side() -> None:
    lanes, both = Lanes(2), Barrier(2, timeout=30)
    lanes.put("one", both.wait)
    lanes.put("two", both.wait)
    assert lanes.settle(30)
    assert not both.broken


def test_a_task_that_fails_keeps_nothing_from_being_done() -> None:
    lanes, done = Lanes(1), Event()
    with capture_logs() as logged:
        lanes.put("lane", lambda: 1 / 0)
        lanes.put("lane", done.set)
        assert lanes.settle(30)
    assert done.is_set()
    assert 1 == [entry["event"] for entry in logged].count("phone_task_failed")


def test_stopped_lanes_do_no_more() -> None:
    lanes, begun, go, done = Lanes(1), Event(), Event(), Event()
    lanes.put("lane", lambda: begun.set() or go.wait(30))
    lanes.put("lane", done.set)
    begun.wait(30)
    lanes.stop()
    go.set()
    lanes.put("lane", done.set)
    assert not done.wait(0.2)
