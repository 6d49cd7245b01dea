"""Brings a database to the tables that this version needs, and writes new migrations."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from db.database import WRITES, Database

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that nobody else on the server uses: PostgreSQL's lock that lets one process migrate at a time.
ADVISORY_LOCK = 4_216_003

SEARCHED = re.compile(r"said(_words.*)?")
"""The tables in which everything said is found: no models, the database fills them itself (migration 0004)."""

_one_thread = threading.Lock()
"""Alembic keeps what it is doing in globals of its own."""


def migrate(database: Database) -> None:
    """Applies what is missing; safe to call from several processes and threads at once. Raises DatabaseError."""
    database.check()
    with _one_thread, database.engine.connect().execution_options(**{WRITES: True}) as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": ADVISORY_LOCK})
            connection.commit()
        try:
            command.upgrade(_config(connection), "head")
            connection.commit()
        finally:
            if not database.is_sqlite:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": ADVISORY_LOCK})
                connection.commit()


def is_migrated(database: Database) -> bool:
    """Whether the tables are those of this version. Raises DatabaseError."""
    database.check()
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_config(None)).get_current_head()


def is_of_a_model(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a name in the database is the models' business: Alembic's `include_name`."""
    return kind != "table" or SEARCHED.fullmatch(name or "") is None


def write_migration(database: Database, message: str) -> None:
    """Writes a migration from the database's tables to the models' that have been imported."""
    with database.engine.connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
