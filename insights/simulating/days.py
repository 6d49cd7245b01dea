"""The time of an invented history: what is to happen when, in order, and the rounds that the clock brings about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

Deed = Callable[[datetime], None]

BUSY, QUIET = timedelta(minutes=5), timedelta(minutes=30)
"""How often the rounds are gone: while somebody waits or is looked after, and while nobody does."""


class Days:
    """Plans deeds and does them in the order of their moments; between them, `tick` is told the time."""

    def __init__(self, begins: datetime, ends: datetime, tick: Deed, is_busy: Callable[[], bool]) -> None:
        self.now, self.ends = begins, ends
        self._tick, self._is_busy = tick, is_busy
        self._plan: list[tuple[datetime, int, Deed]] = []
        self._order = count()

    def plan(self, at: datetime, deed: Deed) -> None:
        """What would be in the past happens next."""
        heappush(self._plan, (max(at, self.now), next(self._order), deed))

    def live(self, until: Callable[[datetime], None]) -> None:
        """To the end; `until` is told how far it is, once a day."""
        told = self.now
        while self.now < self.ends:
            self._step()
            if self.now - told >= timedelta(days=1):
                told = self.now
                until(self.now)

    def _step(self) -> None:
        tick_at = min(self.now + (BUSY if self._is_busy() else QUIET), self.ends)
        at, deed = (self._plan[0][0], self._plan[0][2]) if self._plan else (self.ends, None)
        if deed is None or at >= tick_at:
            self.now = tick_at
            self._tick(self.now)
            return
        heappop(self._plan)
        self.now = at
        deed(at)
