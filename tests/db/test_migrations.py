"""A database in use is brought to the tables of the phone, back and there again, and nothing in it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, text

from channels.conversation import Conversation, Event, Message
from channels.customer import Address, Customer
from channels.inbound import Inbound
from channels.outbox import Delivery
from db import Base, Database
from db.database import WRITES
from db.migrating import MIGRATIONS, is_of_a_model, migrate
from handoff.handoffs import Handoff
from tests.cast import MONDAY, anna, says
from tests.postgres import execute

BEFORE_THE_PHONE = "0002"
OPENED, ASKED, ANSWERED = (MONDAY + timedelta(days=days) for days in (0, 3, 4))
AT_0002 = (
    "INSERT INTO customer (id, locale, created_at) VALUES ('c-anna', 'en', :opened), ('c-ben', NULL, :opened)",
    "INSERT INTO address (id, customer_id, channel, value, verified)"
    " VALUES ('a-anna', 'c-anna', 'web', 'anna', :no), ('a-ben', 'c-ben', 'web', 'ben', :no)",
    "INSERT INTO conversation (id, customer_id, owner, locale, bot_state, opened_at, closed_at, last_seq, answered_seq)"
    " VALUES ('asked', 'c-anna', 'bot', 'en', 'what it was about', :opened, NULL, 2, 1),"
    " ('closed', 'c-anna', 'bot', 'en', NULL, :opened, :asked, 1, 1),"
    " ('empty', 'c-ben', 'bot', NULL, NULL, :opened, NULL, 0, 0)",
    "INSERT INTO message (id, conversation_id, seq, author, channel, text, payload, extra, provider_id, created_at)"
    " VALUES ('m1', 'asked', 1, 'customer', 'web', 'Where is my parcel? ☕', NULL, '{}', 'anna:first', :asked),"
    " ('m2', 'asked', 2, 'bot', 'web', 'On its way.', NULL, '{\"locale\": \"en\"}', NULL, :answered),"
    " ('m3', 'closed', 1, 'customer', 'web', 'Hello', '/hello', '{}', 'anna:hello', :opened)",
    "INSERT INTO delivery (id, message_id, channel, address, state, attempts, due_at)"
    " VALUES (7, 'm2', 'web', 'anna', 'pending', 2, :answered)",
    "INSERT INTO event (id, conversation_id, message_id, kind, details, at)"
    " VALUES (5, 'asked', 'm1', 'turn', '{}', :answered)",
)
_HANDOFF = (
    "INSERT INTO handoff (id, conversation_id, reason, team_id, locale, channel, at, replied_at, told_times) VALUES "
)
AT_0008 = (
    "INSERT INTO conversation_fact (conversation_id, version, customer_id, opened_at, said_at, channels, switches,"
    " said, by_us, people_said, questions, answered, unknown, helped, not_helped, reopens, handoffs, queued,"
    " left_queue, ended, unreplied, missed, reply_seconds, reply_open_seconds)"
    " VALUES ('asked', 1, 'c-anna', 0, 0, 'web', 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 3600, 1800)",
    # Of staff themselves; not replied to; the one that was counted; and one after it.
    f"{_HANDOFF} (1, 'asked', 'agent', (SELECT min(id) FROM team), 'en', 'web', :at, :at, 0),"
    " (2, 'asked', 'asked', (SELECT min(id) FROM team), 'en', 'web', :at, NULL, 0),"
    " (3, 'asked', 'asked', (SELECT min(id) FROM team), 'en', 'web', :at, :at, 0),"
    " (4, 'asked', 'asked', (SELECT min(id) FROM team), 'en', 'web', :at, :at, 0),"
    " (5, 'closed', 'asked', (SELECT min(id) FROM team), 'en', 'web', :at, :at, 0)",
)
KEPT = {
    "customer": ["id", "locale", "created_at"],
    "address": ["id", "customer_id", "channel", "value", "verified"],
    "conversation": ["id", "customer_id", "locale", "bot_state", "opened_at", "closed_at", "last_seq"],
    "message": ["id", "conversation_id", "seq", "author", "channel", "text", "payload", "provider_id", "created_at"],
    "delivery": ["id", "message_id", "channel", "address", "state", "attempts", "due_at", "claimed_by", "error"],
    "event": ["id", "conversation_id", "message_id", "kind", "at"],
}

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def in_use(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the version before the phone, in which Anna has asked something."""
    url = f"sqlite:///{tmp_path / 'handrail.db'}"
    if request.param == "postgresql":
        server: str = request.getfixturevalue("postgres_server")
        name = f"before_{uuid4().hex}"
        execute(server, f"CREATE DATABASE {name}")
        url = f"{server}/{name}"
    database = Database(url)
    bring(database, "upgrade", BEFORE_THE_PHONE)
    fill(database)
    yield database
    database.close()


def bring(database: Database, way: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect().execution_options(**{WRITES: True}) as connection:
        config.attributes["connection"] = connection
        getattr(command, way)(config, revision)
        connection.commit()


def fill(database: Database) -> None:
    at = {"opened": OPENED, "asked": ASKED, "answered": ANSWERED}
    # As SQLite keeps a moment, and as PostgreSQL reads one.
    moments = {name: moment.replace(tzinfo=None).isoformat(" ", "microseconds") for name, moment in at.items()}
    with database.transaction() as session:
        for statement in AT_0002:
            session.execute(text(statement), moments | {"no": False})


def rows(database: Database) -> Rows:
    """What the version before the phone knew."""
    with database.reading() as session:
        queries = {table: f"SELECT {', '.join(columns)} FROM {table} ORDER BY id" for table, columns in KEPT.items()}
        return {table: [tuple(row) for row in session.execute(text(query))] for table, query in queries.items()}


def by_id(database: Database, what: Any, name: str) -> dict[str, Any]:
    with database.reading() as session:
        return {one.id: getattr(one, name) for one in session.scalars(select(what))}


def check_that_it_is_of_this_version(database: Database) -> None:
    with database.engine.connect() as connection:
        seen = MigrationContext.configure(connection, opts={"include_name": is_of_a_model})
        assert [] == compare_metadata(seen, Base.metadata)
        if database.is_sqlite:
            assert [] == list(connection.execute(text("PRAGMA foreign_key_check")))
            assert ["ok"] == list(connection.execute(text("PRAGMA integrity_check")).scalars())


def test_a_database_in_use_is_brought_to_this_version_and_nothing_is_lost(in_use: Database) -> None:
    before = rows(in_use)
    migrate(in_use)

    assert before == rows(in_use)
    assert [len(KEPT[table]) for table in KEPT] == [len(found[0]) for found in before.values()]
    check_that_it_is_of_this_version(in_use)


def test_every_table_can_be_read_as_this_versions_afterwards(in_use: Database) -> None:
    migrate(in_use)

    with in_use.reading() as session:
        found = {one: list(session.scalars(select(one))) for one in (Customer, Address, Conversation, Message, Event)}
        [delivery] = session.scalars(select(Delivery))
    assert [2, 2, 3, 3, 1] == [len(one) for one in found.values()]
    assert (False, None, None) == (delivery.confirms_stop, delivery.provider_id, delivery.status)
    assert not any(message.is_silent for message in found[Message])


def test_a_conversation_was_last_led_when_its_newest_message_was_said(in_use: Database) -> None:
    migrate(in_use)

    assert {"asked": ANSWERED, "closed": OPENED, "empty": None} == by_id(in_use, Conversation, "last_at")


def test_a_conversation_that_was_closed_belongs_to_nobody(in_use: Database) -> None:
    migrate(in_use)

    assert {"asked": "bot", "closed": "closed", "empty": "bot"} == by_id(in_use, Conversation, "owner")


def test_what_was_said_belongs_to_the_address_it_was_said_at(in_use: Database) -> None:
    migrate(in_use)

    assert dict.fromkeys(("m1", "m2", "m3"), "a-anna") == by_id(in_use, Message, "address_id")


def test_a_conversation_led_before_the_change_goes_on_after_it(in_use: Database) -> None:
    migrate(in_use)
    ten_minutes_later = ANSWERED + timedelta(minutes=10)

    assert "asked" == says(in_use, anna("And to Austria?"), ten_minutes_later).conversation_id
    assert by_id(in_use, Conversation, "close_reason")["asked"] is None


def test_a_conversation_that_was_silent_before_the_change_is_over_after_it(in_use: Database) -> None:
    migrate(in_use)

    assert "asked" != says(in_use, anna("Hello again"), ANSWERED + timedelta(days=4)).conversation_id


def test_the_change_can_be_taken_back_and_made_again(in_use: Database) -> None:
    before = rows(in_use)
    migrate(in_use)
    bring(in_use, "downgrade", BEFORE_THE_PHONE)
    assert before == rows(in_use)
    migrate(in_use)

    assert before == rows(in_use)
    assert {"asked": ANSWERED, "closed": OPENED, "empty": None} == by_id(in_use, Conversation, "last_at")
    assert dict.fromkeys(("m1", "m2", "m3"), "a-anna") == by_id(in_use, Message, "address_id")
    check_that_it_is_of_this_version(in_use)


def test_it_can_be_taken_back_after_somebody_has_written_by_phone(in_use: Database) -> None:
    migrate(in_use)
    says(in_use, Inbound("sms", "+4915112345678", "Hello", "SM1", sender="+4915735980001"), ANSWERED)
    with in_use.transaction() as session:
        # Anna's, too: she has two addresses now, and two numbers.
        session.execute(text("UPDATE address SET customer_id = 'c-anna' WHERE channel = 'sms'"))
        session.add(Address(id="a-second", customer_id="c-anna", channel="sms", value="+4915187654321"))
    bring(in_use, "downgrade", BEFORE_THE_PHONE)
    migrate(in_use)

    known = by_id(in_use, Message, "address_id")
    assert ["a-anna"] * 3 == [known.pop(message) for message in ("m1", "m2", "m3")]
    assert [None] == list(known.values())
    check_that_it_is_of_this_version(in_use)


def test_a_wait_in_opening_hours_is_kept_as_it_was_counted(in_use: Database) -> None:
    bring(in_use, "upgrade", "0008")
    with in_use.transaction() as session:
        for statement in AT_0008:
            session.execute(text(statement), {"at": OPENED.replace(tzinfo=None).isoformat(" ", "microseconds")})
    migrate(in_use)

    assert {1: None, 2: None, 3: 1800.0, 4: None, 5: None} == by_id(in_use, Handoff, "reply_open_seconds")
    check_that_it_is_of_this_version(in_use)
    bring(in_use, "downgrade", "0008")
    migrate(in_use)
    assert 1800.0 == by_id(in_use, Handoff, "reply_open_seconds")[3]
