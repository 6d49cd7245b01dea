"""What was made once and is wanted again soon."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

LIMIT = 5_000


class Remembered(Generic[K, T]):
    """Things by key; when there are too many, the one that was made first is forgotten. Safe to share."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._things: dict[K, T] = {}
        self._changing = Lock()

    def get(self, key: K, make: Callable[[], T]) -> T:
        found = self._things.get(key)
        if found is None:
            found = make()
            with self._changing:
                self._things[key] = found
                if len(self._things) > self._limit:
                    del self._things[next(iter(self._things))]
        return found
