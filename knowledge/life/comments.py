"""What colleagues say of a text before it goes live."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, select, update
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column
from knowledge.article_text import CONTROL
from knowledge.articles import Article, Revision, Translation
from knowledge.life.opened import may_edit, noted
from knowledge.life.refusals import Refused
from staff.people import User

COMMENT_LENGTH = 2_000
QUOTE_LENGTH = 500


class ReviewComment(Base):
    __tablename__ = "review_comment"
    __table_args__ = (Index("ix_review_comment_article_id_locale", "article_id", "locale"),)

    id: Mapped[int] = column(Integer, primary_key=True)
    article_id: Mapped[str] = column(ForeignKey(Article.id))
    locale: Mapped[str] = column(String(10))
    author_id: Mapped[str] = column(ForeignKey(User.id))
    at: Mapped[datetime] = column(UTCDateTime)
    text: Mapped[str] = column(Text)
    """Plain."""
    quote: Mapped[str] = column(Text, default="")
    """The passage it is about, as it stood there then; empty: the whole."""
    resolved_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    resolved_by: Mapped[str | None] = column(ForeignKey(User.id), nullable=True)
    revision_id: Mapped[int | None] = column(ForeignKey(Revision.id), nullable=True)
    """With which publication it became history; None: it is about the text of today."""


def comment(
    session: Session, article_id: str, locale: str, user: User, now: datetime, text: str, quote: str = ""
) -> ReviewComment:
    may_edit(user)
    if session.get(Translation, (article_id, locale)) is None:
        raise Refused("no_article")
    said = ReviewComment(
        article_id=article_id,
        locale=locale,
        author_id=user.id,
        at=now,
        text=_tidy(text, COMMENT_LENGTH, "comment_long"),
        quote=_tidy(quote, QUOTE_LENGTH, "quote_long"),
    )
    if not said.text:
        raise Refused("comment_missing")
    session.add(said)
    session.flush()
    noted(session, "article_commented", article_id, locale, user, now)
    return said


def resolve(session: Session, article_id: str, locale: str, user: User, now: datetime, comment_id: int) -> None:
    """Says that what was asked is done. Whoever resolved it first stays named."""
    found = _open_one(session, article_id, locale, user, comment_id)
    if found.resolved_at is None:
        found.resolved_at, found.resolved_by = now, user.id
        noted(session, "comment_resolved", article_id, locale, user, now)


def reopen(session: Session, article_id: str, locale: str, user: User, now: datetime, comment_id: int) -> None:
    found = _open_one(session, article_id, locale, user, comment_id)
    if found.resolved_at is not None:
        found.resolved_at = found.resolved_by = None
        noted(session, "comment_reopened", article_id, locale, user, now)


def comments_of(
    session: Session, article_id: str, locale: str, revision_id: int | None = None
) -> list[tuple[ReviewComment, str]]:
    """Of the text of today, or of a publication, each with its author's name, the oldest first."""
    query = select(ReviewComment, User.name).join(User, User.id == ReviewComment.author_id)
    query = query.filter(ReviewComment.article_id == article_id, ReviewComment.locale == locale)
    query = query.filter(ReviewComment.revision_id.is_(None) if revision_id is None else _of(revision_id))
    return [(said, name) for said, name in session.execute(query.order_by(ReviewComment.id))]


def close_comments(session: Session, article_id: str, locale: str, revision: Revision) -> None:
    """What was said before a publication is told in its history."""
    of_today = (ReviewComment.article_id == article_id, ReviewComment.locale == locale, _UNPUBLISHED)
    session.execute(update(ReviewComment).where(*of_today).values(revision_id=revision.id))


def resolve_all(session: Session, article_id: str, locale: str, user: User, now: datetime) -> None:
    """The text that was spoken of is no more."""
    of_today = (ReviewComment.article_id == article_id, ReviewComment.locale == locale, _UNPUBLISHED)
    still_open = (*of_today, ReviewComment.resolved_at.is_(None))
    session.execute(update(ReviewComment).where(*still_open).values(resolved_at=now, resolved_by=user.id))


_UNPUBLISHED = ReviewComment.revision_id.is_(None)


def _of(revision_id: int) -> object:
    return ReviewComment.revision_id == revision_id


def _open_one(session: Session, article_id: str, locale: str, user: User, comment_id: int) -> ReviewComment:
    may_edit(user)
    query = select(ReviewComment).filter_by(id=comment_id, article_id=article_id, locale=locale)
    found: ReviewComment | None = session.scalars(query.with_for_update()).one_or_none()
    if found is None:
        raise Refused("no_comment")
    return found


def _tidy(text: str, longest: int, reason: str) -> str:
    tidy = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(tidy) > longest:
        raise Refused(reason, longest=longest)
    return tidy
