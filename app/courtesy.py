"""Lets those go first who must be answered at once: while a message is being taken, nobody begins to think."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

LONGEST_SECONDS = 0.05
"""So long something waits to begin: what is thought about must get its share, too."""


class Courtesy:
    """All threads of a process share one interpreter; whoever thinks keeps it from whoever answers."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._first = 0
        self._nobody = Event()
        self._nobody.set()

    @contextmanager
    def going_first(self) -> Iterator[None]:
        with self._lock:
            self._first += 1
            self._nobody.clear()
        try:
            yield
        finally:
            with self._lock:
                self._first -= 1
                if not self._first:
                    self._nobody.set()

    def let_pass(self) -> None:
        """Waits until nobody goes first, or a moment."""
        self._nobody.wait(LONGEST_SECONDS)
