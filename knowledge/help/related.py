"""Which articles are about something like an article, by the vectors that are in the index anyway."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.index import Snapshot
from knowledge.index.records import ArticleView, Key, Vectors

NEAR_ROWS = 150
"""Passages among which the related articles are looked for."""
ENGLISH_PART = 0.6
OTHER_PART = 0.0
"""The second model's share: it knows English only."""
SAME_CATEGORY = 0.02
"""What the same category is worth: as much as the cosines of two neighbours differ."""


def related(snapshot: Snapshot, parts: Sequence[slice], article: ArticleView, limit: int) -> list[ArticleView]:
    """Other articles of the same language, nearest first. `parts`: where each model's numbers lie in a vector."""
    weights = _weights(snapshot, parts, article.locale)
    own = _matter(snapshot, article.key, weights)
    rows, _ = snapshot.dense(own * weights, NEAR_ROWS, article.locale)
    keys = dict.fromkeys(snapshot.passages[row].key for row in rows.tolist())
    keys.pop(article.key, None)
    scored = [(_likeness(snapshot, key, own, weights, article.category), key) for key in keys]
    return [snapshot.articles[key] for _, key in sorted(scored, reverse=True)[:limit]]


def _likeness(snapshot: Snapshot, key: Key, own: Vectors, weights: Vectors, category: str) -> float:
    same = snapshot.articles[key].category == category
    return float(_matter(snapshot, key, weights) @ own) + (SAME_CATEGORY if same else 0.0)


def _matter(snapshot: Snapshot, key: Key, weights: Vectors) -> Vectors:
    """What an article is about: the middle of its title, its example questions and its short answer."""
    named = [row for row in snapshot.rows_of(*key) if snapshot.passages[row].kind != "body"]
    middle: Vectors = (snapshot.vectors(named) * weights).mean(axis=0)
    return middle / max(float(np.linalg.norm(middle)), 1e-9)


def _weights(snapshot: Snapshot, parts: Sequence[slice], locale: str) -> Vectors:
    weights = np.ones(snapshot.large.vectors.shape[1], dtype=np.float32)
    for part in parts[1:]:
        weights[part] = ENGLISH_PART if locale == "en" else OTHER_PART
    return weights
