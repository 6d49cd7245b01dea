"""What the bot is wired to: the embedder, the knowledge and the contact line; and the turn that is being taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.surveys import Heard, SurveyQuestion
from knowledge.answers import Answer, QuestionContext


class SentenceEmbedder(Protocol):
    """Gives the search's vectors; the same sentence twice is computed once."""

    @property
    def name(self) -> str: ...

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """A unit vector, shape (dimensions,)."""
        ...

    def embed_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (texts, dimensions), as one trains with."""
        ...


class Answering(Protocol):
    """What the bot needs of knowledge."""

    def answer(self, question: str, locale: str, context: QuestionContext) -> Answer: ...

    def article(self, article_id: str, locale: str) -> Answer | None:
        """What a live article says, as an answer of confidence 1; None if there is none by this id any more."""
        ...


class NothingKnown:
    """Stands in where no knowledge was wired, such as a bare `rasa run actions`: every question is unknown."""

    def answer(self, question: str, locale: str, context: QuestionContext) -> Answer:
        return Answer("unknown", "", (), 0.0, (), question, locale)

    def article(self, article_id: str, locale: str) -> Answer | None:
        return None


@dataclass(frozen=True)
class Runtime:
    embedder: SentenceEmbedder | None = None
    """None: the one that config.yml names, loaded by the pipeline itself."""
    knowledge: Answering = field(default_factory=NothingKnown)
    contact: str = ""
    """How people are reached, in the company's own words; empty if nobody can be."""


@dataclass
class Turn:
    """One message being answered: what its actions may use, and what they leave for the reply."""

    knowledge: Answering
    contact: str = ""
    reading: str | None = None
    people: bool = False
    people_only: frozenset[str] = frozenset()
    channel: str = "web"
    survey: SurveyQuestion | None = None
    heard: Heard | None = None
    answer: Answer | None = None
    wants_person: str | None = None
    failure: Exception | None = None
    actions: list[str] = field(default_factory=list)


# Rasa makes components and actions from names in a file, so what they are wired to is kept for the whole process.
_in_use = Runtime()
_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


def use(
    embedder: SentenceEmbedder | None = None, knowledge: Answering | None = None, contact: str | None = None
) -> None:
    """Wires the bot; what isn't given stays as it is. Called once by the roof, before a model is trained or loaded."""
    global _in_use  # noqa: PLW0603
    _in_use = Runtime(
        embedder or _in_use.embedder,
        knowledge or _in_use.knowledge,
        _in_use.contact if contact is None else contact,
    )


def in_use() -> Runtime:
    return _in_use


@contextmanager
def taking(turn: Turn) -> Iterator[Turn]:
    token = _turn.set(turn)
    try:
        yield turn
    finally:
        _turn.reset(token)


def current_turn() -> Turn:
    """The turn of this thread; in Rasa's own tools, a new one on what the process is wired to."""
    return _turn.get() or Turn(knowledge=_in_use.knowledge, contact=_in_use.contact)
