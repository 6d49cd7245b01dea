"""The index at a small company's size and at a large one's: starting, searching, and publishing into it."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np

import app.models  # noqa: F401  every table is known
from app.wiring import load_embedding, open_knowledge
from db import Database
from db.migrating import migrate
from knowledge.embedding import Embedder
from knowledge.index import Follower, Snapshot
from knowledge.library import Knowledge
from tests.benchmarks.help_text import invented_articles
from tests.benchmarks.large_library import Invented, fill
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, ms, p50, p95

SIZES = (1_000, 100_000)
QUESTIONS = 200
WORDS_PER_QUESTION = 9
FOUND = 50
PUBLICATIONS = 10


def rows(place: Place) -> list[Row]:
    embedder = load_embedding(place.settings)
    embedder.embed_passages(["warm-up"])
    found = []
    for size in SIZES:
        with place.folder("index") as folder:
            found += measure(folder, embedder, size)
    return found


def measure(folder: Path, embedder: Embedder, size: int) -> list[Row]:
    invented = Invented(embedder.dimensions)
    database = Database(f"sqlite:///{folder / 'handrail.db'}")
    migrate(database)
    fill(database, embedder.name, invented, size)
    before, started = _resident_mb(), time.perf_counter()
    knowledge = open_knowledge(database, embedder)
    start, memory = time.perf_counter() - started, _resident_mb() - before
    at = f"at {size:,} passages".replace(",", " ")
    elsewhere = Follower(database, embedder)
    measured = [
        Row(f"Index read {at}", start, "s", note=f"{memory:.0f} MB, {embedder.dimensions} dimensions"),
        *_search_rows(knowledge.snapshot, invented, at),
        _publish_row(knowledge, elsewhere, at),
        _merge_row(elsewhere, invented, at),
    ]
    database.close()
    return measured


def _search_rows(snapshot: Snapshot, invented: Invented, at: str) -> list[Row]:
    dense, lexical, recall = [], [], []
    for text, vector in ((invented.text(WORDS_PER_QUESTION), invented.vector()) for _ in range(QUESTIONS)):
        seconds, (found, _) = _timed(partial(snapshot.dense, vector, FOUND))
        dense.append(seconds)
        lexical.append(_timed(partial(snapshot.lexical, text, FOUND))[0])
        recall.append(len(set(found) & _exactly(snapshot, vector)) / FOUND)
    together = [a + b for a, b in zip(dense, lexical, strict=True)]
    note = f"p50 {ms(p50(together))}; p95 of vectors {ms(p95(dense))}, of words {ms(p95(lexical))}; without embedding"
    return [
        Row(f"Search p95 {at}", p95(together) * 1_000, "ms", limit=15, note=note),
        Row(f"Recall of the first {FOUND} {at}", float(np.mean(recall)), limit=0.98, at_least=True),
    ]


def _exactly(snapshot: Snapshot, vector: np.ndarray) -> set[int]:
    products = snapshot.large.vectors @ vector
    return set(np.argpartition(-products, FOUND)[:FOUND].tolist())


def _publish_row(knowledge: Knowledge, elsewhere: Follower, at: str) -> Row:
    """From the publication to finding it, here and by another reader, which looks for changes by itself."""
    here, there = [], []
    for text in invented_articles(PUBLICATIONS, seed=1):
        started = time.perf_counter()
        knowledge.publish(text)
        assert knowledge.snapshot.rows_of(text.id, text.locale)
        here.append(time.perf_counter() - started)
        while not elsewhere.snapshot.rows_of(text.id, text.locale):
            time.sleep(0.001)
        there.append(time.perf_counter() - started)
    note = f"p50 {p50(here):.2f} s; by another process's look p95 {p95(there):.2f} s; embedding included"
    return Row(f"Publish to found, p95 {at}", p95(here), "s", limit=1, note=note)


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
