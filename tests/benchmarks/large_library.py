"""A database with as many passages as wanted: words of a language's usual frequencies, vectors in all directions.

Vectors without any likeness among them are the hardest to find by codes; those of real texts lie closer together.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sqlalchemy import insert

from db import Database, utc_now
from knowledge.articles import Article, Embedding, IndexChange, IndexVersion, Passage, Revision, Translation
from knowledge.vectors import Vectors, steps, to_bytes

PASSAGES_PER_ARTICLE = 10
WORDS_PER_PASSAGE = (6, 8, 8, 10, 12, 20, 60, 90, 120, 150)
VOCABULARY = 30_000
LETTERS = np.array(list("abcdefghiklmnoprstuvw"))
ROWS_PER_INSERT = 2_000


class Invented:
    """The same texts, questions and vectors whenever the seed is the same."""

    def __init__(self, dimensions: int, seed: int = 0) -> None:
        self._chance = np.random.default_rng(seed)
        self._dimensions = dimensions
        lengths = self._chance.integers(3, 11, VOCABULARY)
        self._words = ["".join(self._chance.choice(LETTERS, length)) for length in lengths]
        # Zipf's law: the word of rank n is n times as rare as the first.
        self._frequencies = 1 / np.arange(1, VOCABULARY + 1)
        self._frequencies /= self._frequencies.sum()

    def text(self, words: int) -> str:
        return " ".join(self._words[at] for at in self._chance.choice(VOCABULARY, words, p=self._frequencies))

    def vector(self) -> Vectors:
        vector = self._chance.standard_normal(self._dimensions, dtype=np.float32)
        return vector / np.linalg.norm(vector)


def fill(database: Database, model: str, invented: Invented, passages: int) -> None:
    """Writes live articles, six of ten in English, straight into the tables."""
    articles = range(passages // PASSAGES_PER_ARTICLE)
    names = [(f"invented-{number}", "en" if number % 10 < 6 else "de") for number in articles]
    _insert(database, Article, ({"id": name, "created_at": utc_now()} for name, _ in names))
    _insert(database, Revision, (_revision(number, *name) for number, name in enumerate(names, 1)))
    translations = (
        {"article_id": name, "locale": locale, "live_revision_id": number, "draft_revision_id": None}
        for number, (name, locale) in enumerate(names, 1)
    )
    _insert(database, Translation, translations)
    _insert(database, Passage, (row for number in articles for row in _passages(number, invented)))
    vectors = (
        {"content_hash": f"{at:064d}", "model": model, "vector": to_bytes(invented.vector())} for at in range(passages)
    )
    _insert(database, Embedding, vectors)
    _insert(database, IndexVersion, iter([{"id": 1, "version": 1}]))
    _insert(database, IndexChange, ({"article_id": name, "locale": locale, "version": 1} for name, locale in names))


def _revision(number: int, name: str, locale: str) -> dict[str, Any]:
    text = {"title": name, "short_answer": name, "body": "", "questions": [], "category": "invented", "tags": []}
    return {"id": number, "article_id": name, "locale": locale, "number": 1, "created_at": utc_now(), **text}


def _passages(number: int, invented: Invented) -> Iterator[dict[str, Any]]:
    for ordinal, words in enumerate(WORDS_PER_PASSAGE):
        yield {
            "revision_id": number + 1,
            "ordinal": ordinal,
            "kind": "body",
            "heading_path": [],
            "text": invented.text(words),
            "content_hash": f"{number * PASSAGES_PER_ARTICLE + ordinal:064d}",
        }


def _insert(database: Database, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    with database.transaction() as session:
        for some in steps(rows, ROWS_PER_INSERT):
            session.execute(insert(table), some)
