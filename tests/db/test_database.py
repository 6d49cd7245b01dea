"""The foundation: transactions that are whole, moments in UTC, migrations that are the models."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from channels.conversation import Conversation
from channels.customer import Address, Customer
from db import Base, Database, DatabaseError
from db.migrating import is_migrated, is_of_a_model, migrate
from tests.cast import MONDAY


def test_what_raises_in_a_transaction_leaves_nothing_behind(database: Database) -> None:
    def half_done() -> None:
        with database.transaction() as session:
            session.add(Customer(created_at=MONDAY))
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        half_done()

    with database.reading() as session:
        assert 0 == session.scalar(select(func.count()).select_from(Customer))


def test_every_commit_waits_for_the_disk_but_where_it_would_be_made_again(sqlite_database: Database) -> None:
    def how(database: Database, durable: bool) -> int:
        with database.transaction(durable=durable) as session:
            return int(session.execute(text("PRAGMA synchronous")).scalar_one())

    full, normal = 2, 1
    invented = Database(str(sqlite_database.engine.url), is_durable=False)
    assert (full, normal) == (how(sqlite_database, True), how(sqlite_database, False))
    assert (normal, normal) == (how(invented, True), how(invented, False))
    invented.close()


def test_writers_at_one_moment_wait_for_each_other(database: Database) -> None:
    with database.transaction() as session:
        session.add(Customer(id="anna", created_at=MONDAY))
        session.flush()
        session.add(Conversation("anna", MONDAY))

    def count_up(_: int) -> None:
        with database.transaction() as session:
            conversation = session.scalars(select(Conversation).with_for_update()).one()
            conversation.last_seq += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(40)))

    with database.reading() as session:
        assert 40 == session.scalars(select(Conversation)).one().last_seq


def test_a_row_cant_point_at_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(Address(customer_id="nobody", channel="web", value="x"))


def test_moments_are_utc_whatever_zone_they_came_in(database: Database) -> None:
    berlin = datetime(2026, 11, 16, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    with database.transaction() as session:
        session.add(Customer(id="anna", created_at=berlin))

    with database.reading() as session:
        read = session.scalars(select(Customer.created_at)).one()
    assert (MONDAY, timedelta(0)) == (read, read.utcoffset())


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"), database.transaction() as session:
        session.add(Customer(created_at=datetime(2026, 11, 16)))


def test_the_migrations_make_exactly_the_models_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        seen = MigrationContext.configure(connection, opts={"include_name": is_of_a_model})
        assert [] == compare_metadata(seen, Base.metadata)


def test_migrating_at_one_moment_and_again_is_no_harm(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: migrate(database), range(4)))

    assert is_migrated(database)


def test_an_empty_database_is_migrated_from_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'deep' / 'folder' / 'handrail.db'}")
    assert not is_migrated(database)
    migrate(database)
    assert is_migrated(database)
    database.close()


@pytest.mark.parametrize(
    "url", ["", "handrail.db", "not a url", "sqlite:/x", "mysql://a/b", "postgres://a/b", "postgresql+pg8000://a/b"]
)
def test_what_is_no_database_address_is_refused_with_examples(url: str) -> None:
    with pytest.raises(DatabaseError, match=r"sqlite:///var/handrail\.db"):
        Database(url)


def test_a_database_that_cant_be_opened_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("This is no database. " * 100)

    for url, reason in {
        f"sqlite:///{tmp_path / 'notes.txt'}": "file is not a database",
        f"sqlite:///{tmp_path}": "unable to open database file",
        "postgresql://handrail:secret@127.0.0.1:1/handrail": "Connection refused",
    }.items():
        with pytest.raises(DatabaseError, match=reason) as refused:
            migrate(Database(url))
        assert "secret" not in str(refused.value)


def test_a_folder_that_cant_be_made_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DatabaseError, match="Not a directory"):
        Database(f"sqlite:///{tmp_path / 'file' / 'folder' / 'handrail.db'}")
