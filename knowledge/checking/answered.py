"""What the bot would say to many questions, each asked on its own, as the first of a conversation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from threadpoolctl import threadpool_limits

from knowledge.answering import Reading, as_searched, decide, read_all, understand
from knowledge.answers import AnswerKind
from knowledge.checking.asking import asked_in
from knowledge.checking.expecting import Expecting
from knowledge.checking.would_be import WouldBe
from knowledge.embedding.embedder import CORES
from knowledge.index import Snapshot
from knowledge.index.records import Vectors
from knowledge.library import Knowledge
from knowledge.search import Question
from knowledge.search_many import blocks, sight_many
from knowledge.vectors import Progress

NEAREST = 3
"""Articles named where nothing is said."""


@dataclass(frozen=True)
class Named:
    """An article with its score for a question."""

    id: str
    locale: str
    title: str
    score: float


@dataclass(frozen=True)
class Answered:
    kind: AnswerKind
    articles: tuple[Named, ...]
    """Those that are said or offered; where nothing is said, the nearest."""
    confidence: float

    @property
    def said(self) -> str | None:
        """The id of the article that is said, if one is."""
        return self.articles[0].id if self.kind == "answer" else None


NOTHING = Answered("unknown", (), 0.0)


@dataclass(frozen=True)
class Put:
    """A question as it is put: in a language, to what customers find or to what staff alone find."""

    question: str
    locale: str
    staff: bool

    @classmethod
    def of(cls, one: Expecting) -> Put:
        asked = one.expectation
        return cls(asked.question, asked_in(asked.question, asked.locale), one.internal)


def answers_to(
    knowledge: Knowledge,
    found: WouldBe,
    puts: Collection[Put],
    vectors: Mapping[str, Vectors],
    progress: Progress | None = None,
) -> dict[Put, Answered]:
    """To each question; `vectors` holds theirs."""
    answers: dict[Put, Answered] = {}
    for staff in (False, True):
        snapshot = found.of(staff=staff)
        for put, answered in _answered(knowledge, snapshot, [put for put in puts if put.staff is staff], vectors):
            answers[put] = answered
            if progress:
                progress(len(answers), len(puts))
    return answers


def _answered(
    knowledge: Knowledge, snapshot: Snapshot, puts: Sequence[Put], vectors: Mapping[str, Vectors]
) -> Iterator[tuple[Put, Answered]]:
    searched = [put for put in puts if snapshot.articles and as_searched(put.question)]
    yield from ((put, NOTHING) for put in puts if put not in set(searched))
    parts = knowledge.embedder.parts
    questions = [Question(put.question, put.locale, vectors[put.question], parts) for put in searched]
    yield from zip(searched, _read_all(knowledge, snapshot, questions), strict=True)


def _read_all(knowledge: Knowledge, snapshot: Snapshot, questions: Sequence[Question]) -> Iterator[Answered]:
    """In their order, on all cores."""
    # Each thread multiplies by itself: those of BLAS would make one wait for the other.
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(CORES, "check") as threads:
        for answered in threads.map(partial(_read, knowledge, snapshot), blocks(snapshot, questions)):
            yield from answered


def _read(knowledge: Knowledge, snapshot: Snapshot, questions: Sequence[Question]) -> list[Answered]:
    limit = knowledge.answered_from
    readings = read_all(snapshot, questions, sight_many(snapshot, questions))
    understood = (
        understand(snapshot, knowledge.embedder, question, limit, written=reading)
        for question, reading in zip(questions, readings, strict=True)
    )
    return [_from_reading(snapshot, reading, limit) for reading in understood]


def _from_reading(snapshot: Snapshot, reading: Reading, answered_from: float) -> Answered:
    kind, shown = decide(reading, answered_from)
    articles = [(snapshot.articles[one.key], one.score) for one in shown or reading.found[:NEAREST]]
    named = tuple(Named(article.id, article.locale, article.title, round(score, 4)) for article, score in articles)
    return Answered(kind, named, round(reading.confidence, 4))
