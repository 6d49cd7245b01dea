"""The categories that an article may be put in: those with an entry, and those that some article is in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.articles import Revision, Translation
from knowledge.categories import Category, stored_categories
from knowledge.drafts import ArticleDraft


def shelf_names(session: Session, locale: str) -> dict[str, str]:
    """Their names by key, in their order; those without an entry last."""
    known = {category.key: category for category in stored_categories(session)}
    live = select(Revision.category).join(Translation, Translation.live_revision_id == Revision.id).distinct()
    used = {*session.scalars(live), *session.scalars(select(ArticleDraft.category).distinct())} - {""}
    keys = [*known, *sorted(used - known.keys())]
    return {key: (known.get(key) or Category(key)).name(locale) for key in keys}
