"""Customers and their addresses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

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
        pool.submit(answer).result(timeout=5)
