"""Somebody brings something to import, looks at what would happen, and says go on or leave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, null, select, update
from sqlalchemy.orm import Session

from db import Database, lock
from knowledge.article_text import ArticleError
from knowledge.imports.jobs import AT_WORK, NAME_LENGTH, ImportItem, ImportJob
from knowledge.locales import LOCALES
from knowledge.sources.found import NO_CATEGORY
from knowledge.sources.naming import category_key
from knowledge.sources.opening import FORMATS
from knowledge.sources.sitemap import MOST
from staff.audit import record

AT_A_TIME = 3
"""Imports that are read or run; what is brought lies in the database until then."""
KEPT_UNRUN = timedelta(days=3)
"""Less than pictures are kept that nothing shows."""
KEPT = timedelta(days=90)
"""A report."""


@dataclass(frozen=True)
class Brought:
    """A file, or addresses."""

    name: str
    content: bytes
    of_addresses: bool = False
    format: str = ""
    locale: str = "en"
    category: str = ""


def begin(session: Session, brought: Brought, user_id: str, now: datetime) -> ImportJob:
    """It is read from now on. Raises ArticleError."""
    _check(session, brought)
    job = ImportJob(
        name=_plain_name(brought),
        of_addresses=brought.of_addresses,
        content=brought.content,
        format=brought.format,
        locale=brought.locale,
        category=category_key(brought.category) or NO_CATEGORY,
        begun_by=user_id,
        begun_at=now,
    )
    session.add(job)
    session.flush()
    record(session, "import_begun", now, user_id=user_id, subject=job.name)
    return job


def run(session: Session, job_id: str, user_id: str, now: datetime, *, as_drafts: bool = False) -> None:
    """What was looked at is done from now on. Raises ArticleError if it isn't ready, LookupError if it is gone."""
    job = _locked(session, job_id)
    if job.stage != "ready":
        raise ArticleError("This import can't be run now.", "Dieser Import kann jetzt nicht ausgeführt werden.")
    job.stage, job.done, job.claimed_until = "running", 0, None
    job.total = _to_do(session, job_id)
    job.as_drafts = as_drafts
    record(session, "import_run", now, user_id=user_id, subject=job.name, as_drafts=as_drafts)


def cancel(session: Session, job_id: str, user_id: str, now: datetime) -> None:
    """What was done already stays. Raises LookupError if it is gone."""
    job = _locked(session, job_id)
    if job.is_at_work or job.stage == "ready":
        job.stage = "cancelled"
        finish(session, job, now)
        record(session, "import_cancelled", now, user_id=user_id, subject=job.name)


def find_job(session: Session, job_id: str) -> ImportJob:
    """Raises LookupError if it is gone."""
    job: ImportJob | None = session.get(ImportJob, job_id)
    if job is None:
        raise LookupError(job_id)
    return job


def finish(session: Session, job: ImportJob, now: datetime) -> None:
    """What was brought is forgotten; the report stays."""
    job.finished_at, job.content, job.claimed_until = now, None, None
    texts = update(ImportItem).where(ImportItem.job_id == job.id).values(fields=null())
    session.execute(texts.execution_options(synchronize_session=False))


def forget_imports(database: Database, now: datetime) -> None:
    """Those nobody ran, and old reports."""
    with database.transaction() as session:
        unrun = (ImportJob.finished_at.is_(None)) & (ImportJob.begun_at < now - KEPT_UNRUN)
        old = session.scalars(select(ImportJob.id).where(unrun | (ImportJob.finished_at < now - KEPT))).all()
        for table, key in ((ImportItem, ImportItem.job_id), (ImportJob, ImportJob.id)):
            session.execute(delete(table).where(key.in_(old)).execution_options(synchronize_session=False))


def _check(session: Session, brought: Brought) -> None:
    if not brought.content.strip():
        raise ArticleError(
            "Choose a file that is not empty, or name at least one address.",
            "Wählen Sie eine Datei, die nicht leer ist, oder nennen Sie mindestens eine Adresse.",
        )
    if brought.of_addresses and brought.content.count(b"\n") > MOST:
        raise ArticleError(f"At most {MOST} addresses, please.", f"Bitte höchstens {MOST} Adressen.")
    if brought.locale not in LOCALES or (brought.format and brought.format not in FORMATS):
        raise ArticleError("There is no such language or format.", "Diese Sprache oder dieses Format gibt es nicht.")
    lock(session, "imports")
    at_work = session.scalar(select(func.count()).select_from(ImportJob).where(ImportJob.stage.in_(AT_WORK)))
    if (at_work or 0) >= AT_A_TIME:
        raise ArticleError(
            f"{AT_A_TIME} imports are being worked on; please wait until one is done.",
            f"Es wird an {AT_A_TIME} Importen gearbeitet; bitte warten Sie, bis einer fertig ist.",
        )


def _plain_name(brought: Brought) -> str:
    name = brought.name.replace("\\", "/").rpartition("/")[2] if not brought.of_addresses else brought.name
    plain = "".join(sign for sign in name if sign.isprintable()).strip(" .")
    return plain[-NAME_LENGTH:] or "import"


def _locked(session: Session, job_id: str) -> ImportJob:
    job: ImportJob | None = session.scalars(select(ImportJob).filter_by(id=job_id).with_for_update()).one_or_none()
    if job is None:
        raise LookupError(job_id)
    return job


def _to_do(session: Session, job_id: str) -> int:
    counted = select(func.count()).select_from(ImportItem).where(ImportItem.job_id == job_id)
    return session.scalar(counted.where(ImportItem.outcome != "refused")) or 0
