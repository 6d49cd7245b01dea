"""Two customers become one while one of them is with people: nobody falls back to the bot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from channels.conversation import BOT, QUEUE, Conversation, agent
from channels.customer import Address, Customer
from channels.inbound import Inbound, receive
from channels.linking.merging import merge
from db import Database
from handoff import acting
from handoff.handoffs import Handoff
from handoff.joining import follow_all
from handoff.turn import take_turn
from tests.cast import MONDAY, anna, echo, says
from tests.handoff.at_work import answers, conversation, hire, person_wanted, thread

LATER = MONDAY + timedelta(minutes=3)
PHONE = "+4915112345678"


def by_sms(text: str) -> Inbound:
    return Inbound("sms", PHONE, text, f"SM{text}", sender="+4915735980001")


def join(database: Database) -> None:
    """Anna shows in the chat that the phone is hers."""
    with database.transaction() as session:
        web, phone = (
            session.scalars(select(Customer).join(Address).where(Address.channel == channel)).one()
            for channel in ("web", "sms")
        )
        merge(session, web, phone, "shown", LATER)


def both(database: Database) -> tuple[str, str]:
    """Anna's chat with the bot, and her conversation by SMS that waits for a person."""
    chat = says(database, anna("Hello")).conversation_id
    take_turn(database, echo, chat, MONDAY)
    phone = receive(database, by_sms("A person"), MONDAY).conversation_id
    take_turn(database, person_wanted, phone, MONDAY)
    return chat, phone


@pytest.mark.parametrize("writes", [True, False])
def test_who_waited_goes_on_waiting_in_the_conversation_that_goes_on(database: Database, writes: bool) -> None:
    hire(database, "Mira Kern")
    chat, _ = both(database)
    join(database)
    if writes:
        says(database, anna("It is me"), LATER)
        take_turn(database, echo, chat, LATER)
        take_turn(database, echo, chat, LATER)
    else:
        assert [chat] == follow_all(database, LATER)
    assert [] == follow_all(database, LATER)

    assert (QUEUE, MONDAY, MONDAY) == tuple(
        getattr(conversation(database, chat), name) for name in ("owner", "queued_at", "owed_since")
    )
    assert "It is me" not in [text.partition(": ")[2] for author, text in thread(database, chat) if author == BOT]
    with database.reading() as session:
        assert [(chat, None)] == [(one.conversation_id, one.ended_at) for one in session.scalars(select(Handoff))]


def test_whom_an_agent_has_they_have_there_too(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    chat, phone = both(database)
    with database.transaction() as session:
        acting.claim(session, mira, phone, MONDAY)
    join(database)
    follow_all(database, LATER)

    assert agent(mira.id) == conversation(database, chat).owner
    answers(database, mira, chat, LATER)
    assert ("agent", "Hello.") == thread(database, chat)[-1]


def test_who_waited_and_has_no_other_conversation_waits_where_they_were(database: Database) -> None:
    hire(database, "Mira Kern")
    chat, phone = both(database)
    with database.transaction() as session:
        session.execute(update(Conversation).where(Conversation.id == chat).values(closed_at=MONDAY, owner="closed"))
    join(database)

    assert [phone] == follow_all(database, LATER)
    assert [] == follow_all(database, LATER)
    assert (QUEUE, None, MONDAY) == tuple(
        getattr(conversation(database, phone), name) for name in ("owner", "closed_at", "owed_since")
    )


def test_two_who_both_wait_are_one_who_waits(database: Database) -> None:
    hire(database, "Mira Kern")
    chat, _ = both(database)
    says(database, anna("A person"), MONDAY)
    take_turn(database, person_wanted, chat, MONDAY)
    join(database)
    follow_all(database, LATER)

    assert [] == follow_all(database, LATER)
    assert QUEUE == conversation(database, chat).owner
    with database.reading() as session:
        assert [chat] == list(session.scalars(select(Handoff.conversation_id).where(Handoff.ended_at.is_(None))))


def test_what_was_left_behind_and_is_opened_by_an_agent_waits_once(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    chat, phone = both(database)
    with database.transaction() as session:
        session.execute(update(Conversation).where(Conversation.id == chat).values(closed_at=MONDAY, owner="closed"))
    join(database)
    with database.transaction() as session:
        acting.reopen(session, mira, phone, LATER)

    assert [] == follow_all(database, LATER)
    with database.reading() as session:
        assert ["reopened"] == list(session.scalars(select(Handoff.reason).where(Handoff.ended_at.is_(None))))
