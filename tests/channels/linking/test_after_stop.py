"""Whoever was tricked into linking and wrote STOP in alarm can still undo it."""

from __future__ import annotations

from itertools import count

import pytest
from sqlalchemy import func, select

from app.chats import receiving
from app.settings import Settings
from channels.conversation import BOT, Message
from channels.inbound import Inbound, Received
from channels.linking.codes import LinkCode
from channels.outbox import Delivery
from db import Database
from tests.channels.linking.people import MALLORY, PHONE, are_one, later, says, sees, shown_code

WAYS = [PHONE, ("sms", PHONE[1])]
take = receiving(Settings(company="Fennimor"), None, lambda _conversation: None)
_ids = count()


def writes(database: Database, phone: tuple[str, str], text: str, minutes: float) -> Received:
    inbound = Inbound(*phone, text, f"m{next(_ids)}", sender="+4930")
    return take(database, inbound, later(minutes))


def sent(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Delivery)))


@pytest.mark.parametrize("phone", WAYS)
@pytest.mark.parametrize("words", ["NOT ME", "Nicht ich!"])
def test_a_stranger_cant_keep_a_phone_whose_owner_said_stop_before_not_me(
    database: Database, phone: tuple[str, str], words: str
) -> None:
    writes(database, phone, shown_code(database, MALLORY), 1)
    writes(database, phone, "STOP", 2)
    before = sent(database)
    undone = writes(database, phone, words, 3)
    writes(database, phone, "my secret", 4)

    assert "mallory" == undone.visitor
    assert not are_one(database, MALLORY, phone)
    assert not {"STOP", words, "my secret"} & set(sees(database, MALLORY))
    assert before == sent(database)


def test_not_me_takes_back_the_number_in_both_ways_it_is_written(database: Database) -> None:
    sms, whatsapp = ("sms", "+525512345678"), ("whatsapp", "+5215512345678")
    writes(database, whatsapp, shown_code(database, MALLORY), 1)
    writes(database, sms, "my secret", 2)
    assert are_one(database, MALLORY, sms, whatsapp)
    writes(database, whatsapp, "not me", 3)

    assert are_one(database, sms, whatsapp)
    assert not are_one(database, MALLORY, sms)
    assert "my secret" not in sees(database, MALLORY)


def test_after_stop_a_no_ends_the_question_and_nothing_is_said(database: Database) -> None:
    with database.transaction() as session:
        says(session, PHONE, "hello", later(-30))
    writes(database, PHONE, shown_code(database, MALLORY), 1)
    writes(database, PHONE, "STOP", 2)
    before = sent(database)
    writes(database, PHONE, "No", 3)

    with database.reading() as session:
        assert [] == session.scalars(select(LinkCode.id).filter_by(used_at=None)).all()
        last = select(Message.author).order_by(Message.created_at.desc()).limit(1)
        assert BOT != session.scalars(last).one()
    assert before == sent(database)
    writes(database, PHONE, "START", 4)
    writes(database, PHONE, "yes", 5)
    assert not are_one(database, MALLORY, PHONE)


def test_after_stop_a_yes_cant_connect(database: Database) -> None:
    with database.transaction() as session:
        says(session, PHONE, "hello", later(-30))
    writes(database, PHONE, shown_code(database, MALLORY), 1)
    for minutes, text in enumerate(("STOP", "YES"), start=2):
        writes(database, PHONE, text, minutes)

    assert not are_one(database, MALLORY, PHONE)


def test_after_stop_not_me_of_somebody_who_never_linked_is_heard_in_silence(database: Database) -> None:
    writes(database, PHONE, "STOP", 1)
    before = sent(database)
    writes(database, PHONE, "not me", 2)

    assert before == sent(database)
