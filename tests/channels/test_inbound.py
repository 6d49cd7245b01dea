"""A message on its way in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from channels.conversation import Conversation, Message, messages_after
from channels.customer import Customer
from channels.inbound import InboundError, clean_text
from db import Database
from tests.cast import MONDAY, anna, ben, says


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(table)))


def test_a_first_message_opens_a_conversation_of_a_new_customer(database: Database) -> None:
    received = says(database, anna("Where is my parcel?"))

    assert received.is_new
    with database.reading() as session:
        conversation = session.get(Conversation, received.conversation_id)
        assert conversation is not None
        assert (conversation.owner, conversation.waiting_since, conversation.locale) == ("bot", MONDAY, "en")
        [message] = messages_after(session, conversation.id, 0)
        assert (message.seq, message.author, message.text) == (1, "customer", "Where is my parcel?")


def test_the_next_message_continues_the_conversation(database: Database) -> None:
    first = says(database, anna("Hello"))
    second = says(database, anna("Where is my parcel?"))

    assert second.conversation_id == first.conversation_id
    assert (first.seq, second.seq) == (1, 2)


def test_two_customers_have_two_conversations(database: Database) -> None:
    assert says(database, anna("Hello")).conversation_id != says(database, ben("Hallo")).conversation_id


def test_the_same_message_twice_is_stored_once(database: Database) -> None:
    first = says(database, anna("Hello", "m-1"))
    again = says(database, anna("Hello", "m-1"))

    assert again.message_id == first.message_id
    assert not again.is_new
    assert 1 == count(database, Message)


def test_a_message_id_of_somebody_else_blocks_nobody(database: Database) -> None:
    says(database, anna("Hello", "m-1"))

    assert says(database, ben("Hallo", "m-1")).is_new


def test_the_same_first_message_many_times_at_one_moment_is_stored_once(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        received = list(pool.map(lambda _: says(database, anna("Hello", "m-1")), range(16)))

    assert 1 == len({one.message_id for one in received})
    assert 1 == sum(one.is_new for one in received)
    assert (count(database, Message), count(database, Customer)) == (1, 1)


def test_messages_at_one_moment_get_numbers_without_gap_or_double(database: Database) -> None:
    says(database, anna("first"))
    with ThreadPoolExecutor(8) as pool:
        received = list(pool.map(lambda n: says(database, anna(f"message {n}")), range(16)))

    assert list(range(2, 18)) == sorted(one.seq for one in received)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("\x00\x01\x1f", "empty"),
        ("x" * 101, "too_long"),
        (None, "not_text"),
        (b"bytes", "not_text"),
        ({"a": 1}, "not_text"),
    ],
)
def test_what_is_no_message_is_refused_with_its_reason(text: object, reason: str) -> None:
    with pytest.raises(InboundError) as refused:
        clean_text(text, max_chars=100)

    assert reason == refused.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE message; --",
        "🦊🦊🦊",
        "مرحبا، أين طلبي؟",
        "a\nb\tc",
        "e\u0301 \u200f",
    ],
)
def test_what_people_write_is_kept_as_it_is(database: Database, text: str) -> None:
    received = says(database, anna(clean_text(text, max_chars=100)))

    with database.reading() as session:
        assert text.strip() == session.get(Message, received.message_id).text  # type: ignore[union-attr]


def test_control_characters_and_lone_surrogates_are_left_out() -> None:
    assert "parcel\nlate" == clean_text("par\x00cel\n\ud800la\x1bte\x7f", max_chars=100)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_ends_in_one_way_however_it_was_sent(end: str) -> None:
    assert "Hello\n\nAnna" == clean_text(f"Hello{end}{end}Anna{end}", max_chars=20)
