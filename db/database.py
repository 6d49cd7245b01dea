"""One database: the engine, its sessions, and what SQLite needs to be a good one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

from db.turnstile import Turnstile

DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg2")

BUSY_SECONDS = 15
"""How long a SQLite writer waits for the one before it."""

WRITES = "handrail_writes"
"""The execution option that marks a connection's transaction as one that writes."""
DURABLE = "handrail_durable"
"""The execution option that says whether its commit waits until the disk has it."""


class DatabaseError(Exception):
    """The database can't be used; the message is a sentence for the person who installed Handrail."""


class Database:
    """Sessions on one database. Safe to share between threads; make it after a fork, not before."""

    def __init__(self, url: str, *, is_durable: bool = True) -> None:
        """`is_durable`: whether commits wait for the disk; not where all of it would be made again after a power cut,
        such as an invented history."""
        parsed = _parsed(url)
        self._is_durable = is_durable
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite and parsed.database not in (None, "", ":memory:"):
            _make_folder(Path(parsed.database).parent)
        # What people wrote stands in parameters: no error repeats them.
        options: dict[str, Any] = {"future": True, "hide_parameters": True}
        if self.is_sqlite:
            options["connect_args"] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
            options["poolclass"] = QueuePool
        else:
            options |= {"pool_size": 20, "max_overflow": 20, "pool_pre_ping": True}
        self.engine = create_engine(parsed, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin)
        self._turnstile = Turnstile() if self.is_sqlite else None
        self._sessions = sessionmaker(self.engine, future=True, expire_on_commit=False)

    @contextmanager
    def transaction(self, *, durable: bool = True, first: bool = False) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises.

        On SQLite it holds the write lock from its first statement, so that two writers wait for each other
        instead of failing half-way. What is not `durable` survives a killed process but perhaps not a power cut, and
        does not wait for the disk. `first`: somebody waits for an answer, and other writers of this process don't.
        """
        writing = self._turnstile.passing(first=first) if self._turnstile else nullcontext()
        with writing, self._sessions() as session:
            session.connection(execution_options={WRITES: True, DURABLE: durable and self._is_durable})
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; whatever is changed in it is not kept."""
        with self._sessions() as session:
            yield session

    def check(self) -> None:
        """Raises DatabaseError if the database can't be reached or is none."""
        try:
            with self.engine.connect():
                pass
        except DBAPIError as error:
            reason = str(error.orig).partition("\n")[0]
            raise DatabaseError(f"The database of DATABASE_URL can't be opened: {reason}.") from None

    def close(self) -> None:
        self.engine.dispose()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in DRIVERS:
        raise DatabaseError(
            "DATABASE_URL is not a database address. Examples: sqlite:///var/handrail.db, "
            "postgresql://user:password@host/handrail"
        )
    return parsed


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"The folder {folder} of DATABASE_URL can't be made: {error.strerror}.") from None


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own idea of when a transaction begins is switched off: `_begin` says it.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "foreign_keys = ON",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    # The driver's own connection: every statement of a turn begins here, and SQLAlchemy's way costs ten times as much.
    driver: Any = connection.connection.dbapi_connection
    if not options.get(WRITES):
        driver.execute("BEGIN")
        return
    # With a write-ahead log, FULL is what brings a commit through a power cut; NORMAL, through a killed process.
    driver.execute(f"PRAGMA synchronous = {'FULL' if options.get(DURABLE, True) else 'NORMAL'}")
    # A deferred transaction that turns writer can fail at once with "database is locked", whatever its time-out.
    driver.execute("BEGIN IMMEDIATE")
