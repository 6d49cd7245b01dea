"""Which articles are read: counted per day, so that the most read ones can be shown first."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import Date, ForeignKey, Integer, String, func, select
from sqlalchemy.orm import Mapped, Session

from db import Base, Database, column
from knowledge.rows import count_one

DAYS = 30
"""How long back "popular" looks."""
BOT = re.compile(
    r"bot\b|crawl|spider|slurp|curl/|wget/|python-|preview|monitor|lighthouse|facebookexternalhit", re.IGNORECASE
)
"""Of the User-Agent of those that say what they are."""


class ArticleRead(Base):
    """How often an article was opened in one language on one day (UTC)."""

    __tablename__ = "article_read"

    article_id: Mapped[str] = column(ForeignKey("article.id"), primary_key=True)
    locale: Mapped[str] = column(String(10), primary_key=True)
    day: Mapped[date] = column(Date, primary_key=True, index=True)
    reads: Mapped[int] = column(Integer)


class Headers(Protocol):
    def get(self, name: str, default: str) -> str: ...


def is_a_person(headers: Headers) -> bool:
    """Whether a request looks like somebody reading: no program that says it is one, no page fetched ahead."""
    purpose = headers.get("Sec-Purpose", "") + headers.get("Purpose", "") + headers.get("X-Moz", "")
    return "prefetch" not in purpose.lower() and not BOT.search(headers.get("User-Agent", "") or "bot")


def count_read(database: Database, article_id: str, locale: str, now: datetime) -> None:
    key = {"article_id": article_id, "locale": locale, "day": now.date()}
    with database.transaction(durable=False) as session:
        count_one(session, ArticleRead, key, "reads")


def most_read(session: Session, locale: str, now: datetime, limit: int) -> list[str]:
    """The ids of the articles read most in the last `DAYS` days, most read first."""
    reads = func.sum(ArticleRead.reads)
    query = (
        select(ArticleRead.article_id)
        .where(ArticleRead.locale == locale, ArticleRead.day > now.date() - timedelta(days=DAYS))
        .group_by(ArticleRead.article_id)
        .order_by(reads.desc(), ArticleRead.article_id)
    )
    return list(session.scalars(query.limit(limit)))
