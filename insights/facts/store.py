"""The facts of the whole installation in memory, followed by what changed since they were last looked at."""

from __future__ import annotations

import time
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db import Database
from insights.facts.columns import COLUMNS, COUNTS, MOMENTS, NAMED, Array, Facts
from insights.facts.fact import TABLE, WHOLE, FactState

FRESH_SECONDS = 1.0
"""So long nothing new is asked for."""
AT_ONCE = 5_000
READ = [TABLE.c.conversation_id, *(TABLE.c[name] for name in COLUMNS)]


class FactStore:
    """Safe to share between threads. What it gave out stays as it was; the next who asks gets the newer ones."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lock = Lock()
        self._version = -1
        self._looked = -FRESH_SECONDS
        self._empty()

    def facts(self) -> Facts:
        """All there are, as of now or a second ago."""
        with self._lock:
            if time.monotonic() - self._looked >= FRESH_SECONDS:
                with self.database.reading() as session:
                    self._follow(session)
                self._looked = time.monotonic()
            return self._facts

    def look_again(self) -> None:
        """Whoever asks next gets what there is now, not what there was a second ago."""
        self._looked = -FRESH_SECONDS

    def _empty(self) -> None:
        self._places: dict[str, int] = {}
        self._names: dict[str, dict[str, int]] = {column: {} for column in NAMED}
        columns: dict[str, Array] = {column: np.empty(0, np.float64) for column in MOMENTS}
        columns |= {column: np.empty(0, np.int32) for column in (*COUNTS, *NAMED)}
        self._facts = Facts(np.empty(0, object), columns, {column: [] for column in NAMED})

    def _follow(self, session: Session) -> None:
        state = session.get(FactState, WHOLE)
        version = state.version if state else 0
        if version == self._version:
            return
        self._take(session, self._version)
        # Whoever was erased has left no change behind.
        if session.scalars(select(func.count()).select_from(TABLE)).one() != len(self._places):
            self._empty()
            self._take(session, -1)
        self._version = version

    def _take(self, session: Session, since: int) -> None:
        rows = session.execute(select(*READ).where(TABLE.c.version > since)).all()
        if not rows:
            return
        read = list(zip(*rows, strict=True))
        places = self._places_of(read[0])
        size, before = len(self._places), len(self._facts)
        ids = np.concatenate([self._facts.ids, np.empty(size - before, object)])
        ids[places] = read[0]
        columns = {}
        for column, values in zip(COLUMNS, read[1:], strict=True):
            kept = self._facts[column]
            grown = np.concatenate([kept, np.empty(size - before, kept.dtype)])
            grown[places] = self._numbers(column, values)
            columns[column] = grown
        self._facts = Facts(ids, columns, {column: list(names) for column, names in self._names.items()})

    def _places_of(self, ids: tuple[str, ...]) -> Array:
        for one in ids:
            self._places.setdefault(one, len(self._places))
        return np.array([self._places[one] for one in ids], dtype=np.int64)

    def _numbers(self, column: str, values: tuple[Any, ...]) -> Array:
        if column not in NAMED:
            # None becomes NaN.
            return np.array(values, dtype=np.float64)
        known = self._names[column]
        for one in set(values) - {None}:
            known.setdefault(one, len(known))
        return np.array([-1 if one is None else known[one] for one in values], dtype=np.int32)
