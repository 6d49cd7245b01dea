"""How fast our numbers send, and what ends a talk of two machines."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from channels.conversation import BOT, Conversation
from channels.delivering import Manner, deliver_due
from channels.inbound import Inbound
from channels.outbox import Delivery, Outgoing, Sent
from channels.pacing import ENDLESS, LOOP, TWO_MACHINES
from db import Database
from handoff.turn import take_turn
from tests.cast import MONDAY, echo, says

ANNA = "+4915112345678"
SMS = Manner(in_order=True)


def sent_before(database: Database, count: int, at: datetime) -> None:
    """So many messages have gone to Anna."""
    received = says(database, Inbound("sms", ANNA, "Automatic reply", "SM1"), MONDAY)
    with database.transaction() as session:
        conversation = session.get(Conversation, received.conversation_id)
        assert conversation is not None
        messages = [conversation.say(BOT, "sms", "Automatic reply", at) for _ in range(count)]
        session.add_all(messages)
        session.flush()
        for message in messages:
            gone = {"state": "sent", "sent_at": at, "due_at": at}
            session.add(Delivery(message_id=message.id, channel="sms", address=ANNA, **gone))
    take_turn(database, echo, received.conversation_id, MONDAY)


def sending(database: Database, now: datetime = MONDAY) -> list[str]:
    """What goes out now."""
    sent: list[str] = []

    def send(outgoing: Outgoing) -> Sent:
        sent.append(outgoing.message.text)
        return Sent(f"SM{len(sent)}", "queued", "+4915735980001")

    while deliver_due(database, {"sms": send}, now, manner=SMS):
        pass
    return sent


def last(database: Database) -> Delivery:
    with database.reading() as session:
        return session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()


def test_a_quick_exchange_goes_on(sqlite_database: Database) -> None:
    sent_before(sqlite_database, LOOP - 1, MONDAY)
    assert ["1: Automatic reply"] == sending(sqlite_database)


def test_what_is_quicker_than_people_waits(sqlite_database: Database) -> None:
    sent_before(sqlite_database, LOOP, MONDAY)

    assert [] == sending(sqlite_database)
    assert ["1: Automatic reply"] == sending(sqlite_database, MONDAY + timedelta(seconds=31))


def test_what_has_no_end_is_ended_with_a_reason(sqlite_database: Database) -> None:
    sent_before(sqlite_database, ENDLESS, MONDAY - timedelta(minutes=30))

    assert [] == sending(sqlite_database)
    assert ("failed", TWO_MACHINES) == (last(sqlite_database).state, last(sqlite_database).error)
