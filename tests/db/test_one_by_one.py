"""Row after row: one that fails keeps no other from its turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from db import one_by_one, resting
from tests.cast import MONDAY

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What goes wrong here is meant to."""
    with capture_logs() as logged:
        yield logged


def test_what_fails_keeps_no_other_from_its_turn() -> None:
    def half(row: int) -> float:
        return 12 / row

    assert [(3, 4.0), (4, 3.0)] == list(one_by_one("halving", (3, 0, 4), half, MONDAY))


def test_what_goes_on_failing_is_tried_and_logged_ever_more_seldom_and_at_most_each_hour(
    logged: list[Any],
) -> None:
    tried: list[int] = []

    def fails(second: int) -> None:
        def do(_row: str) -> None:
            tried.append(second)
            raise ValueError("broken")

        assert [] == list(one_by_one("failing", ["broken"], do, MONDAY + second * SECOND))

    for second in range(3 * 3600):
        fails(second)

    assert [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047, 4095, 7695] == tried
    failed = [one for one in logged if one["event"] == "row_failed"]
    assert ["broken"] * len(tried) == [one["row"] for one in failed if one["work"] == "failing"]


def test_what_was_mended_is_done_each_time_again() -> None:
    broken = True

    def do(_row: str) -> None:
        assert not broken

    assert [] == list(one_by_one("mending", ["a"], do, MONDAY))
    assert (1, 0) == (resting("mending", MONDAY), resting("another", MONDAY))
    broken = False
    assert [] == list(one_by_one("mending", ["a"], do, MONDAY))
    assert [("a", None)] == list(one_by_one("mending", ["a"], do, MONDAY + SECOND))
    assert 0 == resting("mending", MONDAY + SECOND)
    assert [("a", None)] == list(one_by_one("mending", ["a"], do, MONDAY + SECOND))


def test_a_lost_connection_is_no_rows_fault() -> None:
    def lost(_row: str) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"), connection_invalidated=True)

    with pytest.raises(OperationalError):
        list(one_by_one("losing", ["a"], lost, MONDAY))
    assert 0 == resting("losing", MONDAY)
