"""A lock that is handed on in order, and to those first who must not wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Turnstile:
    """SQLite has one writer at a time, and lets the others sleep and look again: under load some wait for seconds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._first: deque[Lock] = deque()
        self._waiting: deque[Lock] = deque()
        self._is_taken = False

    @contextmanager
    def passing(self, *, first: bool) -> Iterator[None]:
        """Holds the lock; `first`: before all that don't say so."""
        self._enter(self._first if first else self._waiting)
        try:
            yield
        finally:
            self._hand_over()

    def _enter(self, queue: deque[Lock]) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            ticket = Lock()
            ticket.acquire()
            queue.append(ticket)
        ticket.acquire()  # Until the one before hands over.

    def _hand_over(self) -> None:
        with self._lock:
            queue = self._first or self._waiting
            if queue:
                queue.popleft().release()
            else:
                self._is_taken = False
