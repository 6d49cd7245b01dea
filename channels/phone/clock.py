"""A clock that can be moved forward, so that nobody has to wait for a day to pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from db import utc_now


class Clock:
    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        self.ahead = timedelta()
        """How far it was moved."""

    def now(self) -> datetime:
        return self._now() + self.ahead

    def forward(self, by: timedelta) -> None:
        """Raises ValueError if that is back."""
        if by < timedelta():
            raise ValueError("Time only goes forward.")
        self.ahead += by
