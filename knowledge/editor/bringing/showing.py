"""What the page of an import shows: how far it is, and its articles, some at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from knowledge.comparing import Difference, compare
from knowledge.drafts import fields_of, find_draft
from knowledge.editor.names import names_of
from knowledge.imports.beginning import find_job
from knowledge.imports.jobs import ImportItem, ImportJob, text_of_item
from knowledge.imports.reporting import Line
from knowledge.judging import Outcome
from knowledge.publishing import live_of

PAGE = 100
RECENT = 30
OUTCOMES: tuple[Outcome, ...] = ("new", "changed", "kept", "refused", "unchanged")
"""In the order in which they matter."""


@dataclass(frozen=True)
class Shown:
    job: ImportJob
    counts: dict[str, int]
    """By outcome."""
    items: list[ImportItem]
    outcome: str
    """The one that is chosen; empty: all."""
    page: int
    pages: int

    @property
    def to_do(self) -> int:
        """What would change something."""
        return sum(self.counts[outcome] for outcome in ("new", "changed", "kept"))


def shown(session: Session, job_id: str, outcome: str, page: int) -> Shown:
    """Raises LookupError if it is gone."""
    job = find_job(session, job_id)
    counted = select(ImportItem.outcome, func.count()).filter_by(job_id=job_id).group_by(ImportItem.outcome)
    counts: dict[str, int] = dict.fromkeys(OUTCOMES, 0)
    counts.update((outcome, count) for outcome, count in session.execute(counted))
    chosen = outcome if outcome in OUTCOMES else ""
    total = counts[chosen] if chosen else sum(counts.values())
    pages = max(1, -(-total // PAGE))
    at = min(max(1, page), pages)
    query = select(ImportItem).filter_by(job_id=job_id).order_by(ImportItem.number)
    query = query.where(ImportItem.outcome == chosen) if chosen else query
    items = session.scalars(query.offset((at - 1) * PAGE).limit(PAGE)).all()
    return Shown(job, counts, items, chosen, at, pages)


def recent(session: Session) -> list[tuple[ImportJob, str]]:
    """The last imports, each with who began it."""
    jobs = session.scalars(select(ImportJob).order_by(ImportJob.begun_at.desc()).limit(RECENT)).all()
    names = names_of(session, [job.begun_by for job in jobs])
    return [(job, names.get(job.begun_by or "", "")) for job in jobs]


def lines_of(session: Session, job_id: str) -> Iterator[Line]:
    """All of its report. Raises LookupError if it is gone."""
    find_job(session, job_id)
    query = select(ImportItem).filter_by(job_id=job_id).order_by(ImportItem.number)
    return (Line.of_row(row) for row in session.scalars(query.execution_options(yield_per=PAGE)))


def what_changes(session: Session, job_id: str, number: int) -> tuple[ImportItem, list[Difference], bool]:
    """An article, what differs from what is here, and whether it is here. Raises LookupError if that is over."""
    query = select(ImportItem).filter_by(job_id=job_id, number=number).options(undefer(ImportItem.fields))
    item = session.scalars(query).one_or_none()
    text = text_of_item(item) if item else None
    if item is None or text is None:
        raise LookupError(number)
    here = live_of(session, text.id, text.locale)
    draft = find_draft(session, text.id, text.locale)
    after = fields_of(text)
    before = fields_of(here) if here else draft.fields if draft else {name: type(after[name])() for name in after}
    return item, compare(before, after), bool(here or draft)
