"""What readers searched for in the help centre, kept so that editors see what is missing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from db import Base, Database, UTCDateTime, column, utc_now

QUERY_LENGTH = 200
ORIGINS = ("home", "header", "category", "article", "search", "missing", "gone", "chat")
"""Where a reader may have searched from; anything else that a page says is `other`."""


class SearchRecord(Base):
    """One search, of nobody in particular."""

    __tablename__ = "help_search"

    id: Mapped[int] = column(Integer, primary_key=True)
    locale: Mapped[str] = column(String(10))
    query: Mapped[str] = column(String(QUERY_LENGTH))
    """Its beginning, if it was longer."""
    results: Mapped[int] = column(Integer)
    origin: Mapped[str] = column(String(16))
    """One of `ORIGINS`, or `other`."""
    at: Mapped[datetime] = column(UTCDateTime, default=utc_now, index=True)


def record_search(database: Database, locale: str, query: str, results: int, origin: str, now: datetime) -> None:
    origin = origin if origin in ORIGINS else "other"
    with database.transaction(durable=False) as session:
        session.add(SearchRecord(locale=locale, query=query[:QUERY_LENGTH], results=results, origin=origin, at=now))
