"""An import as stored: what was brought, how far it is, and what becomes of each article."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred

from db import Base, UTCDateTime, column
from knowledge.article_text import ArticleError, ArticleText
from knowledge.articles import ID_LENGTH
from staff.people import User

Stage = Literal["reading", "ready", "running", "done", "failed", "cancelled"]
"""`ready`: all is read, and somebody looks at what would happen."""
AT_WORK: tuple[Stage, ...] = ("reading", "running")
NAME_LENGTH = 200


def kept_aside(large: Any) -> Any:
    """A column that is read only when it is asked for."""
    return deferred(large)


class ImportJob(Base):
    __tablename__ = "import_job"

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    name: Mapped[str] = column(String(NAME_LENGTH))
    """Of the file, or the first address."""
    of_addresses: Mapped[bool] = column(Boolean)
    """Whether the content is a list of addresses, one a line."""
    content: Mapped[bytes | None] = kept_aside(column(LargeBinary, nullable=True))
    """None once it is not needed any more."""
    format: Mapped[str] = column(String(10), default="")
    locale: Mapped[str] = column(String(10))
    """Of articles that don't say it."""
    category: Mapped[str] = column(String(64))
    """Of articles that name none."""
    categories: Mapped[list[Any]] = column(JSON, default=list)
    """Those it names: each its key and its names by locale."""
    as_drafts: Mapped[bool] = column(Boolean, default=False)
    stage: Mapped[str] = column(String(10), default="reading", index=True)
    """A `Stage`."""
    done: Mapped[int] = column(Integer, default=0)
    """Articles, of this stage."""
    total: Mapped[int] = column(Integer, default=0)
    problem: Mapped[dict[str, str] | None] = column(JSON(none_as_null=True), nullable=True)
    """Why it failed, by language."""
    warnings: Mapped[list[Any]] = column(JSON, default=list)
    """What it broke: sentences by language."""
    begun_by: Mapped[str | None] = column(ForeignKey(User.id), nullable=True)
    begun_at: Mapped[datetime] = column(UTCDateTime, index=True)
    finished_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    claimed_until: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """Until then a process is at it, and no other one goes on with it."""

    @property
    def is_at_work(self) -> bool:
        return self.stage in AT_WORK


class ImportItem(Base):
    """An article of an import, or why it can't be taken."""

    __tablename__ = "import_item"

    job_id: Mapped[str] = column(ForeignKey(ImportJob.id), primary_key=True)
    number: Mapped[int] = column(Integer, primary_key=True)
    """0, 1, 2 … in the order of the source; what is wrong beside its articles comes last."""
    place: Mapped[str] = column(Text)
    """Where it was found: a file's name, a line, an address."""
    article_id: Mapped[str] = column(String(ID_LENGTH), default="")
    locale: Mapped[str] = column(String(10), default="")
    title: Mapped[str] = column(Text, default="")
    fields: Mapped[dict[str, Any] | None] = kept_aside(column(JSON(none_as_null=True), nullable=True))
    """Of its text; None if it can't be taken, or is done."""
    is_draft: Mapped[bool] = column(Boolean, default=False)
    outcome: Mapped[str] = column(String(10), index=True)
    deed: Mapped[str] = column(String(10))
    """As in `judging.Verdict`: what would be done with it, later what was."""
    reason: Mapped[dict[str, str] | None] = column(JSON(none_as_null=True), nullable=True)
    notes: Mapped[list[Any]] = column(JSON, default=list)
    """Sentences by language, as the reason is."""
    is_done: Mapped[bool] = column(Boolean, default=False)


def sentences(error: ArticleError | None) -> dict[str, str] | None:
    return {locale: error.said(locale) for locale in ("en", "de")} if error else None


def text_of_item(item: ImportItem) -> ArticleText | None:
    if item.fields is None:
        return None
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in item.fields.items()
    }
    return ArticleText(id=item.article_id, locale=item.locale, **fields)
