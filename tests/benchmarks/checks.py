"""What every publication waits for: all articles are asked what they must and must not answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
from sqlalchemy import insert, select, update

import app.models  # noqa: F401  every table is known
from app.loading import load_embedding, open_knowledge
from db import Database
from db.migrating import migrate
from knowledge.articles import Embedding, Passage, Revision
from knowledge.checking import check, gate
from knowledge.embedding import Embedder
from knowledge.vectors import question_hash, steps, stored_vectors, to_bytes
from tests.benchmarks.help_text import invented_articles
from tests.benchmarks.large_library import PASSAGES_PER_ARTICLE, ROWS_PER_INSERT, Invented, fill
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row

T = TypeVar("T")

ARTICLES = 2_000
LIKENESS = 0.9
"""Of a question and the passage that answers it, before they are brought to unit length."""


def rows(place: Place) -> list[Row]:
    """Two questions an article. Their vectors are there: each is embedded once, when it is written."""
    with place.folder("checks") as folder:
        database = Database(f"sqlite:///{folder / 'handrail.db'}")
        migrate(database)
        embedder = load_embedding(place.settings)
        questions = _library(database, embedder)
        knowledge = open_knowledge(place.settings, database, embedder)
        text = invented_articles(1)[0]
        first, _ = _timed(lambda: gate(knowledge, [text]))
        again, checked = _timed(lambda: check(knowledge, [text]))
        database.close()
    holding = sum(one.holds for one in checked)
    assert questions == len(checked)
    note = f"{questions} questions, {holding} of them hold; the first time in a process {first:.1f} s"
    return [Row(f"Must answer: all questions of {ARTICLES} articles", again, "s", limit=5, note=note)]


def _library(database: Database, embedder: Embedder) -> int:
    """Articles of which each must answer one question and must not answer another; returns how many questions."""
    invented = Invented(embedder.dimensions)
    fill(database, embedder.name, invented, ARTICLES * PASSAGES_PER_ARTICLE)
    with database.transaction() as session:
        revisions = list(session.execute(select(Revision.id, Revision.questions)))
        for id, questions in revisions:
            asked = {"must_answer": [f"{questions[0]}?"], "must_not_answer": [f"{questions[1]}?"]}
            session.execute(update(Revision).where(Revision.id == id).values(**asked))
    kept = dict(_vectors(database, embedder.name, invented))
    with database.transaction() as session:
        for some in steps(kept.items(), ROWS_PER_INSERT):
            entries = [{"content_hash": key, "model": embedder.name, "vector": vector} for key, vector in some]
            session.execute(insert(Embedding), entries)
    return len(kept)


def _vectors(database: Database, model: str, invented: Invented) -> Iterator[tuple[str, bytes]]:
    """Of each question one like that of a passage: its own article's, or that of another, which answers it."""
    query = select(Passage.text, Passage.content_hash, Passage.ordinal).where(Passage.ordinal.in_([1, 2]))
    with database.reading() as session:
        passages = list(session.execute(query.order_by(Passage.revision_id, Passage.ordinal)))
    near = stored_vectors(database, model, [content_hash for _, content_hash, _ in passages])
    for at, (text, content_hash, ordinal) in enumerate(passages):
        answering = content_hash if ordinal == 1 else passages[at - 3][1]
        vector = LIKENESS * near[answering] + (1 - LIKENESS) * invented.vector()
        yield question_hash(f"{text}?"), to_bytes(vector / np.linalg.norm(vector))


def _timed(action: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = action()
    return time.perf_counter() - started, result
