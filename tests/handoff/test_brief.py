"""What whoever takes over sees first: what was asked, what was tried, what is known, and nothing made up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.reply import Reply, Said, TurnContext
from channels.conversation import Conversation
from channels.inbound import Inbound, receive
from db import Database
from handoff import acting
from handoff.brief import Brief, Fact, brief_of, facts_in
from handoff.turn import take_turn
from knowledge.answers import Answer, Hit, Source
from staff.people import User
from tests.cast import MONDAY, anna, says
from tests.handoff.at_work import answers, conversation, hire, person_wanted, waits

ARTICLE = Source("delivery-times", "en", "Delivery times", "", "/help/en/articles/delivery-times")
HIT = Hit("delivery-times", "en", "Delivery times", (), "3 to 5 days", 2.5, 0.9, 4.0)


def answering(state: str | None, text: str, context: TurnContext) -> Reply:
    """A bot that knows one thing."""
    if text.startswith("/"):
        return Reply((Said("I'm sorry."),), "{}", "en", "did_not_help", 1.0)
    answer = Answer("answer", "3 to 5 days.", (ARTICLE,), 0.81, (HIT,), text, "en")
    return Reply((Said("**3 to 5** days."),), "{}", "en", "question", 1.0, answer=answer)


def brief(database: Database, one: str) -> Brief:
    with database.reading() as session:
        return brief_of(session, conversation(database, one), session.scalars(select(User)).first())


def test_it_says_what_was_asked_what_was_tried_and_what_was_said_to_that(database: Database) -> None:
    hire(database, "Mira Kern")
    one = says(database, anna("where is my order FN-204518")).conversation_id
    take_turn(database, answering, one, MONDAY)
    says(database, anna("/did_not_help"), MONDAY)
    take_turn(database, answering, one, MONDAY)
    says(database, anna("a person, I am Anna"), MONDAY)
    take_turn(database, person_wanted, one, MONDAY)
    found = brief(database, one)

    assert ("where is my order FN-204518", "a person, I am Anna") == (found.asked[0], found.asked[-1])
    [tried] = found.tried
    assert ("where is my order FN-204518", "answer", "3 to 5 days.", 0.81) == (
        tried.question, tried.kind, tried.said, tried.confidence,
    )  # fmt: skip
    assert (("delivery-times", 2.5),) == tried.articles
    assert (Fact("order", "FN-204518"),) == found.facts
    assert ("asked", MONDAY, "en", "web", None) == (
        found.reason, found.since, found.locale, found.channel, found.window_until,
    )  # fmt: skip


def test_what_was_said_to_a_person_is_no_news_but_the_facts_in_it_are_kept(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database, "A person, please")
    answers(database, mira, one, MONDAY + timedelta(minutes=1))
    says(database, anna("It is order FN-204518"), MONDAY + timedelta(minutes=2))

    assert ("A person, please",) == brief(database, one).asked
    assert (Fact("order", "FN-204518"),) == brief(database, one).facts


def closing(state: str | None, text: str, context: TurnContext) -> Reply:
    return Reply((Said("Goodbye."),), "{}", "en", "nothing", 1.0)


def test_goodbyes_and_what_answers_the_question_at_the_end_are_nothing_that_was_asked(database: Database) -> None:
    hire(database, "Mira Kern")
    one = says(database, anna("where is my order FN-204518")).conversation_id
    take_turn(database, answering, one, MONDAY)
    for text in ("no, that was all", "no, that was not all of it, my kettle is still missing"):
        says(database, anna(text), MONDAY)
        take_turn(database, closing, one, MONDAY)
    with database.transaction() as session:
        found = session.get(Conversation, one)
        assert found
        session.add(found.say("customer", "web", "1", MONDAY, extra={"survey": "its id"}))

    assert ("where is my order FN-204518", "no, that was not all of it, my kettle is still missing") == brief(
        database, one
    ).asked


def test_in_whatsapp_it_says_how_long_one_may_answer_freely(database: Database) -> None:
    hire(database, "Mira Kern")
    inbound = Inbound("whatsapp", "+4915112345678", "A person", "WA1", sender="+491713920002", name="Anna Weber")
    one = receive(database, inbound, MONDAY).conversation_id
    take_turn(database, person_wanted, one, MONDAY)

    assert ("whatsapp", MONDAY + timedelta(hours=24), "Anna Weber") == tuple(
        getattr(brief(database, one), name) for name in ("channel", "window_until", "name")
    )


def test_it_names_the_conversations_before(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    first = waits(database, "My kettle leaks")
    with database.transaction() as session:
        acting.resolve(session, mira, first, "solved", MONDAY)
    again = waits(database, "It leaks again", MONDAY + timedelta(days=1))

    [earlier] = brief(database, again).earlier
    assert (first, MONDAY, "My kettle leaks", "solved") == (
        earlier.id, earlier.opened_at, earlier.asked, earlier.close_reason,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("order FN-204518 from 3 March 2026", [("date", "3 March 2026"), ("order", "FN-204518")]),
        ("Bestellung 1234567 vom 12.03.2026", [("date", "12.03.2026"), ("order", "1234567")]),
        ("bezahlt am 5. mai, 49,90 €", [("date", "5. mai"), ("amount", "49,90 €")]),
        ("it cost €49.90 and shows E05", [("amount", "€49.90"), ("code", "E05")]),
        ("write to anna.weber@shop.example", [("email", "anna.weber@shop.example")]),
        ("call +49 341 5550190", [("phone", "+49 341 5550190")]),
        ("rufen Sie 0341 5550190 an", [("phone", "0341 5550190")]),
        ("Ich heiße Anna Weber und warte", [("name", "Anna Weber")]),
        ("my name is jonas and it broke", [("name", "jonas")]),
        ("order #9981", [("order", "#9981")]),
        ("I have waited 30 days for 2 cups", []),
        ("Wie entkalke ich die Maschine?", []),
    ],
)
def test_facts_are_kept_as_typed(text: str, facts: list[tuple[str, str]]) -> None:
    assert facts == [(fact.kind, fact.text) for fact in facts_in([text])]


def test_what_is_said_twice_is_one_fact() -> None:
    assert [Fact("order", "FN-204518")] == facts_in(["FN-204518", "I said fn-204518!"])


def test_what_was_opened_again_keeps_why_it_first_came_and_says_so_too(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    answers(database, mira, one, MONDAY)
    assert ("asked", False) == (brief(database, one).reason, brief(database, one).is_reopened)
    with database.transaction() as session:
        acting.resolve(session, mira, one, "solved", MONDAY)
    with database.transaction() as session:
        acting.reopen(session, mira, one, MONDAY + timedelta(hours=1))

    assert ("asked", True) == (brief(database, one).reason, brief(database, one).is_reopened)


def test_what_nobody_called_for_and_was_opened_again_was_opened_again(database: Database) -> None:
    susanne = hire(database, "Susanne Ott", "supervisor")
    one = says(database, anna("hello")).conversation_id
    with database.transaction() as session:
        acting.resolve(session, susanne, one, "solved", MONDAY)
    with database.transaction() as session:
        acting.reopen(session, susanne, one, MONDAY)

    assert ("reopened", True) == (brief(database, one).reason, brief(database, one).is_reopened)
