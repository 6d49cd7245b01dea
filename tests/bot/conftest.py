"""The real bot, trained once, and somebody who talks to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from bot import runtime
from bot.engine import Engine
from bot.reply import Reply, TurnContext
from bot.training import train
from knowledge.embedding import Embedder, load_embedder
from tests.bot.bookshop import Bookshop
from tests.conftest import MODELS, ROOT

CONTACT = "call 030 1234"
LONG = 30
"""Longer than any turn takes, however busy the machine is; seconds."""


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """As it is delivered: whatever else in the same process talks to a bot has the same one."""
    return load_embedder(Settings().embedding_model, MODELS)


@pytest.fixture(scope="session")
def model(embedder: Embedder) -> Path:
    """The one that is prepared for the demo, too: trained only when something it is made of has changed."""
    runtime.use(embedder=embedder)
    return train(ROOT / ".cache" / "handrail" / "bot", embedder)


@pytest.fixture(scope="session")
def bookshop() -> Bookshop:
    return Bookshop()


@pytest.fixture(scope="session")
def engine(model: Path, bookshop: Bookshop) -> Iterator[Engine]:
    engine = Engine(model, bookshop, contact=CONTACT, deadline=LONG)
    yield engine
    engine.close()


class Talk:
    """One conversation with the bot."""

    def __init__(self, engine: Engine, channel: str = "web", locale: str | None = None, **context: Any) -> None:
        self._engine, self._context = engine, TurnContext("c1", channel, locale, **context)
        self.state: str | None = None

    def say(self, text: str, *, channel: str | None = None, elsewhere: str | None = None) -> Reply:
        """`channel`: another one than so far; `elsewhere`: where the customer wrote before, if they are to be told."""
        self._context = replace(self._context, channel=channel or self._context.channel, elsewhere=elsewhere)
        reply = self._engine.reply(self.state, text, self._context)
        self.state = reply.state
        return reply


Speak = Callable[..., Talk]


@pytest.fixture
def talk(engine: Engine) -> Speak:
    """Begins a conversation: `talk()`, `talk("sms")`, `talk(locale="de")`, `talk(people=True)`."""
    return lambda *given, **named: Talk(engine, *given, **named)


def text_of(reply: Reply) -> str:
    return "\n".join(said.text for said in reply.said)


def titles(reply: Reply) -> list[str]:
    return [button.title for said in reply.said for button in said.buttons]


def payloads(reply: Reply) -> list[str]:
    return [button.payload for said in reply.said for button in said.buttons]
