"""One process at a time is at an import; another one goes on with it after a kill."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from db import Database, utc_now
from knowledge.imports.jobs import AT_WORK, ImportJob

log = structlog.get_logger(__name__)

CLAIM = timedelta(seconds=30)
"""After so long without a sign of life another process goes on."""
SIGN_SECONDS = 10.0


class Stopped(Exception):
    """Somebody cancelled it, or another process is at it."""


def claimed(database: Database, now: datetime) -> ImportJob | None:
    """The one that waits longest, for this process alone; None: there is none."""
    is_free = (ImportJob.claimed_until.is_(None)) | (ImportJob.claimed_until < now)
    is_due = ImportJob.stage.in_(AT_WORK) & is_free
    with database.reading() as session:
        due = session.scalars(select(ImportJob.id).where(is_due).order_by(ImportJob.begun_at).limit(1)).first()
    if due is None:
        return None
    with database.transaction() as session:
        claim = update(ImportJob).where(ImportJob.id == due, is_due).values(claimed_until=now + CLAIM)
        result: Any = session.execute(claim.execution_options(synchronize_session=False))
        return session.get(ImportJob, due) if result.rowcount else None


@contextmanager
def kept_claimed(database: Database, job_id: str) -> Iterator[None]:
    """Says now and then that this process is still at it: a single page may take longer than a claim."""
    over = Event()
    thread = Thread(target=_say_alive, args=(database, job_id, over), name="import-claim", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        _set_claim(database, job_id, None)


def _say_alive(database: Database, job_id: str, over: Event) -> None:
    while not over.wait(SIGN_SECONDS):
        try:
            _set_claim(database, job_id, utc_now() + CLAIM)
        except SQLAlchemyError as error:
            log.warning("import_claim_not_renewed", job=job_id, error=type(error).__name__)


def _set_claim(database: Database, job_id: str, until: datetime | None) -> None:
    with database.transaction(durable=False) as session:
        claim = update(ImportJob).where(ImportJob.id == job_id, ImportJob.stage.in_(AT_WORK))
        session.execute(claim.values(claimed_until=until).execution_options(synchronize_session=False))


def change(database: Database, job: ImportJob, **values: Any) -> None:
    """In a transaction of its own."""
    with database.transaction() as session:
        change_in(session, job, **values)


def change_in(session: Session, job: ImportJob, **values: Any) -> None:
    """Raises Stopped if it is not at the same stage any more."""
    same = update(ImportJob).where(ImportJob.id == job.id, ImportJob.stage == job.stage).values(**values)
    result: Any = session.execute(same.execution_options(synchronize_session=False))
    if not result.rowcount:
        raise Stopped
