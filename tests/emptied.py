"""A PostgreSQL database that serves one test after another: making a new one for each costs a tenth of a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, Engine

from db import Database
from tests.postgres import execute

GONE_SECONDS = 30
_numbers = count()

CHANGES_ARE_NOTED = """
CREATE TABLE kept.changed (what text);
CREATE FUNCTION kept.note() RETURNS event_trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO kept.changed VALUES (tg_tag); END $$;
CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION kept.note();
"""

RESTORE = """
CREATE FUNCTION kept.restore(OUT emptied text[], OUT filled text[])
LANGUAGE plpgsql SET session_replication_role = replica AS $$
BEGIN
{tables}
{sequences}
END $$
"""
"""Answers with the tables that had other rows than the migrations put there. No trigger and no foreign key hinders."""

EMPTIED = """
IF EXISTS (SELECT FROM {table}) THEN
    DELETE FROM {table};
    emptied := array_append(emptied, '{table}');
END IF;
"""
FILLED = """
IF EXISTS (SELECT one::text FROM {table} one EXCEPT ALL SELECT one::text FROM kept.{table} one)
    OR EXISTS (SELECT one::text FROM kept.{table} one EXCEPT ALL SELECT one::text FROM {table} one)
THEN
    DELETE FROM {table};
    INSERT INTO {table} SELECT * FROM kept.{table};
    filled := array_append(filled, '{table}');
END IF;
"""


def prepare(template: Database) -> None:
    """Teaches a migrated database, and every copy, to return to the rows it has now."""
    with template.engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA kept"))
        tables = "\n".join(_restoring(connection, name) for name in _names(connection, "tables", "tablename"))
        sequences = "\n".join(
            f"PERFORM setval('{name}', {last or first}, {last is not None});"
            for name, first, last in connection.execute(
                text("SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public'")
            )
        )
        connection.exec_driver_sql(RESTORE.format(tables=tables, sequences=sequences))
        connection.exec_driver_sql(CHANGES_ARE_NOTED)


def _names(connection: Connection, view: str, column: str) -> list[str]:
    query = text(f"SELECT {column} FROM pg_{view} WHERE schemaname = 'public' ORDER BY 1")
    return list(connection.execute(query).scalars())


def _restoring(connection: Connection, table: str) -> str:
    if not connection.exec_driver_sql(f"SELECT EXISTS (SELECT FROM {table})").scalar_one():
        return EMPTIED.format(table=table)
    connection.exec_driver_sql(f"CREATE TABLE kept.{table} AS TABLE {table}")
    return FILLED.format(table=table)


class Emptied:
    """Lends a database with the template's rows, again and again; a test that changes its tables had it last."""

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        self._name = ""
        self._engine: Engine | None = None

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The address of the database, good for this block alone: nobody who still knows it then comes in again."""
        if self._engine is None:
            self._make()
        guest = f"guest_{next(_numbers)}"
        execute(self._server, f"CREATE ROLE {guest} SUPERUSER LOGIN")
        try:
            yield f"{self._server.replace('handrail@', f'{guest}@')}/{self._name}"
        finally:
            execute(self._server, f"ALTER ROLE {guest} NOLOGIN")
            is_as_it_was = False
            try:
                is_as_it_was = self._restore()
            finally:
                if not is_as_it_was:
                    self.close()
                execute(self._server, f"DROP ROLE {guest}")

    def _make(self) -> None:
        self._name = f"handrail_{next(_numbers)}"
        execute(self._server, f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
        self._engine = create_engine(f"{self._server}/{self._name}", isolation_level="AUTOCOMMIT", future=True)

    def _restore(self) -> bool:
        """Whether it is as it was."""
        assert self._engine is not None
        with self._engine.connect() as connection:
            _send_away(connection)
            if connection.execute(text("SELECT EXISTS (SELECT FROM kept.changed)")).scalar_one():
                return False
            emptied, filled = connection.execute(text("SELECT * FROM kept.restore()")).one()
            # The files are as new ones, and what is written next stands in them from the beginning and in its order.
            if emptied:
                connection.exec_driver_sql(f"VACUUM {', '.join(emptied)}")
            if filled:
                connection.exec_driver_sql(f"VACUUM FULL {', '.join(filled)}")
        return True

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
            execute(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")


def _send_away(connection: Connection) -> None:
    """Ends all other connections, and waits until they are gone: what they wrote is then there or undone."""
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + GONE_SECONDS
    while connection.execute(others).all():
        assert time.monotonic() < deadline, "A connection of the test before does not end."
        time.sleep(0.0005)
