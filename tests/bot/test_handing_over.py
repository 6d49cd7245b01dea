"""When a person takes over, why, and what is said then."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from bot.engine import Engine
from bot.handing_over import REASONS
from bot.reply import Reply
from bot.state import after_person
from handoff.handoffs import Reason
from tests.bot.bookshop import ARTICLES, Bookshop
from tests.bot.conftest import CONTACT, DEADLINE, Speak, Talk, payloads, text_of, titles
from tests.bot.test_deadline import Moody

RETURNS = ARTICLES["returns"][1]


def assert_handed_over(reason: str, reply: Reply) -> None:
    """For this reason, in words that promise no time and leave the buttons to whoever takes over."""
    assert (reason, []) == (reply.wants_person, payloads(reply))
    assert re.search("colleague|Kolleg|Mensch|jemanden", reply.said[-1].text)
    assert CONTACT not in text_of(reply)


def test_the_reasons_of_the_bot_are_reasons_of_a_hand_off() -> None:
    assert set(REASONS) <= set(get_args(Reason))


@pytest.mark.parametrize("wish", ["can I speak to someone", "/wants_person"])
@pytest.mark.parametrize("channel", ["web", "sms", "whatsapp"])
def test_who_asks_for_a_person_is_passed_on(talk: Speak, wish: str, channel: str) -> None:
    assert_handed_over("asked", talk(channel, people=True).say(wish))


def test_it_is_said_in_the_customers_language(talk: Speak) -> None:
    reply = talk(people=True).say("ich möchte mit einem Mitarbeiter sprechen")

    assert ["Ich gebe Sie an eine Kollegin oder einen Kollegen weiter."] == [said.text for said in reply.said]


def test_two_failures_offer_a_person_also_where_no_contact_is_named(model: Path, bookshop: Bookshop) -> None:
    engine = Engine(model, bookshop, contact="", lanes=1, deadline=DEADLINE)
    anna = Talk(engine, people=True)
    anna.say("do you sell maps")
    offer = anna.say("do you sell globes")
    accepted = anna.say("yes please")
    engine.close()

    assert (None, ["/wants_person"]) == (offer.wants_person, payloads(offer))
    assert_handed_over("failures", accepted)


def test_who_declines_the_offer_stays_with_the_bot(talk: Speak) -> None:
    anna = talk(people=True)
    anna.say("do you sell maps")
    anna.say("do you sell globes")

    assert anna.say("no thanks").wants_person is None


@pytest.mark.parametrize("second", ["/did_not_help", "/none_of_these", "no"])
def test_a_second_answer_that_does_not_help_is_a_persons_matter(talk: Speak, second: str) -> None:
    anna = talk(people=True)
    anna.say("can I return a book")
    first = anna.say("/did_not_help")
    assert (None, "/none_of_these") == (first.wants_person, payloads(first)[-1])

    assert_handed_over("did_not_help", anna.say(second))


def test_an_answer_that_helped_in_between_makes_it_forgotten(talk: Speak) -> None:
    anna = talk(people=True)
    for verdict in ("/did_not_help", "/helped"):
        anna.say("can I return a book")
        anna.say(verdict)
    anna.say("how long does delivery take")

    assert anna.say("/did_not_help").wants_person is None


def test_what_is_for_people_is_not_said_by_the_bot(talk: Speak) -> None:
    reply = talk(people=True).say("can you delete my data")

    assert_handed_over("people_only", reply)
    assert ARTICLES["data"][1] not in text_of(reply)
    assert reply.answer is not None
    assert "account" == reply.answer.category


def test_a_whole_category_may_be_for_people(talk: Speak) -> None:
    anna = talk(people=True, people_only=frozenset({"money"}))

    assert_handed_over("people_only", anna.say("can I return a book"))
    assert anna.say("how long does delivery take").wants_person is None


def test_a_choice_that_begins_with_what_is_for_people_is_theirs(talk: Speak) -> None:
    assert_handed_over("people_only", talk(people=True).say("what becomes of my data"))


def test_what_is_for_people_may_be_chosen_and_is_said_by_one(talk: Speak) -> None:
    anna = talk(people=True)
    choice = anna.say("what about my things")
    assert ["Delivery times", "Have your data deleted", "None of these"] == titles(choice)

    assert_handed_over("people_only", anna.say("2"))


def test_where_nobody_works_the_bot_says_what_it_knows(talk: Speak) -> None:
    assert ARTICLES["data"][1] == text_of(talk().say("can you delete my data"))


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize(("locale", "longest"), [("en", 110), ("de", 130)])
def test_a_person_takes_over_in_one_short_sentence(engine: Engine, reason: str, locale: str, longest: int) -> None:
    texts = {engine.wording(f"utter_hand_over_{reason}", locale, channel) for channel in ("web", "sms", "whatsapp")}

    [text] = texts
    assert len(text) <= longest
    assert 1 == text.count(".")


def test_the_bot_begins_afresh_when_a_person_gives_a_conversation_back(talk: Speak, bookshop: Bookshop) -> None:
    anna = talk(people=True)
    anna.say("can I return a book")
    anna.say("do you sell maps")
    anna.say("do you sell globes")
    anna.say("yes")
    anna.state = after_person(anna.state)

    assert "other words" in text_of(anna.say("do you sell compasses"))
    _, _, context = bookshop.asked[-1]
    assert "can I return a book" == context.previous_question


@pytest.mark.parametrize("kept", [None, "", "rubbish", "{}"])
def test_a_state_that_nobody_wrote_is_none_after_a_person(kept: str | None) -> None:
    assert after_person(kept) is None


@pytest.fixture
def broken(request: pytest.FixtureRequest, model: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Talk]:
    caplog.set_level(logging.CRITICAL)
    engine = Engine(model, Moody(fails=request.param), lanes=2, deadline=DEADLINE)
    yield Talk(engine, people=True)
    engine.close()


@pytest.mark.parametrize("broken", [1], indirect=True)
@pytest.mark.parametrize(
    ("question", "reason"), [("can I return a book", None), ("can you delete my data", "people_only")]
)
def test_search_alone_answers_where_it_can_and_says_nothing_for_people(
    broken: Talk, question: str, reason: str | None
) -> None:
    reply = broken.say(question)

    assert ("failed", reason) == (reply.degraded, reply.wants_person)
    assert (RETURNS == text_of(reply)) == (reason is None)


@pytest.mark.parametrize("broken", [1, 100], indirect=True)
def test_what_nobody_knows_while_the_bot_is_down_is_a_persons_matter(broken: Talk) -> None:
    assert_handed_over("bot_down", broken.say("do you sell maps"))
