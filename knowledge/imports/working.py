"""The work on imports: reading in one go, running piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from db import Database
from knowledge.article_text import ArticleError
from knowledge.categories import Category, CategoryText
from knowledge.importing import Rules, take, take_categories
from knowledge.imports.beginning import find_job, finish
from knowledge.imports.claiming import Stopped, change_in, claimed, kept_claimed
from knowledge.imports.jobs import ImportItem, ImportJob, sentences, text_of_item
from knowledge.imports.reading import PIECE, read_import
from knowledge.judging import Verdict
from knowledge.library import Knowledge
from knowledge.publishing import By
from knowledge.sources.fetching import Fetcher
from knowledge.sources.found import Found, Source

log = structlog.get_logger(__name__)

Warn = Callable[[Knowledge], Sequence[ArticleError]]
"""What is broken now, after an import."""


def work_on_imports(
    knowledge: Knowledge,
    now: datetime,
    fetcher: Callable[[], Fetcher] = Fetcher,
    warn: Warn = lambda _knowledge: (),
) -> int:
    """Does a piece of what is due; how many articles that were. `fetcher` makes one for an import."""
    job = claimed(knowledge.database, now)
    if job is None:
        return 0
    with kept_claimed(knowledge.database, job.id):
        try:
            return read_import(knowledge, job, fetcher()) if job.stage == "reading" else _run(knowledge, job, now, warn)
        except Stopped:
            return 0
        except ArticleError as error:
            _fail(knowledge.database, job, error, now)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("import_failed", job=job.id)
            _fail(knowledge.database, job, _unexpected(), now)
    return 1


def _run(knowledge: Knowledge, job: ImportJob, now: datetime, warn: Warn) -> int:
    """The next piece."""
    if not job.done:
        take_categories(knowledge, _named(job), may_order=False)
    with knowledge.database.reading() as session:
        query = select(ImportItem).filter_by(job_id=job.id, is_done=False).order_by(ImportItem.number)
        items = session.scalars(query.limit(PIECE)).all()
        piece = [Found(one.place, text_of_item(one), is_draft=one.is_draft) for one in items]
    if not items:
        _finish(knowledge, job, now, warn)
        return 1
    by = By(note=f"Import: {job.name}")
    results = take(knowledge, piece, Rules(as_drafts=job.as_drafts), by)
    with knowledge.database.transaction() as session:
        for item, result in zip(session.scalars(query.limit(PIECE)), results, strict=True):
            _note(item, result.verdict)
        change_in(session, job, done=job.done + len(items))
    knowledge.refresh()
    return len(items)


def _note(item: ImportItem, verdict: Verdict) -> None:
    """What was done with it. What a killed process had done looks unchanged to the next one, and yet was new."""
    item.is_done = True
    if verdict.outcome == "unchanged" and item.outcome in ("new", "changed") and verdict.reason is None:
        return
    item.outcome, item.deed, item.reason = verdict.outcome, verdict.deed, sentences(verdict.reason)


def _finish(knowledge: Knowledge, job: ImportJob, now: datetime, warn: Warn) -> None:
    warnings = [sentences(one) for one in warn(knowledge)]
    with knowledge.database.transaction() as session:
        change_in(session, job, stage="done", warnings=warnings)
        finish(session, find_job(session, job.id), now)


def _fail(database: Database, job: ImportJob, error: ArticleError, now: datetime) -> None:
    with database.transaction() as session:
        stored = session.get(ImportJob, job.id)
        if stored is not None and stored.is_at_work:
            stored.stage, stored.problem = "failed", sentences(error)
            finish(session, stored, now)


def _named(job: ImportJob) -> Source:
    categories = [
        Category(key, icon, {locale: CategoryText(name) for locale, name in names.items()})
        for key, icon, names in job.categories
    ]
    return Source(0, lambda _begin: iter(()), categories)


def _unexpected() -> ArticleError:
    return ArticleError(
        "Something went wrong on our side while this was imported. What was done stays; please try again.",
        "Beim Import ist bei uns etwas schiefgegangen. Was getan ist, bleibt; bitte versuchen Sie es noch einmal.",
    )
