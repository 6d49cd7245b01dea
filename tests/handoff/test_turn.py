"""The turn: once for each message, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from bot.reply import Reply, Said, TurnContext
from bot.state import DialogueState
from channels.conversation import Conversation, Event, Message, messages_after
from channels.customer import Address
from channels.inbound import Inbound
from channels.outbox import Delivery
from db import Database
from handoff.turn import CLAIM, take_turn, waiting_conversations
from tests.cast import MONDAY, anna, ben, echo, says


def thread(database: Database, conversation_id: str) -> list[str]:
    with database.reading() as session:
        return [message.text for message in messages_after(session, conversation_id, 0)]


def test_a_message_gets_its_answer_and_a_delivery(database: Database) -> None:
    received = says(database, anna("Hello"))

    assert take_turn(database, echo, received.conversation_id, MONDAY)

    assert thread(database, received.conversation_id) == ["Hello", "1: Hello"]
    with database.reading() as session:
        [delivery] = session.scalars(select(Delivery)).all()
    assert (delivery.channel, delivery.address, delivery.state) == ("web", "anna", "pending")


def test_an_answered_conversation_waits_for_nothing(database: Database) -> None:
    received = says(database, anna("Hello"))
    assert [received.conversation_id] == waiting_conversations(database, MONDAY)
    take_turn(database, echo, received.conversation_id, MONDAY)

    assert [] == waiting_conversations(database, MONDAY)
    assert not take_turn(database, echo, received.conversation_id, MONDAY)


def test_a_burst_is_answered_once(database: Database) -> None:
    received = says(database, anna("Hello"))
    says(database, anna("where is my parcel"))
    says(database, anna("FN-204518"))

    take_turn(database, echo, received.conversation_id, MONDAY)

    assert "1: Hello\nwhere is my parcel\nFN-204518" == thread(database, received.conversation_id)[-1]
    assert 4 == len(thread(database, received.conversation_id))


def test_a_pressed_button_is_shown_by_its_title_and_answered_alone(database: Database) -> None:
    received = says(database, anna("Hello"))
    take_turn(database, echo, received.conversation_id, MONDAY)
    says(database, anna("/helped"))
    says(database, anna("and thanks"))

    take_turn(database, echo, received.conversation_id, MONDAY)

    assert thread(database, received.conversation_id)[2:] == [
        "Yes, it helped",
        "and thanks",
        "2: /helped",
        "3: and thanks",
    ]


def test_a_payload_the_bot_never_offered_is_plain_text(database: Database) -> None:
    received = says(database, anna("/helped"))

    with database.reading() as session:
        message = session.get(Message, received.message_id)
    assert message is not None
    assert (message.text, message.payload) == ("/helped", None)


def test_the_bot_is_given_the_state_it_left(database: Database) -> None:
    received = says(database, anna("one"))
    take_turn(database, echo, received.conversation_id, MONDAY)
    says(database, anna("two"))
    take_turn(database, echo, received.conversation_id, MONDAY)

    assert "2: two" == thread(database, received.conversation_id)[-1]


def test_a_conversation_held_by_an_agent_keeps_the_bot_quiet(database: Database) -> None:
    received = says(database, anna("Hello"))
    with database.transaction() as session:
        session.execute(update(Conversation).values(owner="agent:mira"))
    take_turn(database, echo, received.conversation_id, MONDAY)

    assert thread(database, received.conversation_id) == ["Hello"]
    with database.reading() as session:
        conversation = session.get(Conversation, received.conversation_id)
    assert conversation is not None
    assert (MONDAY, None) == (conversation.owed_since, conversation.waiting_since)


def test_an_agent_who_takes_over_during_the_turn_is_not_talked_over(database: Database) -> None:
    received = says(database, anna("Hello"))

    def overtaken(state: str | None, text: str, context: TurnContext) -> Reply:
        with database.transaction() as session:
            session.execute(update(Conversation).values(owner="agent:mira"))
        return echo(state, text, context)

    assert not take_turn(database, overtaken, received.conversation_id, MONDAY)
    assert thread(database, received.conversation_id) == ["Hello"]


def test_a_message_during_the_turn_gets_a_turn_of_its_own(database: Database) -> None:
    received = says(database, anna("one"))

    def interrupted(state: str | None, text: str, context: TurnContext) -> Reply:
        if text == "one":
            says(database, anna("two"))
        return echo(state, text, context)

    take_turn(database, interrupted, received.conversation_id, MONDAY)
    assert [received.conversation_id] == waiting_conversations(database, MONDAY)
    take_turn(database, interrupted, received.conversation_id, MONDAY)

    assert thread(database, received.conversation_id) == ["one", "two", "1: one", "2: two"]


def test_workers_who_reach_for_the_same_turn_answer_once(database: Database) -> None:
    received = says(database, anna("Hello"))
    together = Barrier(6)

    def reach(_: int) -> bool:
        together.wait()
        return take_turn(database, echo, received.conversation_id, MONDAY)

    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(reach, range(6)))

    assert 1 == sum(taken)
    assert thread(database, received.conversation_id) == ["Hello", "1: Hello"]


def died(state: str | None, text: str, context: TurnContext) -> Reply:
    raise KeyboardInterrupt


def late(database: Database, conversation_id: str) -> Callable[[str | None, str, TurnContext], Reply]:
    """A bot so slow that another worker takes over before it has finished."""

    def reply(state: str | None, text: str, context: TurnContext) -> Reply:
        take_turn(database, echo, conversation_id, MONDAY + 2 * CLAIM)
        return echo(state, "too late", context)

    return reply


def test_a_turn_whose_worker_died_is_taken_by_the_next_one(database: Database) -> None:
    received = says(database, anna("Hello"))
    with pytest.raises(KeyboardInterrupt):
        take_turn(database, died, received.conversation_id, MONDAY)

    assert [] == waiting_conversations(database, MONDAY)
    afterwards = MONDAY + CLAIM + timedelta(seconds=1)
    assert [received.conversation_id] == waiting_conversations(database, afterwards)
    assert take_turn(database, echo, received.conversation_id, afterwards)
    assert thread(database, received.conversation_id) == ["Hello", "1: Hello"]


def test_a_worker_that_was_given_up_says_nothing_when_it_comes_back(database: Database) -> None:
    received = says(database, anna("Hello"))

    assert not take_turn(database, late(database, received.conversation_id), received.conversation_id, MONDAY)
    assert thread(database, received.conversation_id) == ["Hello", "1: Hello"]


def test_every_turn_leaves_a_row_that_explains_it(database: Database) -> None:
    received = says(database, ben("Hallo"))
    take_turn(database, echo, received.conversation_id, MONDAY)

    with database.reading() as session:
        [event] = session.scalars(select(Event)).all()
    assert (received.message_id, "turn", "question") == (event.message_id, event.kind, event.details["intent"])


def by_sms(text: str, number: str = "+4915112345678") -> Inbound:
    return Inbound("sms", number, text, f"SM{text}", sender="+4915735980001")


def test_after_days_of_silence_a_new_conversation_begins_that_knows_language_and_matter(database: Database) -> None:
    first = says(database, anna("How much is delivery?"))
    take_turn(database, matter, first.conversation_id, MONDAY)
    later = MONDAY + timedelta(hours=73)
    second = says(database, anna("and to Austria?"), later)
    given: list[str | None] = []

    def remembering(state: str | None, text: str, context: TurnContext) -> Reply:
        given.append(state)
        return matter(state, text, context)

    take_turn(database, remembering, second.conversation_id, later)

    assert first.conversation_id != second.conversation_id
    with database.reading() as session:
        old, new = session.scalars(select(Conversation).order_by(Conversation.opened_at))
        assert (old.close_reason, new.previous_id, new.locale) == ("silence", old.id, "en")
    assert "How much is delivery?" in str(given[0])
    assert "failures" not in str(given[0])


def matter(state: str | None, text: str, context: TurnContext) -> Reply:
    slots = {"last_question": text, "last_articles": ["delivery"], "failures": 1}
    kept = DialogueState("en", slots, (("user", "question"), ("asked", "helped"))).as_json("a model")
    return Reply((Said("It costs €4.90."),), kept, "en", "question", 1.0)


def test_a_conversation_that_still_waits_for_its_answer_is_not_over(database: Database) -> None:
    first = says(database, anna("How much is delivery?"))

    assert first.conversation_id == says(database, anna("Hello?"), MONDAY + timedelta(hours=100)).conversation_id


def test_who_starts_over_begins_a_new_conversation_with_the_next_message(database: Database) -> None:
    def starts_over(state: str | None, text: str, context: TurnContext) -> Reply:
        return Reply((Said("All right."),), "{}", "en", "start_over", 1.0)

    first = says(database, anna("Forget all that"))
    take_turn(database, starts_over, first.conversation_id, MONDAY)
    second = says(database, anna("Hello"))

    assert first.conversation_id != second.conversation_id
    assert ["Forget all that", "All right."] == thread(database, first.conversation_id)


def test_the_answer_goes_to_the_number_that_just_wrote(database: Database) -> None:
    says(database, by_sms("Hello", "+4915112345678"))
    received = says(database, by_sms("And I", "+4915187654321"))
    with database.transaction() as session:
        first, second = session.scalars(select(Address).order_by(Address.value))
        session.execute(update(Address).where(Address.id == second.id).values(customer_id=first.customer_id))
    take_turn(database, echo, received.conversation_id, MONDAY)

    with database.reading() as session:
        assert ["+4915187654321"] == list(session.scalars(select(Delivery.address)))
