"""Tells those who wait that something has changed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition
from time import monotonic


class Changes:
    def __init__(self) -> None:
        self.version = 0
        self._changed = Condition()
        self._closed = False

    def tell(self) -> None:
        with self._changed:
            self.version += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody waits any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait_until(self, is_so: Callable[[], bool], timeout: float) -> bool:
        until = monotonic() + timeout
        while True:
            seen = self.version
            # Asked without our lock: what it looks at may have a lock of its own.
            if is_so():
                return True
            if not self._wait_beyond(seen, until - monotonic()):
                return is_so()

    def _wait_beyond(self, seen: int, timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.version > seen or self._closed, timeout) and not self._closed
