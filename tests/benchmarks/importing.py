"""Import of help articles, against the encoder alone on the same passages: what everything around it costs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import app.models  # noqa: F401  every table is known
from app.loading import load_embedding, open_knowledge
from db import Database
from db.migrating import migrate
from knowledge.article_files import path_of, render
from knowledge.article_text import ArticleText
from knowledge.importing import import_articles
from knowledge.library import Knowledge
from knowledge.passages import passages_of
from tests.benchmarks.help_text import invented_articles
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row

ROUNDS = 4
ARTICLES = 20
"""In each round; some nine passages each."""


def rows(place: Place) -> list[Row]:
    return [measure(place, ROUNDS, ARTICLES)]


def measure(place: Place, rounds: int, articles: int) -> Row:
    with place.folder("import") as folder:
        database = Database(f"sqlite:///{folder / 'handrail.db'}")
        migrate(database)
        embedder = load_embedding(place.settings)
        # What an encoder's first use costs once is neither's.
        embedder.embed_passages(["warm-up"])
        knowledge = open_knowledge(place.settings, database, embedder)
        taken = [_round(knowledge, invented_articles(articles, seed), folder / str(seed)) for seed in range(rounds)]
        database.close()
    importing, encoding, passages = (sum(column) for column in zip(*taken, strict=True))
    note = f"{passages / importing:.0f} and {passages / encoding:.0f} passages a second; {passages} invented passages"
    return Row("Import, against the encoder alone", encoding / importing, limit=0.8, at_least=True, note=note)


def _round(knowledge: Knowledge, texts: Sequence[ArticleText], folder: Path) -> tuple[float, float, int]:
    """Seconds of the import and of the encoder, one after the other, and how many passages."""
    _write(texts, folder)
    started = time.perf_counter()
    report = import_articles(knowledge, folder)
    between = time.perf_counter()
    embedded = list(dict.fromkeys(passage.embedded for text in texts for passage in passages_of(text)))
    encoding = time.perf_counter()
    knowledge.embedder.embed_passages(embedded)
    assert report.published == len(texts), report.problems
    return between - started, time.perf_counter() - encoding, len(embedded)


def _write(texts: Sequence[ArticleText], folder: Path) -> None:
    for text in texts:
        path = folder / path_of(text)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(text), encoding="utf-8")
