"""All that needs somebody, each kind by its own rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from knowledge.articles import Revision, Translation
from knowledge.checking import Checked
from knowledge.checking.waiving import waivers
from knowledge.drafts import ArticleDraft
from knowledge.help.searches import SearchRecord
from knowledge.index.records import Key
from knowledge.locales import LOCALES
from knowledge.translations import missing, outdated
from knowledge.work.items import Item
from knowledge.work.meeting import DAYS, Votes, met, votes

STALE = timedelta(days=365)
"""After so long, a text that nobody has set a date for is looked at again."""
VOTES = 5
"""So few say nothing."""
HELPFUL = 0.6
"""Less than this share of readers helped is too little."""
IN_VAIN = 2
"""Times; once may be a slip."""


class Live(NamedTuple):
    """A live text, with what is known of it. A tuple, because there are thousands."""

    id: str
    locale: str
    title: str
    owner_id: str | None
    review_on: date | None
    since: datetime
    internal: bool

    @property
    def key(self) -> Key:
        return self.id, self.locale


@dataclass(frozen=True)
class Standing:
    """What all kinds of work are found in."""

    session: Session
    now: datetime
    live: Mapping[Key, Live]
    met: Counter[Key]
    votes: Mapping[Key, Votes]

    def of(self, kind: str, one: Live, since: datetime | None = None, **values: object) -> Item:
        times = self.met[one.key]
        return Item(kind, one.locale, one.title, times, one.id, one.owner_id, since or one.since, values)  # type: ignore[arg-type]


def work(session: Session, now: datetime, broken: Sequence[Checked] = ()) -> list[Item]:
    """Everything, what customers meet most often first. `broken`: the questions that were found broken last."""
    standing = Standing(session, now, _live(session), met(session, now), votes(session, now))
    kinds = (_reviews, _unhelpful, _unused, _outdated, _missing, _drafts, _in_vain)
    found = [item for kind in kinds for item in kind(standing)]
    return sorted([*found, *_broken(standing, broken)], key=lambda item: item.rank)


def _live(session: Session) -> dict[Key, Live]:
    query = select(
        Translation.article_id,
        Translation.locale,
        Revision.title,
        Translation.owner_id,
        Translation.review_on,
        Revision.created_at,
        Revision.internal,
    ).join(Revision, Revision.id == Translation.live_revision_id)
    return {(row[0], row[1]): Live(*row) for row in session.execute(query)}


def _reviews(standing: Standing) -> Iterator[Item]:
    """Its date has passed, or it is old and has none."""
    for one in standing.live.values():
        if one.review_on is not None:
            if one.review_on <= standing.now.date():
                yield standing.of("review", one, _begin(one.review_on), on=one.review_on)
        elif one.since < standing.now - STALE:
            yield standing.of("stale", one, on=one.since)


def _unhelpful(standing: Standing) -> Iterator[Item]:
    for key, said in standing.votes.items():
        if key in standing.live and said.count >= VOTES and said.at_most < HELPFUL:
            yield standing.of("unhelpful", standing.live[key], helped=said.helped, count=said.count)


def _unused(standing: Standing) -> Iterator[Item]:
    long_ago = standing.now - timedelta(days=DAYS)
    for key, one in standing.live.items():
        if not one.internal and not standing.met[key] and one.since < long_ago:
            yield standing.of("unused", one, days=DAYS)


def _outdated(standing: Standing) -> Iterator[Item]:
    for article_id, locale in sorted(outdated(standing.session)):
        one, other = standing.live[article_id, locale], standing.live[article_id, _other(locale)]
        yield standing.of("outdated", one, other.since, on=other.since, language=other.locale)


def _missing(standing: Standing) -> Iterator[Item]:
    """Customers of the other language meet it, and whoever looks after that text knows what it should say."""
    for article_id, locale in sorted(missing(standing.session)):
        there = standing.live.get((article_id, _other(locale)))
        if there is not None and not there.internal:
            times = standing.met[there.key]
            values = {"language": locale, "other": there.locale}
            yield Item("missing", locale, there.title, times, article_id, there.owner_id, there.since, values)


def _drafts(standing: Standing) -> Iterator[Item]:
    """Those that wait for a review, and those that should have gone live by themselves and did not."""
    query = select(ArticleDraft, Translation.owner_id).join(
        Translation,
        (Translation.article_id == ArticleDraft.article_id) & (Translation.locale == ArticleDraft.locale),
    )
    wanted = (ArticleDraft.stage == "submitted") | ArticleDraft.stopped.isnot(None)
    for draft, owner_id in standing.session.execute(query.where(wanted)):
        key = (draft.article_id, draft.locale)
        about = (draft.locale, draft.title or draft.article_id, standing.met[key], draft.article_id, owner_id)
        if draft.stage == "submitted":
            yield Item("waiting", *about, draft.saved_at, {"on": draft.saved_at})
        if draft.stopped:
            yield Item("stopped", *about, draft.saved_at, {"stopped": draft.stopped})


def _in_vain(standing: Standing) -> Iterator[Item]:
    """What several searched for in the help centre and nobody has found since."""
    query, searched = func.lower(SearchRecord.query), SearchRecord.at
    nothing = func.sum(case((SearchRecord.results == 0, 1), else_=0))
    last_nothing = func.max(case((SearchRecord.results == 0, searched)))
    last_found = func.max(case((SearchRecord.results > 0, searched)))
    rows = standing.session.execute(
        select(SearchRecord.locale, query, nothing, last_nothing)
        .where(searched > standing.now - timedelta(days=DAYS))
        .group_by(SearchRecord.locale, query)
        .having((nothing >= IN_VAIN) & (last_found.is_(None) | (last_found < last_nothing)))
    )
    for locale, words, times, _ in rows:
        yield Item("no_result", locale, words, times, values={"count": times})


def _broken(standing: Standing, broken: Sequence[Checked]) -> Iterator[Item]:
    excused: Collection[object] = waivers(standing.session) if broken else ()
    for one in broken:
        live = standing.live.get((one.article_id, one.locale))
        if live is not None and one.expectation not in excused:
            yield standing.of("broken", live, question=one.question, must=one.must)


def _other(locale: str) -> str:
    return next(one for one in LOCALES if one != locale)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.utc)
