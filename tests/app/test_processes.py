"""What a process counts by itself, while many messages come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Timer
from typing import Any

from limits import parse
from limits.strategies import MovingWindowRateLimiter

from app.processes import OwnCounters, counters


class AtOnce(OwnCounters):
    """Two who count meet right after each made its timer, and before it is started; if they can."""

    meeting: Barrier | None = None

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if self.meeting and isinstance(value, Timer):
            with suppress(BrokenBarrierError):
                self.meeting.wait(0.3)


def test_two_messages_at_one_moment_are_both_counted() -> None:
    assert type(counters("")) is OwnCounters
    counting = AtOnce()
    counting.timer.join()
    counting.meeting = Barrier(2)
    limiter, limit = MovingWindowRateLimiter(counting), parse("2/hour")

    with ThreadPoolExecutor() as pool:
        taken = [pool.submit(limiter.hit, limit, "anna") for _ in range(2)]
    assert [True, True] == [one.result() for one in taken]
    assert not limiter.hit(limit, "anna")
