"""`handrail check`: a help centre in a folder is asked its questions, without a database of articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from app.loading import load_embedding, open_knowledge
from app.settings import Settings
from db import Database
from db.migrating import migrate
from knowledge.checking import Checked
from knowledge.checking.folder import Report, check_folder
from knowledge.vectors import Progress

MUST = {"answer": "must answer", "not_answer": "must not answer"}
SAID = {"answer": "answered with", "choice": "offered as a choice", "unknown": "nothing was answered; nearest are"}


def check_files(settings: Settings, folder: Path, progress: Progress) -> Report:
    """Vectors are kept below the cache folder for the next time; nothing else is. Raises ArticleError."""
    database = Database(f"sqlite:///{settings.cache_dir / 'check' / 'vectors.db'}")
    migrate(database)
    try:
        return check_folder(open_knowledge(settings, database, load_embedding(settings)), folder, progress)
    finally:
        database.close()


def show(report: Report) -> None:
    out = Console(highlight=False)
    for bad in report.bad:
        out.print(f"[red]✗[/] {escape(bad.where)}: {escape(bad.reason)}", soft_wrap=True)
    for one in report.broken:
        where = report.places[one.expectation.key]
        out.print(f"[red]✗[/] {escape(where)}: {MUST[one.must]} “{escape(one.question)}”", soft_wrap=True)
        out.print(f"  {escape(instead(one))}", style="dim", soft_wrap=True)


def instead(one: Checked) -> str:
    """What was answered, with how sure that was."""
    articles = ", ".join(f"{each.id} ({each.locale}, {each.score:.2f})" for each in one.answered.articles)
    said = f"{SAID[one.answered.kind]} {articles}" if articles else "nothing was found"
    return f"{said}; confidence {one.answered.confidence:.2f}"


def as_data(report: Report) -> dict[str, Any]:
    return {
        "articles": len(report.texts),
        "questions": report.questions,
        "bad": [{"where": bad.where, "reason": bad.reason} for bad in report.bad],
        "broken": [_as_data(one, report.places[one.expectation.key]) for one in report.broken],
    }


def _as_data(one: Checked, where: str) -> dict[str, Any]:
    articles = [
        {"id": each.id, "locale": each.locale, "title": each.title, "score": each.score}
        for each in one.answered.articles
    ]
    answered = {"kind": one.answered.kind, "confidence": one.answered.confidence, "articles": articles}
    return {
        "where": where,
        "id": one.article_id,
        "locale": one.locale,
        "must": one.must,
        "question": one.question,
        "answered": answered,
    }
