"""What readers say of an article: whether it helped, and if it didn't, why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, update
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column, utc_now
from knowledge.article_text import CONTROL
from knowledge.help.refusals import Refused

REASONS = ("unclear", "wrong", "other_question", "other")
COMMENT_LENGTH = 1_000
EXPLAINED_WITHIN = timedelta(hours=1)
"""The page on which the reason is asked for is not open longer."""


class Feedback(Base):
    """One reader's verdict on a live revision."""

    __tablename__ = "article_feedback"
    __table_args__ = (Index("ix_article_feedback_article_id_locale", "article_id", "locale"),)

    id: Mapped[str] = column(String(36), primary_key=True)
    """Random: who knows it may say why."""
    article_id: Mapped[str] = column(ForeignKey("article.id"))
    locale: Mapped[str] = column(String(10))
    revision_id: Mapped[int] = column(ForeignKey("article_revision.id"))
    helped: Mapped[bool] = column(Boolean)
    reason: Mapped[str | None] = column(String(16), nullable=True)
    """One of `REASONS`, if the reader gave one."""
    comment: Mapped[str | None] = column(Text, nullable=True)
    """As the reader wrote it, at most `COMMENT_LENGTH` characters of plain text."""
    at: Mapped[datetime] = column(UTCDateTime, default=utc_now)


def give(session: Session, article_id: str, locale: str, revision_id: int, helped: bool, now: datetime) -> str:
    """Stores a verdict; returns its id, with which `explain` can be called."""
    feedback = Feedback(
        id=str(uuid4()), article_id=article_id, locale=locale, revision_id=revision_id, helped=helped, at=now
    )
    session.add(feedback)
    return feedback.id


def explain(session: Session, feedback_id: str, reason: str, comment: str, now: datetime) -> None:
    """Adds why an article did not help, once. Raises Refused."""
    comment = cleaned(comment)
    if reason not in REASONS and not comment:
        raise Refused("no_reason")
    unexplained = (
        Feedback.id == feedback_id,
        Feedback.helped.is_(False),
        Feedback.reason.is_(None),
        Feedback.at > now - EXPLAINED_WITHIN,
    )
    values = {"reason": reason if reason in REASONS else "other", "comment": comment or None}
    change = update(Feedback).where(*unexplained).values(values).execution_options(synchronize_session=False)
    changed: Any = session.execute(change)
    if not changed.rowcount:
        raise Refused("too_late")


def cleaned(comment: str) -> str:
    """Raises Refused if there is too much of it."""
    comment = CONTROL.sub("", comment.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(comment) > COMMENT_LENGTH:
        raise Refused("comment_too_long")
    return comment
