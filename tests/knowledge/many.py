"""Thousands of live articles, written in one go: for what must be fast however many there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from knowledge.articles import Article, Revision, Translation

TEXT = {"short_answer": "Yes.", "body": "Really.", "questions": [], "tags": [], "aliases": []}


def publish_many(session: Session, count: int, at: datetime, locale: str = "en", first: int = 1, **more: Any) -> None:
    """`article-1` and so on, without passages: nothing is found by searching."""
    ids = [f"article-{number}" for number in range(1, count + 1)]
    if first == 1:
        session.execute(insert(Article), [{"id": one, "created_at": at} for one in ids])
    about = {"locale": locale, "number": 1, "category": "returns", "created_at": at, "note": "", "internal": False}
    about |= {"must_answer": [], "must_not_answer": []}
    revisions = [
        {**TEXT, **about, "id": number, "article_id": one, "title": f"Article {number}"}
        for number, one in enumerate(ids, start=first)
    ]
    session.execute(insert(Revision.__table__), revisions)
    live = [
        {"article_id": one["article_id"], "locale": locale, "live_revision_id": one["id"], **more} for one in revisions
    ]
    session.execute(insert(Translation), live)
