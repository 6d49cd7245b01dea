"""What customers said to the question how it was: their comments, newest first, with the scores they gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handoff.desk.words import CHANNELS
from insights.facts.fact import TABLE
from insights.numbers.effort import BY_KIND
from insights.pages.asked import NAMED, NONE, Asked, Period
from insights.pages.words import WORDS
from insights.surveys.deciding import CONVERSATION, FOLLOW_UP
from insights.surveys.survey import SCALES, Survey

PAGE = 25
NEWEST = 5
"""So many stand on the page of effort."""
AT_ONCE = 500


@dataclass(frozen=True)
class Comment:
    text: str
    kind: str
    """What was asked, in a word or two."""
    score: int
    highest: int
    where: str
    """The channel, or the place whose link was followed; and whether it was asked again."""
    at: datetime
    conversation_id: str | None
    """None: by a link that belongs to none."""
    locale: str | None


@dataclass(frozen=True)
class Given:
    """A score of one kind of question, as an address names it."""

    key: str
    name: str
    count: int
    """Comments to it."""


@dataclass(frozen=True)
class Comments:
    shown: list[Comment]
    count: int
    """Of those that are asked for."""
    all: int
    """With whatever score."""
    given: list[Given]
    chosen: str
    """The key of the score they have; empty: whichever."""
    at: int
    """The place of the first one, from 1."""
    page: int
    pages: int


def comments(session: Session, asked: Asked, given: str, page: int, locale: str) -> Comments:
    """Those written in the period; `given`: a key of `Given`, whatever else it says is no choice.

    With a filter, of conversations that fit: those by a link that belongs to none are left out.
    """
    scores = _scores(session, asked, locale)
    chosen = given if given in {one.key for one in scores} else ""
    every = sum(one.count for one in scores)
    count = next((one.count for one in scores if one.key == chosen), every)
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    shown = _found(session, asked, chosen, (page - 1) * PAGE, PAGE, locale)
    return Comments(shown, count, every, scores, chosen, (page - 1) * PAGE + 1, page, pages)


def newest(session: Session, asked: Asked, locale: str) -> list[Comment]:
    return _found(session, asked, "", 0, NEWEST, locale)


def comments_of(session: Session, conversation_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """By conversation and touchpoint (`conversation`, `follow_up`), what was written."""
    found: dict[str, dict[str, str]] = {}
    wanted = set(conversation_ids)
    query = select(Survey.conversation_id, Survey.touchpoint, Survey.comment)
    # All at once: there are fewer of them than a list of ids would be long.
    for conversation_id, touchpoint, text in session.execute(query.where(Survey.commented_at.isnot(None))):
        if conversation_id in wanted:
            found.setdefault(conversation_id, {})[touchpoint] = text
    return found


def _scores(session: Session, asked: Asked, locale: str) -> list[Given]:
    """Those that were commented on, by question from the worst to the best."""
    query = _written(select(Survey.kind, Survey.score, Survey.highest, func.count()), asked)
    rows = session.execute(query.group_by(Survey.kind, Survey.score, Survey.highest)).all()
    order = list(SCALES)
    return [
        Given(f"{kind}-{score}-{highest}", f"{_kind(kind, locale)}: {score}/{highest}", count)
        for kind, score, highest, count in sorted(rows, key=lambda row: (order.index(row[0]), row[2], row[1]))
    ]


def _found(session: Session, asked: Asked, chosen: str, start: int, count: int, locale: str) -> list[Comment]:
    query = _written(select(Survey, TABLE.c.locale), asked)
    if chosen:
        kind, score, highest = chosen.split("-")
        query = query.where(Survey.kind == kind, Survey.score == int(score), Survey.highest == int(highest))
    newest_first = query.order_by(Survey.commented_at.desc(), Survey.id).offset(start).limit(count)
    return [_comment(survey, spoken, locale) for survey, spoken in session.execute(newest_first)]


def _written(query: Any, asked: Asked) -> Any:
    period = asked.period
    query = query.select_from(Survey).outerjoin(TABLE, TABLE.c.conversation_id == Survey.conversation_id)
    query = query.where(Survey.commented_at >= _at(period, first=True), Survey.commented_at < _at(period, first=False))
    for name, value in asked.chosen.items():
        query = query.where(Survey.conversation_id.isnot(None), _is(name, value))
    return query


def _at(period: Period, *, first: bool) -> datetime:
    return datetime.fromtimestamp(period.start if first else period.end, timezone.utc)


def _is(name: str, value: str) -> Any:
    """As `Asked.filtered` has it."""
    if name == "channel":
        return ("," + TABLE.c.channels + ",").contains(f",{value},", autoescape=True)
    if name == "score":
        return TABLE.c.ces.between(int(value) - 0.5, int(value) + 0.4999)
    column = TABLE.c[NAMED[name]]
    return column.is_(None) if value == NONE else column == value


def _comment(survey: Survey, spoken: str | None, locale: str) -> Comment:
    return Comment(
        survey.comment or "",
        _kind(survey.kind, locale),
        survey.score or 0,
        survey.highest,
        _where(survey, locale),
        survey.commented_at or survey.decided_at,
        survey.conversation_id,
        spoken,
    )


def _where(survey: Survey, locale: str) -> str:
    words, channels = WORDS[locale], CHANNELS[locale]
    if survey.touchpoint not in (CONVERSATION, FOLLOW_UP):
        return words["by_link_at"].format(place=survey.touchpoint)
    channel = channels.get(survey.answered_in or survey.channel or "", words["by_link"])
    return f"{channel}, {words['asked_again']}" if survey.touchpoint == FOLLOW_UP else channel


def _kind(kind: str, locale: str) -> str:
    return BY_KIND[kind].names[locale]


def columns_of(found: Mapping[str, Mapping[str, str]], ids: Iterable[str]) -> tuple[list[str], list[str]]:
    """Of each conversation, what was said to the question at its end, and when it was asked again."""
    each = [found.get(one, {}) for one in ids]
    return [one.get(CONVERSATION, "") for one in each], [one.get(FOLLOW_UP, "") for one in each]
