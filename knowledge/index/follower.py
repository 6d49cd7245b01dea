"""Keeping up with what is published, by any process: the change counter is looked at, and what changed is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import Lock, Thread
from time import monotonic

import faiss
from sqlalchemy.orm import Session

from db import Database
from knowledge.embedding import Embedder
from knowledge.index.loading import changed_since, load, version_of
from knowledge.index.records import Key, Loaded
from knowledge.index.snapshot import Snapshot
from knowledge.vectors import Progress, embed_missing

LOOK_EVERY_SECONDS = 0.2
UNMERGED_ROWS = 2_000
UNMERGED_PART = 0.05
"""A snapshot is merged when more rows than this are outside its large segment or gone from it."""


class Follower:
    """The current snapshot. Safe to share between threads; readers never wait for a change to be taken in."""

    def __init__(
        self, database: Database, embedder: Embedder, progress: Progress | None = None, *, internal: bool = False
    ) -> None:
        """Reads everything that is live; what has no vector of this model yet is embedded first.

        `internal`: what is for staff alone, and nothing else; otherwise what is for everybody, and nothing else.
        """
        self._database = database
        self._embedder = embedder
        self._is_internal = internal
        self._changing = Lock()
        self._merging = Lock()
        self._looked = monotonic()
        self._snapshot = self._everything(progress)

    @property
    def snapshot(self) -> Snapshot:
        """What was live at most `LOOK_EVERY_SECONDS` ago."""
        if monotonic() - self._looked >= LOOK_EVERY_SECONDS and self._changing.acquire(blocking=False):
            try:
                self._follow()
            finally:
                self._changing.release()
        return self._snapshot

    def refresh(self) -> Snapshot:
        """What is live now."""
        with self._changing:
            self._follow()
        return self._snapshot

    def merge(self) -> None:
        """Puts the current snapshot into one segment; changes go on being taken in meanwhile."""
        # The setting is the thread's own: a merge must leave a core to those who ask.
        faiss.omp_set_num_threads(1)
        merged = self._snapshot.merged()
        with self._changing:
            self._snapshot = self._with_changes(merged)

    def _follow(self) -> None:
        """Called with `_changing` held."""
        self._looked = monotonic()
        self._snapshot = self._with_changes(self._snapshot)
        due = max(UNMERGED_ROWS, UNMERGED_PART * len(self._snapshot.large.passages))
        if self._snapshot.unmerged > due and self._merging.acquire(blocking=False):
            Thread(target=self._merge_and_release, name="index-merge", daemon=True).start()

    def _merge_and_release(self) -> None:
        try:
            self.merge()
        finally:
            self._merging.release()

    def _with_changes(self, snapshot: Snapshot) -> Snapshot:
        with self._reading() as session:
            version = version_of(session)
            if version == snapshot.version:
                return snapshot
            keys = changed_since(session, snapshot.version)
            loaded = self._load(session, keys)
        if version < snapshot.version:  # the database was put back to an earlier state
            return self._everything()
        if loaded.incomplete:
            embed_missing(self._database, self._embedder)
            return self._with_changes(snapshot)
        return snapshot.changed(version, keys, loaded)

    def _everything(self, progress: Progress | None = None) -> Snapshot:
        with self._reading() as session:
            version = version_of(session)
            loaded = self._load(session)
        if loaded.incomplete:
            embed_missing(self._database, self._embedder, progress)
            return self._everything(progress)
        return Snapshot.of(version, loaded)

    def _load(self, session: Session, keys: Collection[Key] | None = None) -> Loaded:
        return load(session, self._embedder.name, self._embedder.dimensions, keys, internal=self._is_internal)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """A session that sees one moment, however many statements it takes."""
        with self._database.reading() as session:
            if not self._database.is_sqlite:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
