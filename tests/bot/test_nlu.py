"""How well the bot understands sentences it was not trained on."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.engine import Engine
from bot.reply import Reply, TurnContext
from tests.conftest import ROOT

Judged = list[tuple[str, str, Reply]]


def sentences(path: Path) -> list[tuple[str, str]]:
    """`(intent, sentence)` of an NLU file of Rasa's."""
    blocks = yaml.safe_load(path.read_text())["nlu"]
    return [(block["intent"], line[2:]) for block in blocks for line in block["examples"].splitlines()]


@pytest.fixture(scope="module")
def judged(engine: Engine) -> Judged:
    context = TurnContext("c1", "web")
    held_out = sentences(Path(__file__).parent / "holdout.yml")
    return [(intent, text, engine.reply(None, text, context)) for intent, text in held_out]


def test_it_is_measured_with_sentences_it_was_not_trained_on() -> None:
    trained = {text.lower() for path in (ROOT / "bot/data/nlu").glob("*.yml") for _, text in sentences(path)}

    assert not [text for _, text in sentences(Path(__file__).parent / "holdout.yml") if text.lower() in trained]


def test_nineteen_of_twenty_sentences_are_understood(judged: Judged) -> None:
    wrong = [(text, intent, reply.intent) for intent, text, reply in judged if reply.intent != intent]

    assert len(wrong) / len(judged) <= 0.05, wrong


def test_hardly_a_question_is_taken_for_something_small(judged: Judged) -> None:
    questions = [(text, reply.intent) for intent, text, reply in judged if intent == "question"]
    swallowed = [pair for pair in questions if pair[1] != "question"]

    assert len(swallowed) / len(questions) <= 0.03, swallowed


def test_who_wants_a_person_is_understood(judged: Judged) -> None:
    wishes = [(text, reply.intent) for intent, text, reply in judged if intent == "wants_person"]
    missed = [pair for pair in wishes if pair[1] != "wants_person"]

    assert len(missed) / len(wishes) <= 0.05, missed


def test_the_language_of_hardly_a_sentence_is_mistaken(engine: Engine, judged: Judged) -> None:
    long = [(text, reply) for _, text, reply in judged if len(text.split()) > 3]
    umlauts = [(text, reply.locale) for text, reply in long if set(text.lower()) & set("äöüß")]

    assert umlauts
    assert len([pair for pair in umlauts if pair[1] != "de"]) / len(umlauts) <= 0.03
