"""A block of passages that never changes: their vectors and words, each language by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from knowledge.index.dense import Nearest, nearest
from knowledge.index.lexical import Postings
from knowledge.index.records import ArticleView, Key, Loaded, PassageRecord, Rows, Vectors

K = TypeVar("K")

ROWS_PER_COPY = 1_000
"""Other threads get their turn between two copies."""


@dataclass(frozen=True)
class Shelf:
    """The passages of one language in a segment."""

    rows: range
    nearest: Nearest
    postings: Postings


@dataclass(frozen=True)
class Segment:
    articles: Mapping[Key, ArticleView]
    passages: Sequence[PassageRecord]
    """Those of a language together, and within it those of an article."""
    vectors: Vectors
    rows: Mapping[Key, range]
    """Where the passages of an article lie."""
    shelves: Mapping[str, Shelf]

    @cached_property
    def owners(self) -> Rows:
        """Of each row, the place of its article in `rows`."""
        return np.repeat(np.arange(len(self.rows)), [len(rows) for rows in self.rows.values()])

    @classmethod
    def of(cls, loaded: Loaded) -> Segment:
        return cls._arranged(loaded, (passage.words() for passage in loaded.passages))

    @classmethod
    def of_entries(cls, entries: Iterable[Loaded], dimensions: int) -> Segment:
        """From articles loaded one by one."""
        ordered = sorted(entries, key=lambda entry: entry.articles[0].locale)
        vectors = [entry.vectors for entry in ordered] or [np.empty((0, dimensions), dtype=np.float32)]
        together = Loaded(
            articles=tuple(article for entry in ordered for article in entry.articles),
            passages=tuple(passage for entry in ordered for passage in entry.passages),
            vectors=np.concatenate(vectors),
        )
        return cls._arranged(together, (words for entry in ordered for words in entry.words))

    def extended(self, dead: npt.NDArray[np.bool_], other: Segment) -> Segment:
        """The articles that are not dead together with those of another segment."""
        taken: list[tuple[Segment, Rows]] = []
        postings = {}
        for locale in sorted({*self.shelves, *other.shelves}):
            here, there = self._shelf(locale), other._shelf(locale)
            keep = ~dead[here.rows.start : here.rows.stop]
            postings[locale] = here.postings.extended(keep, there.postings)
            taken += [(self, np.flatnonzero(keep) + here.rows.start), (other, np.array(there.rows, dtype=np.int64))]
        passages = tuple(segment.passages[row] for segment, rows in taken for row in rows.tolist())
        live = [view for key, view in self.articles.items() if not self._is_dead(key, dead)]
        loaded = Loaded((*live, *other.articles.values()), passages, _gathered(taken))
        return Segment._laid_out(loaded, postings)

    @classmethod
    def _arranged(cls, loaded: Loaded, words: Iterator[Sequence[str]]) -> Segment:
        runs = _runs(loaded.passages, _locale)
        return cls._laid_out(loaded, {locale: Postings.of(islice(words, len(rows))) for locale, rows in runs})

    @classmethod
    def _laid_out(cls, loaded: Loaded, postings: Mapping[str, Postings]) -> Segment:
        shelves = {
            locale: Shelf(rows, nearest(loaded.vectors[rows.start : rows.stop]), postings[locale])
            for locale, rows in _runs(loaded.passages, _locale)
        }
        articles = {article.key: article for article in loaded.articles}
        return cls(articles, loaded.passages, loaded.vectors, dict(_runs(loaded.passages, _key)), shelves)

    def _shelf(self, locale: str) -> Shelf:
        return self.shelves.get(locale) or Shelf(range(0), nearest(self.vectors[:0]), Postings.of([]))

    def _is_dead(self, key: Key, dead: npt.NDArray[np.bool_]) -> bool:
        return key in self.rows and bool(dead[self.rows[key].start])


def _locale(passage: PassageRecord) -> str:
    return passage.locale


def _key(passage: PassageRecord) -> Key:
    return passage.key


def _runs(passages: Sequence[PassageRecord], name: Callable[[PassageRecord], K]) -> Iterator[tuple[K, range]]:
    """The rows of passages of the same name, which follow each other."""
    start = 0
    for value, run in groupby(passages, key=name):
        stop = start + sum(1 for _ in run)
        yield value, range(start, stop)
        start = stop


def _gathered(taken: Sequence[tuple[Segment, Rows]]) -> Vectors:
    dimensions = taken[0][0].vectors.shape[1] if taken else 0
    vectors = np.empty((sum(len(rows) for _, rows in taken), dimensions), dtype=np.float32)
    at = 0
    for segment, rows in taken:
        for first in range(0, len(rows), ROWS_PER_COPY):
            some = rows[first : first + ROWS_PER_COPY]
            vectors[at : at + len(some)] = segment.vectors[some]
            at += len(some)
    return vectors
