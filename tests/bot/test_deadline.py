"""When the dialogue is late or fails, search alone answers; when that does, too, a sentence says so."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

import bot.engine
from bot.engine import Engine
from knowledge.answers import Answer, QuestionContext
from tests.bot.bookshop import ARTICLES, Bookshop
from tests.bot.conftest import Talk, text_of, titles
from tests.waiting import until


class Moody(Bookshop):
    """Hangs until it is let go, or fails, for its next so many questions."""

    def __init__(self, hangs: int = 0, fails: int = 0) -> None:
        super().__init__()
        self.let_go = Event()
        self.hung = 0
        """How often it has."""
        self._hangs, self._fails = hangs, fails

    def answer(self, question: str, locale: str, context: QuestionContext) -> Answer:
        if self._hangs > 0:
            self._hangs -= 1
            self.hung += 1
            self.let_go.wait(60)
        if self._fails > 0:
            self._fails -= 1
            raise RuntimeError("the index is broken")
        return super().answer(question, locale, context)


@pytest.fixture
def moody(request: pytest.FixtureRequest, model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    knowledge, within, noticed = Moody(**request.param), bot.engine._within, 0

    def within_once_it_hangs(seconds: float, future: Future[Any]) -> Any:
        """The deadline runs from then on: what does not hang has its time, however much the machine has to do."""
        nonlocal noticed
        until(lambda: future.done() or knowledge.hung > noticed)
        noticed = knowledge.hung
        return within(seconds, future)

    monkeypatch.setattr(bot.engine, "_within", within_once_it_hangs)
    engine = Engine(model, knowledge, deadline=0.2, lanes=2)
    yield Talk(engine)
    knowledge.let_go.set()
    engine.close()


@pytest.mark.parametrize("moody", [{"hangs": 1}], indirect=True)
def test_a_late_dialogue_is_answered_by_search_alone(moody: Talk) -> None:
    reply = moody.say("can I return a book")

    assert "late" == reply.degraded
    assert ARTICLES["returns"][1] == text_of(reply)
    assert ["This helped", "This didn't help"] == titles(reply)
    assert "Good to hear" in text_of(moody.say("1"))


@pytest.mark.parametrize("moody", [{"fails": 1}], indirect=True)
def test_a_failing_dialogue_is_answered_by_search_alone(moody: Talk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    reply = moody.say("what about my money")

    assert "failed" == reply.degraded
    assert ["Return a book", "When your refund arrives", "None of these"] == titles(reply)
    assert ARTICLES["refunds"][1] == text_of(moody.say("the second one"))


@pytest.mark.parametrize("moody", [{"hangs": 100}, {"fails": 100}], indirect=True)
def test_when_search_is_out_of_order_the_bot_says_so_in_time(moody: Talk) -> None:
    started = monotonic()
    reply = moody.say("can I return a book")

    assert "right now" in text_of(reply)
    assert monotonic() - started < 20


@pytest.mark.parametrize("moody", [{"hangs": 2}], indirect=True)
def test_turns_that_hang_dont_keep_the_others(moody: Talk) -> None:
    assert "late" == moody.say("can I return a book").degraded
    reply = moody.say("hi")

    assert ("greet", None) == (reply.intent, reply.degraded)


@pytest.mark.parametrize("moody", [{"hangs": 100}], indirect=True)
def test_no_text_of_a_customer_reaches_the_log(moody: Talk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    moody.say("my password is swordfish, why can't I log in")

    assert "swordfish" not in caplog.text
