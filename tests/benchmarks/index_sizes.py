"""The index at a small company's size and at a large one's: starting, searching, and publishing into it."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean
from threading import Thread
from typing import Any

import numpy as np

import app.models  # noqa: F401  every table is known
from app.loading import load_embedding, open_knowledge
from db import Database
from db.migrating import migrate
from knowledge.answers import QuestionContext
from knowledge.embedding import Embedder
from knowledge.index import Follower, Snapshot
from knowledge.index.records import Vectors
from knowledge.library import Knowledge
from knowledge.search import Question, search
from tests.benchmarks.help_text import invented_articles
from tests.benchmarks.large_library import Invented, fill
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, ms, p50, p95

SIZES = (1_000, 100_000)
QUESTIONS = 200
WORDS_PER_QUESTION = 9
FOUND = 50
PUBLICATIONS = 10


@dataclass(frozen=True)
class Searched:
    """Seconds of each question."""

    whole: list[float]
    """All that is searched for an answer, without embedding the question."""
    vectors: list[float]
    """The nearest vectors alone."""
    words: list[float]
    """BM25 alone."""
    recall: float
    """Share of the truly nearest that are found."""


def rows(place: Place) -> list[Row]:
    embedder = load_embedding(place.settings)
    embedder.embed_passages(["warm-up"])
    small, large = (measure(place, embedder, size) for size in SIZES)
    ratio = p50(large[0].whole) / p50(small[0].whole)
    note = f"{ms(p50(large[0].whole))} and {ms(p50(small[0].whole))} p50"
    against = f"{_passages(SIZES[1])}, against {_passages(SIZES[0])}"
    return [Row(f"Search at {against}", ratio, note=note), *small[1], *large[1]]


def measure(place: Place, embedder: Embedder, size: int) -> tuple[Searched, list[Row]]:
    at = f"at {_passages(size)}"
    invented = Invented(embedder.dimensions)
    with place.folder("index") as folder:
        database = Database(f"sqlite:///{folder / 'handrail.db'}")
        migrate(database)
        fill(database, embedder.name, invented, size)
        before, started = _resident_mb(), time.perf_counter()
        knowledge = open_knowledge(place.settings, database, embedder)
        start, memory = time.perf_counter() - started, _resident_mb() - before
        searched = _search(knowledge.snapshot, embedder, invented)
        elsewhere = Follower(database, embedder)
        rows = [
            Row(f"Index read {at}", start, "s", note=f"{memory:.0f} MB, {embedder.dimensions} dimensions"),
            *_search_rows(searched, at),
            _publish_row(knowledge, elsewhere, at),
            _merge_row(elsewhere, invented, at),
        ]
        database.close()
    return searched, rows


def _passages(size: int) -> str:
    return f"{size:,} passages".replace(",", " ")


def _search(snapshot: Snapshot, embedder: Embedder, invented: Invented) -> Searched:
    whole, vectors, words, recall = [], [], [], []
    for text, vector in ((invented.text(WORDS_PER_QUESTION), invented.vector()) for _ in range(QUESTIONS)):
        whole.append(_timed(partial(search, snapshot, Question(text, "en", vector, embedder.parts)))[0])
        seconds, (found, _) = _timed(partial(snapshot.dense, vector, FOUND))
        vectors.append(seconds)
        words.append(_timed(partial(snapshot.lexical, text, FOUND))[0])
        recall.append(len(set(found) & _exactly(snapshot, vector)) / FOUND)
    return Searched(whole, vectors, words, fmean(recall))


def _search_rows(searched: Searched, at: str) -> list[Row]:
    parts = f"of vectors {ms(p95(searched.vectors))}, of words {ms(p95(searched.words))}"
    note = f"beyond embedding; p50 {ms(p50(searched.whole))}; p95 {parts}"
    return [
        Row(f"Search p95 {at}", p95(searched.whole) * 1_000, "ms", limit=15, note=note),
        Row(f"Recall of the first {FOUND} {at}", searched.recall, limit=0.98, at_least=True),
    ]


def _exactly(snapshot: Snapshot, vector: Vectors) -> set[int]:
    products = snapshot.large.vectors @ vector
    return set(np.argpartition(-products, FOUND)[:FOUND].tolist())


def _publish_row(knowledge: Knowledge, elsewhere: Follower, at: str) -> Row:
    """From the publication to the next answer, and to another reader, which looks for changes by itself."""
    here, there = [], []
    for text in invented_articles(PUBLICATIONS, seed=1):
        started = time.perf_counter()
        knowledge.publish(text)
        answer = knowledge.answer(text.questions[0], text.locale, QuestionContext())
        here.append(time.perf_counter() - started)
        assert text.id == answer.hits[0].article_id
        while not elsewhere.snapshot.rows_of(text.id, text.locale):
            time.sleep(0.001)
        there.append(time.perf_counter() - started)
    note = f"p50 {p50(here):.2f} s; by another process's look p95 {p95(there):.2f} s; embedding included"
    return Row(f"Publish to the next answer, p95 {at}", p95(here), "s", limit=1, note=note)


def _merge_row(follower: Follower, invented: Invented, at: str) -> Row:
    """Searching while a thread puts the segments together."""
    merging = Thread(target=follower.merge)
    text, vector = invented.text(WORDS_PER_QUESTION), invented.vector()
    seconds, started = [], time.perf_counter()
    merging.start()
    while merging.is_alive():
        snapshot = follower.snapshot
        seconds.append(
            _timed(partial(snapshot.dense, vector, FOUND))[0] + _timed(partial(snapshot.lexical, text, FOUND))[0]
        )
    note = f"the merge took {time.perf_counter() - started:.1f} s; longest search {ms(max(seconds))}"
    return Row(f"Search p95 during a merge {at}", p95(seconds) * 1_000, "ms", note=note)


def _timed(action: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = action()
    return time.perf_counter() - started, result


def _resident_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
