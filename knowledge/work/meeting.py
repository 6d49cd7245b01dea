"""How often customers met each article, and what they said of the text that is live."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any

from sqlalchemy import Date, case, func, select
from sqlalchemy.orm import Session

from knowledge.articles import ArticleUse, Revision, Translation
from knowledge.help.feedback import Feedback
from knowledge.help.reading import ArticleRead
from knowledge.index.records import Key

DAYS = 90
"""How far back it is counted."""
Z = 1.96
"""Of a confidence of 95 %."""


@dataclass(frozen=True)
class Votes:
    helped: int = 0
    count: int = 0

    def __add__(self, other: Votes) -> Votes:
        return Votes(self.helped + other.helped, self.count + other.count)

    @property
    def at_most(self) -> float:
        """The share of all readers who are helped is hardly larger: the upper bound of Wilson's score interval."""
        share, n = self.helped / self.count, self.count
        middle = share + Z * Z / (2 * n)
        return (middle + Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))) / (1 + Z * Z / n)


def first_day(now: datetime) -> date:
    return (now - timedelta(days=DAYS)).date()


def met(session: Session, now: datetime) -> Counter[Key]:
    """How often the bot said each article and readers opened it."""
    found: Counter[Key] = Counter()
    for table, counted in ((ArticleUse, ArticleUse.answered), (ArticleRead, ArticleRead.reads)):
        query = select(table.article_id, table.locale, func.sum(counted)).where(table.day > first_day(now))
        for article_id, locale, times in session.execute(query.group_by(table.article_id, table.locale)):
            found[article_id, locale] += times
    return found


def votes(session: Session, now: datetime) -> dict[Key, Votes]:
    """What readers and those who chat said of what is live: what they said of an older text is mended."""
    found: dict[Key, Votes] = {}
    for query in (_by_readers(now), _by_those_who_chat(now)):
        for article_id, locale, helped, count in session.execute(query):
            found[article_id, locale] = found.get((article_id, locale), Votes()) + Votes(helped, count)
    return found


def _by_readers(now: datetime) -> Any:
    helped = func.sum(case((Feedback.helped, 1), else_=0))
    query = select(Feedback.article_id, Feedback.locale, helped, func.count())
    query = query.join(Translation, Translation.live_revision_id == Feedback.revision_id)
    return query.where(Feedback.at > now - timedelta(days=DAYS)).group_by(Feedback.article_id, Feedback.locale)


def _by_those_who_chat(now: datetime) -> Any:
    key = (ArticleUse.article_id, ArticleUse.locale)
    said = ArticleUse.helped + ArticleUse.not_helped
    query = select(*key, func.sum(ArticleUse.helped), func.sum(said))
    query = query.join(
        Translation, (Translation.article_id == ArticleUse.article_id) & (Translation.locale == ArticleUse.locale)
    ).join(Revision, Revision.id == Translation.live_revision_id)
    # The day of the publication may have votes on either text.
    since = ArticleUse.day > func.date(Revision.created_at, type_=Date)
    return query.where(said > 0, since, ArticleUse.day > first_day(now)).group_by(*key)
