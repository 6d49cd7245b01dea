"""Nearest vectors by inner product: exact while there are few, by FAISS codes and an exact second look when many."""

from __future__ import annotations

from typing import Any, Protocol

import faiss
import numpy as np

from knowledge.index.records import Rows, Scores, Vectors

EXACT_ROWS = 12_000
"""Up to here every vector is compared (3 ms on one core at 768 dimensions)."""
CANDIDATES = 1_000
CANDIDATES_PER_ROW = 10
"""How many of the nearest codes are looked at again. Measured in tests/benchmarks/index_sizes.py."""
SAMPLE = 8_192
BLOCKS = 2
"""For each score that is looked for."""
SHORTEST = 4
"""Scores of a block: of fewer, the bound is no help."""
LOWEST = float(np.finfo(np.float32).min)
SMALLEST = float(np.finfo(np.float32).tiny)
"""Above 0."""
LEVELS = np.array([-1.510, -0.4528, 0.4528, 1.510], dtype=np.float32)
"""The four values that a normally distributed number is best rounded to (Max 1960, table I), in standard deviations."""


class Nearest(Protocol):
    def search(self, vector: Vectors, k: int, more: int = 0) -> tuple[Rows, Scores]:
        """The k rows of largest inner product, and so many more, best first; and the exact inner products."""


def nearest(vectors: Vectors) -> Nearest:
    return Exact(vectors) if len(vectors) <= EXACT_ROWS else Coded(vectors)


class Exact:
    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def search(self, vector: Vectors, k: int, more: int = 0) -> tuple[Rows, Scores]:
        k = min(k + more, len(self._vectors))
        if k == 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        scores, rows = faiss.knn(vector[None], self._vectors, k, metric=faiss.METRIC_INNER_PRODUCT)
        return rows[0], scores[0]


class Coded:
    """Two bits per dimension: a sixteenth of the memory to read, and then the exact products of the nearest codes.

    The code book is set, not trained: training k-means for 384 pairs of dimensions takes a minute and a half, and
    finds the same levels.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        dimensions = vectors.shape[1]
        self._codes = faiss.IndexPQFastScan(dimensions, dimensions // 2, 4, faiss.METRIC_INNER_PRODUCT)
        faiss.copy_array_to_vector(_code_book(vectors).ravel(), self._codes.pq.centroids)
        self._codes.is_trained = True
        self._codes.add(vectors)

    def search(self, vector: Vectors, k: int, more: int = 0) -> tuple[Rows, Scores]:
        wanted = min(max(CANDIDATES, CANDIDATES_PER_ROW * k) + more, len(self._vectors))
        _, candidates = self._codes.search(vector[None], wanted)
        rows = np.sort(candidates[0][candidates[0] >= 0])
        return best(rows, self._vectors[rows] @ vector, k + more)


def top(scores: Scores, k: int) -> tuple[Rows, Scores]:
    """The k rows of highest score above 0, best first."""
    rows = above_in_each(scores[None], k)[0]
    return best(rows, scores[rows], k)


def above_in_each(scores: Scores, k: int) -> list[Rows]:
    """Of each row of a table where its k highest scores above 0 stand, and maybe more, in no order."""
    return _reaching(scores, k, SMALLEST)


def largest_in_each(scores: Scores, k: int) -> list[Rows]:
    """Where its k highest scores stand, best first; those of minus infinity are left out."""
    return [best(rows, own[rows], k)[0] for own, rows in zip(scores, _reaching(scores, k, LOWEST), strict=True)]


def _reaching(scores: Scores, k: int, lowest: float) -> list[Rows]:
    asked, rows = np.nonzero(scores >= np.maximum(_bounds(scores, k), np.float32(lowest))[:, None])
    return np.split(rows, np.searchsorted(asked, np.arange(1, len(scores))))


def _bound(scores: Scores, k: int) -> float:
    return float(_bounds(scores[None], k)[0])


def _bounds(scores: Scores, k: int) -> Scores:
    """What k scores of each row of a table at least reach, found without a look at each: the k-th best of the maxima
    of blocks.

    A block is every so manieth score, not neighbours: the maxima of all are then taken side by side.
    """
    blocks = BLOCKS * k
    size = scores.shape[1] // max(1, blocks)
    if size < SHORTEST:
        return np.full(len(scores), -np.inf, dtype=np.float32)
    maxima = scores[:, : blocks * size].reshape(len(scores), size, blocks).max(axis=1)
    bounds: Scores = np.partition(maxima, blocks - k, axis=1)[:, blocks - k]
    return bounds


def best(rows: Rows, scores: Scores, k: int) -> tuple[Rows, Scores]:
    """The k of highest score, best first; of equal scores, the smaller row."""
    order = firsts(rows, scores, k)
    return rows[order], scores[order]


def firsts(rows: Rows, scores: Scores, k: int) -> Rows:
    """Where the k of highest score stand, in the same order."""
    top = np.flatnonzero(scores >= _bound(scores, k))
    if len(top) > k:
        top = top[np.argpartition(-scores[top], k - 1)[:k]] if k else top[:0]
    order: Rows = top[np.lexsort((rows[top], -scores[top]))]
    return order


def _code_book(vectors: Vectors) -> Any:
    """For each pair of dimensions the sixteen pairs of levels around their means."""
    sample = vectors[:: -(-len(vectors) // SAMPLE)]
    mean, deviation = sample.mean(axis=0), sample.std(axis=0)
    levels = mean[:, None] + deviation[:, None] * LEVELS
    first, second = levels[0::2], levels[1::2]
    grid = np.empty((len(first), 16, 2), dtype=np.float32)
    grid[:, :, 0] = np.repeat(first, 4, axis=1)
    grid[:, :, 1] = np.tile(second, (1, 4))
    return grid
