"""Customers and their addresses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from channels.conversation import BOT, Conversation
from channels.customer import find_address, phone_address, web_address
from db import Database
from tests.cast import MONDAY

NUMBER = "+4915112345678"


def test_sms_and_whatsapp_of_one_number_are_one_customer(database: Database) -> None:
    with database.transaction() as session:
        sms = phone_address(session, "sms", NUMBER, MONDAY)
        whatsapp = phone_address(session, "whatsapp", NUMBER, MONDAY)
        assert sms.customer_id == whatsapp.customer_id
        assert sms.id == phone_address(session, "sms", NUMBER, MONDAY).id


IN_TWO_WAYS = [
    ("+525512345678", "+5215512345678"),
    ("+5491123456789", "+541123456789"),
    ("+5531987654321", "+553187654321"),
]


@pytest.mark.parametrize(("sms", "whatsapp"), IN_TWO_WAYS)
def test_a_number_that_whatsapp_writes_otherwise_than_sms_is_one_customers(
    database: Database, sms: str, whatsapp: str
) -> None:
    with database.transaction() as session:
        one = phone_address(session, "sms", sms, MONDAY)
        other = phone_address(session, "whatsapp", whatsapp, MONDAY)
        assert one.customer_id == other.customer_id
        assert (sms, whatsapp) == (one.value, other.value)


def test_both_ways_of_writing_a_new_number_at_one_moment_are_one_customers(database: Database) -> None:
    start = Barrier(2)

    def write(who: tuple[str, str]) -> str:
        start.wait()
        with database.transaction() as session:
            return phone_address(session, *who, MONDAY).customer_id

    with ThreadPoolExecutor(2) as pool:
        for sms, whatsapp in IN_TWO_WAYS:
            assert 1 == len(set(pool.map(write, [("sms", sms), ("whatsapp", whatsapp)])))


def test_whatsapp_ids_without_a_number_are_customers_of_their_own(database: Database) -> None:
    with database.transaction() as session:
        one, other = (phone_address(session, "whatsapp", f"BR.150{last}", MONDAY) for last in (1, 2))
        assert one.customer_id != other.customer_id


def test_a_turn_can_answer_to_an_address_while_the_next_message_from_it_is_stored(database: Database) -> None:
    with database.transaction() as session:
        address = web_address(session, "anna", MONDAY)
        conversation = Conversation(address.customer_id, MONDAY)
        session.add(conversation)

    def answer() -> None:
        with database.transaction() as session:
            session.add(conversation.say(BOT, "web", "Here it is.", MONDAY, address_id=address.id))

    if database.is_sqlite:  # One writer at a time: nobody can wait for each other.
        return
    with ThreadPoolExecutor(1) as pool, database.transaction() as session:
        find_address(session, "web", "anna")
        pool.submit(answer).result(timeout=30)
