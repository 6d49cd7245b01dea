"""Which articles are about something like an article, by the vectors that are in the index anyway."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.index import Snapshot
from knowledge.index.records import ArticleView, Key, Vectors

NEAR_ROWS = 150
"""Passages among which the related articles are looked for."""
COMPARED = 40
"""Articles that are compared as a whole."""
ENGLISH_PART = 0.6
OTHER_PART = 0.0
"""The second model's share: it knows English only."""
SAME_CATEGORY = 0.02
"""What the same category is worth: as much as the cosines of two neighbours differ."""


def related(snapshot: Snapshot, parts: Sequence[slice], article: ArticleView, limit: int) -> list[ArticleView]:
    """Other articles of the same language, nearest first. `parts`: where each model's numbers lie in a vector."""
    weights = _weights(snapshot, parts, article.locale)
    [own] = _matters(snapshot, [article.key], weights)
    rows, _ = snapshot.dense(own * weights, NEAR_ROWS, article.locale)
    keys = dict.fromkeys(snapshot.passages[row].key for row in rows.tolist())
    keys.pop(article.key, None)
    compared = [snapshot.articles[key] for key in keys][:COMPARED]
    if not compared:
        return []
    likeness = _matters(snapshot, [one.key for one in compared], weights) @ own
    likeness += [SAME_CATEGORY if one.category == article.category else 0.0 for one in compared]
    return [compared[at] for at in np.argsort(-likeness, kind="stable")[:limit].tolist()]


def _matters(snapshot: Snapshot, keys: Sequence[Key], weights: Vectors) -> Vectors:
    """What articles are about: the middle of each one's title, its example questions and its short answer."""
    rows = [[row for row in snapshot.rows_of(*key) if snapshot.passages[row].kind != "body"] for key in keys]
    sizes = np.array([len(own) for own in rows])
    sums = np.add.reduceat(snapshot.vectors(np.concatenate(rows)), np.cumsum(sizes) - sizes) * weights
    matters: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return matters


def _weights(snapshot: Snapshot, parts: Sequence[slice], locale: str) -> Vectors:
    weights = np.ones(snapshot.large.vectors.shape[1], dtype=np.float32)
    for part in parts[1:]:
        weights[part] = ENGLISH_PART if locale == "en" else OTHER_PART
    return weights
