"""The table of articles by language: what is live, drafted, missing and outdated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.articles import Revision, Translation
from knowledge.drafts import ArticleDraft
from knowledge.locales import LOCALES
from knowledge.translations import outdated
from knowledge.work.meeting import met

Cell = Literal["live", "draft", "outdated", "missing", "archived"]
CELLS: tuple[Cell, ...] = ("live", "draft", "outdated", "missing")
"""What can be looked for."""


@dataclass(frozen=True)
class Row:
    id: str
    title: str
    cells: Mapping[str, Cell]
    """By language."""
    met: int
    """How often customers met it, in whatever language."""

    def has(self, cell: str, locale: str) -> bool:
        """Empty: whatever it is."""
        there = [self.cells[locale]] if locale else list(self.cells.values())
        return not cell or cell in there


def table(session: Session, now: datetime) -> Sequence[Row]:
    """What customers meet most often first."""
    behind, times = outdated(session), met(session, now)
    titles: dict[str, str] = {}
    cells: dict[str, dict[str, Cell]] = {}
    for article_id, locale, live, archived, drafted, title in session.execute(_translations()):
        titles[article_id] = titles.get(article_id) or title or article_id
        if article_id not in cells:
            cells[article_id] = dict.fromkeys(LOCALES, "missing")
        cells[article_id][locale] = _cell((article_id, locale) in behind, bool(live), bool(drafted), bool(archived))
    met_in_all = Counter({one: sum(times[one, each] for each in LOCALES) for one in cells})
    rows = [Row(one, titles[one], found, met_in_all[one]) for one, found in cells.items()]
    return sorted(rows, key=lambda row: (-row.met, row.title.casefold(), row.id))


def _translations() -> Any:
    draft = (ArticleDraft.article_id == Translation.article_id) & (ArticleDraft.locale == Translation.locale)
    return (
        select(
            Translation.article_id,
            Translation.locale,
            Translation.live_revision_id,
            Translation.archived_at,
            ArticleDraft.article_id,
            func.coalesce(Revision.title, ArticleDraft.title),
        )
        .outerjoin(Revision, Revision.id == Translation.live_revision_id)
        .outerjoin(ArticleDraft, draft)
        .order_by(Translation.article_id, Translation.locale.desc())
    )


def _cell(is_behind: bool, is_live: bool, is_drafted: bool, is_archived: bool) -> Cell:
    if is_behind:
        return "outdated"
    if is_live:
        return "live"
    if is_archived:
        return "archived"
    return "draft" if is_drafted else "missing"
