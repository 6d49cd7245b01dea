"""One database serves test after test, and none of them sees what the one before did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from channels.customer import Customer
from db import Database
from handoff.canned import CannedReply
from staff.teams import Team
from tests.cast import MONDAY
from tests.emptied import Emptied

Everything = dict[str, list[str]]


@pytest.fixture
def emptied(postgres_server: str) -> Iterator[Emptied]:
    emptied = Emptied(postgres_server, "template_handrail")
    yield emptied
    emptied.close()


def everything(address: str) -> Everything:
    """All rows of all tables in the order they stand there, and where each sequence is."""
    engine = create_engine(address, future=True)
    with engine.connect() as connection:
        found = {name: _rows(connection, name) for name in _tables(connection)}
        found["sequences"] = list(connection.execute(text("SELECT s::text FROM pg_sequences s ORDER BY 1")).scalars())
    engine.dispose()
    return found


def _tables(connection: Connection) -> list[str]:
    return list(connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars())


def _rows(connection: Connection, name: str) -> list[str]:
    return list(connection.execute(text(f"SELECT one.ctid::text || one::text FROM {name} one")).scalars())


def test_what_a_test_writes_changes_and_counts_up_is_undone(emptied: Emptied, postgres_server: str) -> None:
    with emptied.lent() as address:
        database = Database(address)
        with database.transaction() as session:
            session.add_all([Customer(created_at=MONDAY, name="Anna"), Team(name="Returns")])
            session.query(Team).filter_by(is_default=True).one().name = "Everybody"
            session.add(CannedReply(shortcut="hi", locale="en", title="Hi", text="Hello", updated_at=MONDAY))
        database.close()
        changed = everything(address)

    with emptied.lent() as again:
        assert changed != everything(again)
        assert again.partition("@")[2] == address.partition("@")[2]
        assert everything(f"{postgres_server}/template_handrail") == everything(again)


def test_whoever_still_writes_is_sent_away_and_cant_come_back(emptied: Emptied) -> None:
    with emptied.lent() as address:
        late = create_engine(address, future=True).connect()
        late.execute(text("INSERT INTO customer (id, created_at) VALUES ('anna', now())"))
        late.execute(text("SELECT pg_advisory_lock(1)"))

    with emptied.lent() as again:
        with pytest.raises(OperationalError):
            late.execute(text("COMMIT"))
        with pytest.raises(OperationalError):
            create_engine(address, future=True).connect()
        assert [] == everything(again)["customer"]
        engine = create_engine(again, future=True)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT pg_try_advisory_lock(1)")).scalar_one()
        engine.dispose()


def test_who_changes_tables_had_the_database_last(emptied: Emptied, postgres_server: str) -> None:
    with emptied.lent() as address:
        engine = create_engine(address, future=True)
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE customer ADD COLUMN shoe_size integer"))
        engine.dispose()

    with emptied.lent() as again:
        assert again.partition("@")[2] != address.partition("@")[2]
        assert everything(f"{postgres_server}/template_handrail") == everything(again)
