"""Fits the weights of `knowledge.confidence` again and prints them: `python -m tests.benchmarks.fit_confidence`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.console import Console
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from app.loading import load_embedding
from app.settings import Settings, read_settings
from db import Database
from db.migrating import migrate
from knowledge.answering import read
from knowledge.confidence import FEATURES, features
from knowledge.embedding import Embedder
from knowledge.evaluation import questions_of
from knowledge.importing import import_articles
from knowledge.library import Knowledge
from knowledge.search import Question
from knowledge.vectors import remembered_questions

SETS = ("stackfaq", "covid-en", "covid-de", "roboai-en", "roboai-de", "roboai-de2en")
INVERSE_PENALTY = 0.3
DATA = Path(__file__).parents[3] / "shared" / "data"

Rows = tuple[np.ndarray, np.ndarray]
"""Features (questions x features) and whether the first article was right (questions)."""


def measured(settings: Settings, embedder: Embedder, name: str) -> Rows:
    folder = DATA / f"{name}-gaps"
    database = Database(f"sqlite:///{settings.cache_dir / 'evaluation' / f'fit-{name}.db'}")
    migrate(database)
    knowledge = Knowledge(database, embedder)
    import_articles(knowledge, folder / "articles.jsonl")
    asked = questions_of(folder)
    vectors = remembered_questions(database, embedder, [one.text for one in asked])
    rows = []
    for one in asked:
        reading = read(knowledge.snapshot, Question(one.text, one.locale, vectors[one.text], embedder.parts))
        right = bool(reading.found) and reading.found[0].key[0] in one.right
        rows.append((*features(reading.question, reading.found), right))
    table = np.asarray(rows, dtype=float)
    return table[:, :-1], table[:, -1]


def fitted(sets: list[Rows]) -> np.ndarray:
    """The weights, bias first, for features as they are; every set counts the same."""
    inputs = np.concatenate([rows for rows, _ in sets])[:, 1:]
    right = np.concatenate([labels for _, labels in sets])
    shares = np.concatenate([np.full(len(labels), 1000 / len(labels)) for _, labels in sets])
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000)
    model.fit((inputs - mean) / spread, right, sample_weight=shares)
    weights = model.coef_[0] / spread
    return np.concatenate([[model.intercept_[0] - weights @ mean], weights])


def left_out(sets: list[Rows]) -> Iterator[float]:
    """Of each set, the area under the ROC curve by weights fitted on the others."""
    for place, (inputs, right) in enumerate(sets):
        weights = fitted([one for other, one in enumerate(sets) if other != place])
        yield float(roc_auc_score(right, inputs @ weights))


def main() -> None:
    out = Console(highlight=False)
    settings = read_settings(os.environ)
    embedder = load_embedding(settings)
    sets = [measured(settings, embedder, name) for name in SETS]
    for name, weight in zip(FEATURES, fitted(sets), strict=True):
        out.print(f"{weight:8.3f}  {name}")
    for name, area in zip(SETS, left_out(sets), strict=True):
        out.print(f"   {area:.3f}  AUROC of {name}, left out")


if __name__ == "__main__":
    main()
