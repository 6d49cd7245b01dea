"""What the bot did with articles, counted by day: said as the answer, and what customers said to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from knowledge.articles import ArticleUse
from knowledge.rows import count

What = Literal["answered", "helped", "not_helped"]


@dataclass(frozen=True, order=True)
class Use:
    """What was done with an article in one language."""

    article_id: str
    locale: str
    what: What


def count_uses(session: Session, uses: Sequence[Use], now: datetime) -> None:
    """Counts them on the day that it is in UTC. The rows belong to everybody: they come last in a transaction."""
    # Sorted, so that two transactions never wait for each other.
    for use, times in sorted(Counter(uses).items()):
        key = {"article_id": use.article_id, "locale": use.locale, "day": now.date()}
        count(session, ArticleUse, key, use.what, times)
