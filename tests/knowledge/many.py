"""Thousands of live articles, written in one go: for what must be fast however many there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from knowledge.articles import Article, Revision, Translation

TEXT = {"short_answer": "Yes.", "body": "Really.", "questions": [], "tags": [], "aliases": []}
OTHERS = 1_000_000
"""From here on, revisions in another language than English are numbered."""


def publish_many(session: Session, numbers: range, at: datetime, locale: str = "en", **more: Any) -> None:
    """`article-1` and so on, in English and in another language, without passages: nothing is found by searching."""
    if locale == "en":
        session.execute(insert(Article), [{"id": f"article-{number}", "created_at": at} for number in numbers])
    about = {"locale": locale, "number": 1, "category": "returns", "created_at": at, "note": "", "internal": False}
    about |= {"must_answer": [], "must_not_answer": []}
    revisions = [
        {
            **TEXT,
            **about,
            "id": number + (0 if locale == "en" else OTHERS),
            "article_id": f"article-{number}",
            "title": f"Article {number}",
        }
        for number in numbers
    ]
    session.execute(insert(Revision.__table__), revisions)
    live = [
        {"article_id": one["article_id"], "locale": locale, "live_revision_id": one["id"], **more} for one in revisions
    ]
    session.execute(insert(Translation), live)
