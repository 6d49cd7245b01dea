"""How well the bot hears that a person should come at once, and that it need not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.engine import Engine
from bot.reply import Reply, TurnContext
from bot.signals import CALM, SIGNALS, examples
from tests.bot.bookshop import ARTICLES, HURRIED
from tests.bot.conftest import Speak, text_of
from tests.bot.test_handing_over import assert_handed_over

Judged = list[tuple[set[str], str, Reply]]


def held_out() -> list[tuple[set[str], str]]:
    """Sentences with the signals in them; none for what is calm."""
    blocks = yaml.safe_load((Path(__file__).parent / "signals.yml").read_text())
    return [(set(labels.split()) - {CALM}, text) for labels, texts in blocks.items() for text in texts.splitlines()]


@pytest.fixture(scope="module")
def judged(engine: Engine) -> Judged:
    context = TurnContext("c1", "web")
    return [(signals, text, engine.reply(None, text, context)) for signals, text in held_out()]


def test_it_is_measured_with_sentences_it_was_not_trained_on() -> None:
    trained = {text.lower() for _, text in examples()}
    sentences = held_out()

    assert not [text for _, text in sentences if text.lower() in trained]
    assert len(sentences) >= 400
    assert len([text for signals, text in sentences if not signals]) >= 200


def test_hardly_anything_is_heard_that_is_not_there(judged: Judged) -> None:
    heard = [(signals, text, reply.signals) for signals, text, reply in judged if reply.signals]
    wrong = [(text, found) for signals, text, found in heard if not signals & set(found)]

    assert len(wrong) / len(heard) <= 0.03, wrong


def test_most_of_what_is_there_is_heard(judged: Judged) -> None:
    there = [(signals, text, reply.signals) for signals, text, reply in judged if signals]
    missed = [(text, signals) for signals, text, found in there if not signals & set(found)]

    assert len(missed) / len(there) <= 0.15, missed


@pytest.mark.parametrize("signal", SIGNALS)
def test_no_signal_is_passed_over(judged: Judged, signal: str) -> None:
    there = [(text, reply.signals) for signals, text, reply in judged if signals == {signal}]
    missed = [text for text, found in there if signal not in found]

    assert len(missed) / len(there) <= 0.25, missed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Smoke is coming out of it. I will sue you, you crooks.", "safety"),
        ("You crooks will hear from my lawyer.", "legal"),
        ("That is outrageous, I am furious with you!", "anger"),
        (
            "Hallo, ich habe bei Ihnen bestellt. Es kam nichts an. Ich gehe jetzt zum Anwalt. Mit freundlichem Gruß",
            "legal",
        ),
    ],
)
def test_the_gravest_signal_is_the_reason(talk: Speak, text: str, reason: str) -> None:
    reply = talk(people=True).say(text)

    assert "needs_person" == reply.intent
    assert_handed_over(reason, reply)


def test_where_somebody_may_be_in_danger_the_emergency_number_comes_first(talk: Speak) -> None:
    assert "emergency number first" in text_of(talk(people=True).say("the plug is on fire"))
    assert "zuerst den Notruf" in text_of(talk(people=True).say("aus dem Stecker kommt Rauch"))


def test_who_asks_for_a_person_in_anger_has_asked_for_one(talk: Speak) -> None:
    reply = talk(people=True).say("I want to talk to a real person now, this bot is fucking useless")

    assert ("asked", "angry") == (reply.wants_person, reply.mood)


@pytest.mark.parametrize("text", ["I will sue you", "so eine Frechheit, ich bin stocksauer", "I got an electric shock"])
def test_where_nobody_works_it_is_heard_and_changes_nothing(talk: Speak, text: str) -> None:
    reply = talk().say(text)

    assert reply.signals
    assert (True, None) == (reply.intent != "needs_person", reply.wants_person)


def test_who_is_in_a_hurry_gets_a_sure_answer_at_once(talk: Speak) -> None:
    reply = talk(people=True).say(HURRIED)

    assert (("urgency",), ARTICLES["returns"][1]) == (reply.signals, text_of(reply))
    assert reply.wants_person is None


def test_who_is_in_a_hurry_and_gets_no_sure_answer_gets_a_person(talk: Speak) -> None:
    reply = talk(people=True).say("It's really urgent, please hurry, where are the maps I ordered?")

    assert_handed_over("urgency", reply)
    assert "urgent" == reply.mood


def test_an_ordinary_question_is_calm(talk: Speak) -> None:
    reply = talk(people=True).say("can I return a book")

    assert ((), "calm", None) == (reply.signals, reply.mood, reply.wants_person)


def test_a_pressed_button_is_calm(talk: Speak) -> None:
    assert ((), "calm") == ((pressed := talk(people=True).say("/start_over")).signals, pressed.mood)


@pytest.mark.parametrize("text", ["!!!" * 500, "WHY " * 400, "fire. " * 300, "mir " * 500 + "schlecht"])
def test_a_tirade_is_heard_in_time(talk: Speak, text: str) -> None:
    assert talk(people=True).say(text).degraded is None
