"""BM25 over the passages of one language, which may lie in several parts.

A library such as bm25s computes its scores while it indexes, with the word counts of that moment: a passage added
later would be weighed differently from the same passage in a rebuilt index. Here the counts of all parts are put
together when a question is asked, so the score of a passage is the same wherever it lies.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import log

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from knowledge.index.dense import above_in_each, best, top
from knowledge.index.records import Rows, Scores
from knowledge.index.spelling import SHORTEST, nearest

K1 = 1.5
B = 0.75
"""The usual saturation and length normalisation of Okapi BM25 (Robertson and Zaragoza 2009, section 3.5)."""

EXAMPLES = 20
"""Passages in which it is looked up how a word is written."""
FREQUENT = 8
"""A word in more than one of so many passages is kept as a column."""


@dataclass(frozen=True)
class Postings:
    """Which passages contain a word, and how often: a run of rows for each word."""

    vocabulary: dict[str, int]
    starts: npt.NDArray[np.int64]
    """Where the run of a word begins; one more at the end."""
    rows: npt.NDArray[np.int32]
    counts: Scores
    lengths: Scores
    """Words per passage."""

    @classmethod
    def of(cls, passages: Iterable[Sequence[str]]) -> Postings:
        """From the words of each passage, in the order of the rows."""
        vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
        words, lengths = array("q"), array("q")
        for passage in passages:
            words.extend(map(vocabulary.__getitem__, passage))
            lengths.append(len(passage))
        rows = np.repeat(np.arange(len(lengths)), lengths)
        pairs, counts = np.unique(np.asarray(words) * max(1, len(lengths)) + rows, return_counts=True)
        return cls.of_pairs(dict(vocabulary), pairs, counts, np.asarray(lengths))

    @classmethod
    def of_pairs(
        cls,
        vocabulary: dict[str, int],
        pairs: npt.NDArray[np.int64],
        counts: npt.NDArray[np.generic],
        lengths: npt.NDArray[np.generic],
    ) -> Postings:
        """From sorted pairs of word and row, each as `word * number of rows + row`."""
        words, rows = np.divmod(pairs, max(1, len(lengths)))
        starts = np.searchsorted(words, np.arange(len(vocabulary) + 1))
        return cls(vocabulary, starts, rows.astype(np.int32), counts.astype(np.float32), lengths.astype(np.float32))

    def run(self, word: str) -> slice:
        return slice(*self.bounds(word))

    def bounds(self, word: str) -> tuple[int, int]:
        """Where its run begins and ends."""
        at = self.vocabulary.get(word)
        return (0, 0) if at is None else (int(self.starts[at]), int(self.starts[at + 1]))

    def extended(self, keep: npt.NDArray[np.bool_], other: Postings) -> Postings:
        """The kept rows and, after them, those of the other postings."""
        vocabulary = dict(self.vocabulary)
        renamed = np.array([vocabulary.setdefault(word, len(vocabulary)) for word in other.vocabulary], dtype=np.int64)
        kept = int(keep.sum())
        moved = np.cumsum(keep) - 1
        here = keep[self.rows]
        size = max(1, kept + len(other.lengths))
        pairs = np.concatenate(
            (
                self.words()[here] * size + moved[self.rows[here]],
                renamed[other.words()] * size + other.rows + kept,
            )
        )
        # Two sorted runs at most: what numpy's stable sort is quick at.
        order = np.argsort(pairs, kind="stable")
        counts = np.concatenate((self.counts[here], other.counts))
        lengths = np.concatenate((self.lengths[keep], other.lengths))
        return Postings.of_pairs(vocabulary, pairs[order], counts[order], lengths)

    def words(self) -> npt.NDArray[np.int64]:
        """The word of each entry of `rows`."""
        return np.repeat(np.arange(len(self.vocabulary)), np.diff(self.starts))


@dataclass(frozen=True)
class Part:
    """Postings, the row of the snapshot at which theirs begin, and which of them are gone."""

    postings: Postings
    first_row: int
    dead: npt.NDArray[np.bool_] | None = None


class Lexicon:
    """The parts of one language and what they have in common."""

    def __init__(self, parts: Sequence[Part], dead_words: Mapping[str, int]) -> None:
        """`dead_words`: in how many of the rows that are gone a word occurs."""
        self._dead_words = dead_words
        alive = [part.postings.lengths if part.dead is None else part.postings.lengths[~part.dead] for part in parts]
        self.passages = sum(len(lengths) for lengths in alive)
        words = sum(float(lengths.sum(dtype=np.float64)) for lengths in alive)
        average = words / self.passages if words else 1.0
        self._parts = [_Weighed(part, average) for part in parts]
        self._idf: dict[str, float] = {}

    def frequency(self, word: str) -> int:
        """In how many passages a word occurs."""
        return sum(part.frequency(word) for part in self._parts) - self._dead_words.get(word, 0)

    def idf(self, word: str) -> float:
        """How rare a word is: Lucene's variant, which is never negative."""
        if (known := self._idf.get(word)) is not None:
            return known
        frequency = self.frequency(word)
        idf = self._idf[word] = log(1 + (self.passages - frequency + 0.5) / (frequency + 0.5))
        return idf

    def said(self, words: Sequence[str], asked: Rows, starts: Rows, stops: Rows) -> npt.NDArray[np.bool_]:
        """Whether words, which are asked for by their number, occur in the rows of the snapshot from a start and
        before a stop."""
        found = np.zeros(len(asked), dtype=np.bool_)
        for part in self._parts:
            part.say(words, asked, starts, stops, found)
        return found

    def meant(self, written: Sequence[str]) -> tuple[str, Sequence[int]] | None:
        """The word most likely meant by one that doesn't occur, and a few rows of the snapshot in which it does.

        `written`: the word as it was typed and as the index would know it.
        """
        found = [(word, rows) for part in self._parts for word, rows in part.near(written)]
        return max(found, key=lambda one: self.frequency(one[0]), default=None)

    def search(self, words: Iterable[str], k: int) -> tuple[Rows, Scores]:
        """The k rows of the snapshot that score best, best first; rows without any of the words are left out."""
        weights = {word: times * self.idf(word) for word, times in Counter(words).items()}
        found = [part.search(weights, k) for part in self._parts]
        return best(np.concatenate([rows for rows, _ in found]), np.concatenate([scores for _, scores in found]), k)

    def search_many(self, texts: Sequence[Sequence[str]], k: int) -> list[tuple[Rows, Scores]]:
        """For the words of each text the k rows that score best, and maybe more, in no order."""
        weights = [{word: times * self.idf(word) for word, times in Counter(words).items()} for words in texts]
        found = zip(*(part.search_many(weights, k) for part in self._parts), strict=True)
        return [_side_by_side(one) for one in found]


def _side_by_side(found: Sequence[tuple[Rows, Scores]]) -> tuple[Rows, Scores]:
    if len(found) == 1:
        return found[0]
    return np.concatenate([rows for rows, _ in found]), np.concatenate([scores for _, scores in found])


def _first_at_least(rows: npt.NDArray[np.int32], wanted: Rows, starts: Rows, stops: Rows) -> Rows:
    """In each of many runs of ascending rows the place of the first that is no smaller than its wanted one."""
    low, high = starts, stops
    while (is_open := low < high).any():
        middle = (low + high) // 2
        is_less = is_open & (rows[np.where(is_open, middle, 0)] < wanted)
        low, high = np.where(is_less, middle + 1, low), np.where(is_open & ~is_less, middle, high)
    return low


class _Weighed:
    """A part at a given average length."""

    def __init__(self, part: Part, average: float) -> None:
        self._part = part
        self._norms: Scores = K1 * (1 - B + B * part.postings.lengths / np.float32(average))
        self._of_frequent: dict[str, Scores] = {}

    def frequency(self, word: str) -> int:
        run = self._part.postings.run(word)
        return run.stop - run.start

    def near(self, written: Sequence[str]) -> Iterator[tuple[str, Sequence[int]]]:
        """The words nearest to one that doesn't occur, each with a few rows that aren't gone."""
        postings, dead = self._part.postings, self._part.dead
        for word in nearest(written, self._vocabulary):
            rows = postings.rows[postings.run(word)]
            alive = rows if dead is None else rows[~dead[rows]]
            if len(alive):
                yield word, (alive[:EXAMPLES] + self._part.first_row).tolist()

    @cached_property
    def _vocabulary(self) -> list[str]:
        return [word for word in self._part.postings.vocabulary if len(word) >= SHORTEST and word.isalpha()]

    def say(self, words: Sequence[str], asked: Rows, starts: Rows, stops: Rows, found: npt.NDArray[np.bool_]) -> None:
        """Sets in `found` which of the words asked for are said between their bounds."""
        here = np.flatnonzero((stops > self._part.first_row) & (starts < self._part.first_row + len(self._norms)))
        if not len(here):
            return
        rows = self._part.postings.rows
        first, end = np.array([self._part.postings.bounds(word) for word in words])[asked[here]].T
        first = _first_at_least(rows, starts[here] - self._part.first_row, first, end)
        inside = np.flatnonzero(first < end)
        found[here[inside]] |= rows[first[inside]] < stops[here[inside]] - self._part.first_row

    def search(self, weights: Mapping[str, float], k: int) -> tuple[Rows, Scores]:
        scores = np.zeros(len(self._norms), dtype=np.float32)
        for word, weight in weights.items():
            self._add(scores, word, np.float32(weight))
        if self._part.dead is not None:
            scores[self._part.dead] = 0
        rows, scores = top(scores, k)
        return rows + self._part.first_row, scores

    def search_many(self, texts: Sequence[Mapping[str, float]], k: int) -> Iterator[tuple[Rows, Scores]]:
        scores = self._of_frequent_words(texts)
        rare = (self._matrix_of_rare(texts) @ self._saturation).tocoo()
        scores[rare.row, rare.col] += rare.data
        if self._part.dead is not None:
            scores[:, self._part.dead] = 0
        for own, rows in zip(scores, above_in_each(scores, k), strict=True):
            yield rows + self._part.first_row, own[rows]

    def _of_frequent_words(self, texts: Sequence[Mapping[str, float]]) -> Scores:
        """What those words alone give each row: texts x rows."""
        words = sorted(filter(self._is_frequent, set().union(*texts)))
        if not words:
            return np.zeros((len(texts), len(self._norms)), dtype=np.float32)
        weights = np.array([[text.get(word, 0.0) for word in words] for text in texts], dtype=np.float32)
        scores: Scores = weights @ np.stack([self._frequent(word) for word in words])
        return scores

    def _matrix_of_rare(self, texts: Sequence[Mapping[str, float]]) -> csr_matrix:
        """Texts x vocabulary."""
        vocabulary = self._part.postings.vocabulary
        rare = {
            word: vocabulary[word] for word in set().union(*texts) if word in vocabulary and not self._is_frequent(word)
        }
        known = [[(rare[word], weight) for word, weight in text.items() if word in rare] for text in texts]
        pairs = [pair for text in known for pair in text]
        ends = np.cumsum([0, *map(len, known)])
        values = np.array([weight for _, weight in pairs], dtype=np.float32)
        return csr_matrix((values, [at for at, _ in pairs], ends), shape=(len(texts), len(vocabulary)))

    def _is_frequent(self, word: str) -> bool:
        return self.frequency(word) * FREQUENT > len(self._norms)

    @cached_property
    def _saturation(self) -> csr_matrix:
        """Vocabulary x rows."""
        postings = self._part.postings
        values = (K1 + 1) * postings.counts / (postings.counts + self._norms[postings.rows])
        shape = (len(postings.vocabulary), len(self._norms))
        return csr_matrix((values.astype(np.float32, copy=False), postings.rows, postings.starts), shape=shape)

    def _add(self, scores: Scores, word: str, weight: np.float32) -> None:
        if self._is_frequent(word):
            scores += weight * self._frequent(word)
        elif self.frequency(word):
            rows, saturated = self._saturated(word)
            scores[rows] += weight * saturated

    def _frequent(self, word: str) -> Scores:
        """The whole column of a word that every other question contains: adding it is quicker than finding its rows."""
        column = self._of_frequent.get(word)
        if column is None:
            column = np.zeros(len(self._norms), dtype=np.float32)
            rows, saturated = self._saturated(word)
            column[rows] = saturated
            self._of_frequent[word] = column
        return column

    def _saturated(self, word: str) -> tuple[npt.NDArray[np.int32], Scores]:
        run = self._part.postings.run(word)
        rows, counts = self._part.postings.rows[run], self._part.postings.counts[run]
        return rows, (K1 + 1) * counts / (counts + self._norms[rows])
