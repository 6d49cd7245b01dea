"""What articles are good for: how often each is used and helps, what nobody found, and what the bot did not know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from channels.conversation import Event
from insights.facts.columns import Facts
from insights.numbers.intervals import wilson
from insights.pages.asked import Asked, Period
from knowledge.articles import ArticleUse, Revision, Translation
from knowledge.help.feedback import Feedback
from knowledge.help.reading import ArticleRead
from knowledge.help.searches import SearchRecord

MOST_ARTICLES = 100
"""Rows that stand on the page before all are asked for."""
MOST_QUESTIONS = 100
LOOKED_AT = 500
"""So many of the newest conversations with such a question."""
MOST_SEARCHES = 30
Key = tuple[str, str]


@dataclass(frozen=True)
class Used:
    """An article in one language."""

    article_id: str
    locale: str
    title: str
    said: int
    """By the bot, as the answer."""
    read: int
    """In the help centre."""
    helped: int
    votes: int

    @property
    def share(self) -> float | None:
        return self.helped / self.votes if self.votes else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        return wilson(self.helped, self.votes)


@dataclass(frozen=True)
class Question:
    """One that the bot found nothing to."""

    text: str
    locale: str
    at: datetime
    """When it was asked last."""
    conversation_id: str
    times: int = 1


class Search(NamedTuple):
    """Words that were searched for."""

    text: str
    locale: str
    times: int


def used(session: Session, period: Period, locale: str) -> list[Used]:
    """Most used first, by days of UTC, in which uses are counted. `locale`: of one language alone, if it is set."""
    said: Counter[Key] = Counter()
    read: Counter[Key] = Counter()
    helped: Counter[Key] = Counter()
    votes: Counter[Key] = Counter()
    uses = select(
        ArticleUse.article_id,
        ArticleUse.locale,
        func.sum(ArticleUse.answered),
        func.sum(ArticleUse.helped),
        func.sum(ArticleUse.not_helped),
    ).where(ArticleUse.day.between(period.first, period.last))
    for article_id, of, answered, yes, no in session.execute(uses.group_by(ArticleUse.article_id, ArticleUse.locale)):
        said[article_id, of] += answered
        helped[article_id, of] += yes
        votes[article_id, of] += yes + no
    reads = select(ArticleRead.article_id, ArticleRead.locale, func.sum(ArticleRead.reads))
    reads = reads.where(ArticleRead.day.between(period.first, period.last))
    for article_id, of, times in session.execute(reads.group_by(ArticleRead.article_id, ArticleRead.locale)):
        read[article_id, of] += times
    good = func.sum(case((Feedback.helped, 1), else_=0))
    given = select(Feedback.article_id, Feedback.locale, good, func.count()).where(
        Feedback.at >= _at(period.start), Feedback.at < _at(period.end)
    )
    for article_id, of, yes, count in session.execute(given.group_by(Feedback.article_id, Feedback.locale)):
        helped[article_id, of] += yes
        votes[article_id, of] += count
    titles = _titles(session)
    keys = sorted({*said, *read, *votes}, key=lambda key: (-said[key] - read[key], key))
    return [
        Used(*key, titles.get(key, key[0]), said[key], read[key], helped[key], votes[key])
        for key in keys
        if not locale or key[1] == locale
    ]


def unanswered(session: Session, facts: Facts) -> tuple[list[Question], bool]:
    """The newest questions of these conversations to which the bot found nothing; the same words stand there once.

    And whether these are all.
    """
    some = facts.where(facts["unknown"] > 0)
    newest = some.at((-some["opened_at"]).argsort(kind="stable")[:LOOKED_AT])
    query = select(Event.conversation_id, Event.details, Event.at).where(
        Event.conversation_id.in_(list(newest.ids)), Event.kind == "turn"
    )
    found = [
        Question(answer["question"], answer["locale"], at, conversation_id)
        for conversation_id, details, at in session.execute(query)
        if (answer := details.get("answer")) and answer["kind"] == "unknown"
    ]
    newest_first = sorted(found, key=lambda one: one.at, reverse=True)
    times = Counter(_words(one) for one in newest_first)
    once = {_words(one): replace(one, times=times[_words(one)]) for one in reversed(newest_first)}
    shown = sorted(once.values(), key=lambda one: one.at, reverse=True)[:MOST_QUESTIONS]
    return shown, len(some) <= LOOKED_AT and len(once) <= MOST_QUESTIONS


def _words(question: Question) -> tuple[str, str]:
    return " ".join(question.text.lower().split()).rstrip("?!. "), question.locale


def in_vain(session: Session, asked: Asked, most: int | None = None) -> tuple[list[Search], int]:
    """What was searched for in the help centre without a result, most often first; `most` of it, and how much there
    is."""
    period, words = asked.period, func.lower(SearchRecord.query)
    times = func.count()
    query = select(words, SearchRecord.locale, times).where(
        SearchRecord.results == 0, SearchRecord.at >= _at(period.start), SearchRecord.at < _at(period.end)
    )
    if locale := asked.chosen.get("locale"):
        query = query.where(SearchRecord.locale == locale)
    query = query.group_by(words, SearchRecord.locale)
    rows = session.execute(query.order_by(times.desc(), words, SearchRecord.locale).limit(most)).all()
    count = len(rows) if most is None else session.scalars(select(func.count()).select_from(query.subquery())).one()
    return [Search(*row) for row in rows], count


def _titles(session: Session) -> dict[Key, str]:
    query = select(Translation.article_id, Translation.locale, Revision.title)
    rows = session.execute(query.join(Revision, Revision.id == Translation.live_revision_id))
    return {(article_id, locale): title for article_id, locale, title in rows}


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
