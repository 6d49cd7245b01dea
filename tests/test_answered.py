"""The check of what was answered sees what it must: a message that was passed over, a turn that said nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from channels.conversation import Conversation, Event, Message
from channels.inbound import Received
from channels.outbox import Delivery
from db import Database
from handoff.turn import take_turn
from tests.answered import turns_without_reply, unanswered_messages
from tests.cast import MONDAY, anna, ben, echo, says


def hears(database: Database, *texts: str, minute: int = 0) -> list[Received]:
    """Anna writes these in a row, and they have their turn."""
    now = MONDAY + timedelta(minutes=minute)
    received = [says(database, anna(text), now) for text in texts]
    take_turn(database, echo, received[0].conversation_id, now)
    return received


def unanswered(database: Database) -> list[str]:
    with database.reading() as session:
        return unanswered_messages(session)


def without_reply(database: Database) -> list[str]:
    with database.reading() as session:
        return turns_without_reply(session)


def passes_over(database: Database, received: Received) -> None:
    """What a wrong turn would do: nobody waits, and nothing was said."""
    with database.transaction() as session:
        done = update(Conversation).where(Conversation.id == received.conversation_id)
        session.execute(done.values(answered_seq=received.seq, waiting_since=None))


def test_bursts_buttons_and_those_who_are_silent_leave_nothing_unanswered(sqlite_database: Database) -> None:
    hears(sqlite_database, "Hello", "where is my parcel")
    hears(sqlite_database, "/helped", "and thanks", minute=1)
    [stop] = hears(sqlite_database, "STOP", minute=2)
    with sqlite_database.transaction() as session:
        session.execute(update(Message).where(Message.id == stop.message_id).values(is_silent=True))
        session.execute(delete(Event).where(Event.message_id == stop.message_id))

    assert [] == unanswered(sqlite_database) + without_reply(sqlite_database)


def test_a_last_message_that_was_passed_over_is_named(sqlite_database: Database) -> None:
    hears(sqlite_database, "Hello")
    passed = says(sqlite_database, anna("And to Austria?"))
    passes_over(sqlite_database, passed)

    assert [passed.message_id] == unanswered(sqlite_database)


def test_a_customer_who_was_never_answered_is_named_beside_one_who_was(sqlite_database: Database) -> None:
    hears(sqlite_database, "Hello")
    passed = says(sqlite_database, ben("Hallo"))
    passes_over(sqlite_database, passed)

    assert [passed.message_id] == unanswered(sqlite_database)


@pytest.mark.parametrize(("pressed", "passed_over"), [("/helped", "Hello"), ("and thanks", "/helped")])
def test_what_can_be_in_no_burst_of_the_next_turn_is_named(
    sqlite_database: Database, pressed: str, passed_over: str
) -> None:
    hears(sqlite_database, "Good morning")
    passed = says(sqlite_database, anna(passed_over), MONDAY)
    passes_over(sqlite_database, passed)
    hears(sqlite_database, pressed, minute=1)

    assert [passed.message_id] == unanswered(sqlite_database)


def test_a_turn_whose_reply_is_not_to_be_delivered_is_named(sqlite_database: Database) -> None:
    hears(sqlite_database, "Hello")
    [_, silent] = hears(sqlite_database, "/helped", "and thanks", minute=1)
    with sqlite_database.transaction() as session:
        session.delete(session.scalars(select(Delivery).order_by(Delivery.id.desc())).first())

    assert [silent.message_id] == without_reply(sqlite_database)
    assert [] == unanswered(sqlite_database)
