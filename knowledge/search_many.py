"""Many questions at once: what the index says of each, in matrices instead of one by one.

What is then measured is `knowledge.search`, the same as for a customer's question. With more than 12 000 passages a
customer's search looks for the nearest by codes; here every vector is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import numpy as np

from knowledge.index import Snapshot
from knowledge.index.dense import largest
from knowledge.index.records import Rows, Scores
from knowledge.locales import LOCALES
from knowledge.search import PER_LIST, WORDS_LIST, Question, Sighted, second_share, shared
from knowledge.vectors import steps

CELLS = 2_500_000
"""Of each of a block's matrices: 10 MB."""
MOST = 128
"""Questions of a block."""


def sight_many(snapshot: Snapshot, questions: Sequence[Question]) -> Iterator[Sighted]:
    """Of each question, in their order; all of one embedder. The next block is made while one is used."""
    size = max(1, min(MOST, CELLS // max(1, len(snapshot.passages))))
    with ThreadPoolExecutor(1, "sight") as ahead:
        making: Future[list[Sighted]] | None = None
        for block in steps(questions, size):
            made, making = making, ahead.submit(_block, snapshot, block)
            yield from made.result() if made else ()
        yield from making.result() if making else ()


def _block(snapshot: Snapshot, questions: Sequence[Question]) -> list[Sighted]:
    vectors = np.stack([question.vector for question in questions])
    models = np.float32(len(questions[0].parts))
    first, *others = (snapshot.products(vectors, part) * models for part in questions[0].parts)
    second = np.sum(others, axis=0) if others else np.zeros_like(first)
    texts = [question.text for question in questions]
    words = {locale: list(snapshot.lexical_many(texts, WORDS_LIST, locale)) for locale in sorted(LOCALES)}
    shares = np.array([second_share(question.locale, question.locale) for question in questions], dtype=np.float32)
    near = first + shares[:, None] * second
    near[:, np.flatnonzero(snapshot.dead)] = -np.inf
    return [
        Sighted(
            largest(near[at], PER_LIST)[0],
            *shared(snapshot, question.text, {locale: found[at] for locale, found in words.items()}),
            partial(_looked_up, first[at], second[at]),
        )
        for at, question in enumerate(questions)
    ]


def _looked_up(first: Scores, second: Scores, rows: Rows) -> tuple[Scores, Scores]:
    return first[rows], second[rows]
