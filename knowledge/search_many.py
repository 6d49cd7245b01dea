"""Many questions at once: what the index says of each, in matrices instead of one by one.

What is then measured is `knowledge.search`, the same as for a customer's question. With more than 12 000 passages a
customer's search looks for the nearest by codes; here every vector is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from knowledge.index import Snapshot
from knowledge.index.dense import largest_in_each
from knowledge.index.records import Rows, Scores
from knowledge.locales import LOCALES
from knowledge.search import PER_LIST, WORDS_LIST, Question, Sighted, second_share, shared
from knowledge.vectors import steps

CELLS = 4_000_000
"""Of each of a block's matrices: 16 MB."""
MOST = 200
"""Questions of a block: with 50, multiplying takes nearly twice as long."""


def blocks(snapshot: Snapshot, questions: Sequence[Question]) -> Iterator[list[Question]]:
    """As many at a time as a snapshot of this size is asked best."""
    return steps(questions, max(1, min(MOST, CELLS // max(1, len(snapshot.passages)))))


def sight_many(snapshot: Snapshot, questions: Sequence[Question]) -> Sighted:
    """Of the questions of a block; all are of one embedder."""
    parts = questions[0].parts
    vectors = np.stack([question.vector for question in questions]) * np.float32(len(parts))
    first, *others = (snapshot.products(vectors, part) for part in parts)
    second = sum(others[1:], others[0]) if others else np.zeros_like(first)
    shares = np.array([second_share(question.locale, question.locale) for question in questions], dtype=np.float32)
    near = first + shares[:, None] * second
    near[:, np.flatnonzero(snapshot.dead)] = -np.inf
    texts = [question.text for question in questions]
    words = {locale: snapshot.lexical_many(texts, WORDS_LIST, locale) for locale in sorted(LOCALES)}
    found = [
        shared(snapshot, text, {locale: found[at] for locale, found in words.items()}) for at, text in enumerate(texts)
    ]
    return Sighted(
        largest_in_each(near, PER_LIST),
        [rows for rows, _ in found],
        [scores for _, scores in found],
        partial(_looked_up, first, second),
    )


def _looked_up(first: Scores, second: Scores, asking: Rows, rows: Rows) -> tuple[Scores, Scores]:
    return first[asking, rows], second[asking, rows]
