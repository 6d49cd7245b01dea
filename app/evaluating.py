"""`handrail evaluate`: each set in a database of its own below the cache folder, and a table of the figures."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.settings import Settings
from db import Database
from db.migrating import migrate
from knowledge.embedding import Embedder
from knowledge.evaluation import Figures, evaluate
from knowledge.vectors import Progress


def evaluate_set(
    settings: Settings, embedder: Embedder, folder: Path, examples: int | None, progress: Progress
) -> Figures:
    """The figures of one set; its articles and vectors are kept for the next time. Raises EvaluationError."""
    place = hashlib.sha256(f"{folder.resolve()} {examples}".encode()).hexdigest()[:12]
    database = Database(f"sqlite:///{settings.cache_dir / 'evaluation' / f'{folder.name}-{place}.db'}")
    migrate(database)
    try:
        return evaluate(folder, database, embedder, settings.answer_confidence, examples, progress)
    finally:
        database.close()


def show(figures: Sequence[Figures]) -> None:
    columns = list(dict.fromkeys(name for one in figures for name in one.values))
    table = Table("set", "articles", "questions", *columns, box=None, header_style="dim")
    for one in figures:
        values = (_written(name, one.values.get(name)) for name in columns)
        table.add_row(one.set, str(one.articles), str(one.questions), *values)
    Console(highlight=False, width=max(120, 30 + 14 * len(columns))).print(table)


def _written(name: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if name.endswith("ms") else f"{value:.3f}"
