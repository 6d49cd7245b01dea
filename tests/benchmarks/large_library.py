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

WORDS_PER_PASSAGE = {
    "title": (6,),
    "question": (8, 8, 10, 12),
    "short": (20,),
    "body": (60, 90, 120, 150),
}
PASSAGES_PER_ARTICLE = sum(len(words) for words in WORDS_PER_PASSAGE.values())
VOCABULARY = 30_000
LETTERS = np.array(list("abcdefghiklmnoprstuvw"))
ROWS_PER_INSERT = 2_000

Texts = dict[str, list[str]]
"""By kind of passage."""


class Invented:
    """The same texts, questions and vectors whenever the seed is the same."""

    def __init__(self, dimensions: int, seed: int = 0) -> None:
        self._chance = np.random.default_rng(seed)
        self._dimensions = dimensions
        lengths = self._chance.integers(3, 11, VOCABULARY)
        self._words = ["".join(self._chance.choice(LETTERS, length)) for length in lengths]
        # Zipf's law: the word of rank n is n times as rare as the first.
        self._share = np.cumsum(1 / np.arange(1, VOCABULARY + 1))
        self._share /= self._share[-1]

    def text(self, words: int) -> str:
        return " ".join(self._words[at] for at in np.searchsorted(self._share, self._chance.random(words)))

    def article(self) -> Texts:
        return {kind: [self.text(words) for words in lengths] for kind, lengths in WORDS_PER_PASSAGE.items()}

    def vector(self) -> Vectors:
        vector = self._chance.standard_normal(self._dimensions, dtype=np.float32)
        return vector / np.linalg.norm(vector)


def fill(database: Database, model: str, invented: Invented, passages: int) -> None:
    """Writes live articles, six of ten in English, straight into the tables."""
    articles = [
        (number, f"invented-{number}", "en" if number % 10 < 6 else "de", invented.article())
        for number in range(1, passages // PASSAGES_PER_ARTICLE + 1)
    ]
    _insert(database, Article, ({"id": name, "created_at": utc_now()} for _, name, _, _ in articles))
    _insert(database, Revision, (_revision(*article) for article in articles))
    translations = (
        {"article_id": name, "locale": locale, "live_revision_id": number} for number, name, locale, _ in articles
    )
    _insert(database, Translation, translations)
    _insert(database, Passage, (row for number, _, _, texts in articles for row in _passages(number, texts)))
    vectors = (
        {"content_hash": _hash(number, ordinal), "model": model, "vector": to_bytes(invented.vector())}
        for number, *_ in articles
        for ordinal in range(PASSAGES_PER_ARTICLE)
    )
    _insert(database, Embedding, vectors)
    _insert(database, IndexVersion, iter([{"id": 1, "version": 1}]))
    changes = ({"article_id": name, "locale": locale, "version": 1} for _, name, locale, _ in articles)
    _insert(database, IndexChange, changes)


def _revision(number: int, name: str, locale: str, texts: Texts) -> dict[str, Any]:
    return {
        "id": number,
        "article_id": name,
        "locale": locale,
        "number": 1,
        "created_at": utc_now(),
        "title": texts["title"][0],
        "short_answer": texts["short"][0],
        "body": "\n\n".join(texts["body"]),
        "questions": texts["question"],
        "category": "invented",
        "tags": [],
    }


def _passages(number: int, texts: Texts) -> Iterator[dict[str, Any]]:
    kinds = [(kind, text) for kind, several in texts.items() for text in several]
    for ordinal, (kind, text) in enumerate(kinds):
        yield {
            "revision_id": number,
            "ordinal": ordinal,
            "kind": kind,
            "heading_path": [],
            "text": text,
            "content_hash": _hash(number, ordinal),
        }


def _hash(number: int, ordinal: int) -> str:
    return f"{number * PASSAGES_PER_ARTICLE + ordinal:064d}"


def _insert(database: Database, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    with database.transaction() as session:
        for some in steps(rows, ROWS_PER_INSERT):
            session.execute(insert(table), some)
