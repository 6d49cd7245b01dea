"""The list of articles: one row for each language of each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.articles import Revision, Translation
from knowledge.drafts import ArticleDraft


@dataclass(frozen=True)
class Row:
    id: str
    locale: str
    title: str


def rows_of(session: Session) -> list[Row]:
    title = func.coalesce(ArticleDraft.title, Revision.title)
    query = (
        select(Translation.article_id, Translation.locale, title)
        .outerjoin(Revision, Revision.id == Translation.live_revision_id)
        .outerjoin(
            ArticleDraft,
            (ArticleDraft.article_id == Translation.article_id) & (ArticleDraft.locale == Translation.locale),
        )
        .order_by(title)
    )
    return [Row(*found) for found in session.execute(query)]
