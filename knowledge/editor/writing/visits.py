"""Who has an article open right now, so that two who write at once know of each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column
from knowledge.articles import ID_LENGTH
from knowledge.drafts import find_draft
from knowledge.rows import upsert
from staff.people import User

HERE = timedelta(seconds=45)
"""A page says every 15 seconds that it is open."""
LATELY = timedelta(minutes=10)
KEPT = timedelta(days=1)


class ArticleVisit(Base):
    """When somebody's page last said that it has an article open."""

    __tablename__ = "article_visit"

    article_id: Mapped[str] = column(String(ID_LENGTH), primary_key=True)
    locale: Mapped[str] = column(String(10), primary_key=True)
    user_id: Mapped[str] = column(ForeignKey(User.id), primary_key=True)
    seen_at: Mapped[datetime] = column(UTCDateTime)


@dataclass(frozen=True)
class Colleague:
    name: str
    is_here: bool
    saved_at: datetime | None
    """When they last saved, if that was lately."""


def visit(session: Session, article_id: str, locale: str, user_id: str, now: datetime) -> None:
    key = {"article_id": article_id, "locale": locale, "user_id": user_id}
    upsert(session, ArticleVisit, key, {"seen_at": now})
    session.execute(
        delete(ArticleVisit)
        .where(ArticleVisit.article_id == article_id, ArticleVisit.seen_at < now - KEPT)
        .execution_options(synchronize_session=False)
    )


def leave(session: Session, article_id: str, locale: str, user_id: str) -> None:
    key = {"article_id": article_id, "locale": locale, "user_id": user_id}
    session.execute(delete(ArticleVisit).filter_by(**key).execution_options(synchronize_session=False))


def colleagues(session: Session, article_id: str, locale: str, user_id: str, now: datetime) -> list[Colleague]:
    """The others who have it open, or saved it lately, by name."""
    here = select(ArticleVisit.user_id).where(
        ArticleVisit.article_id == article_id, ArticleVisit.locale == locale, ArticleVisit.seen_at > now - HERE
    )
    present = set(session.scalars(here)) - {user_id}
    draft = find_draft(session, article_id, locale)
    saved = draft.saved_at if draft and draft.saved_by != user_id and draft.saved_at > now - LATELY else None
    saver = draft.saved_by if draft and saved else None
    users = session.scalars(select(User).where(User.id.in_(present | {saver} - {None})).order_by(User.name))
    return [Colleague(one.name, one.id in present, saved if one.id == saver else None) for one in users]
