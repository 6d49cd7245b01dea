"""What needs somebody is found, each kind by its rule, and what customers meet most often comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from db import Database
from knowledge.articles import ArticleUse, Translation
from knowledge.checking.watching import Watching
from knowledge.drafts import draft_of, save_draft
from knowledge.help.feedback import Feedback
from knowledge.help.reading import ArticleRead
from knowledge.help.searches import SearchRecord
from knowledge.library import Knowledge
from knowledge.publishing import live_of
from knowledge.work.finding import work
from knowledge.work.items import Item
from knowledge.work.meeting import Votes
from knowledge.work.translating import table
from knowledge.work.voices import voices
from tests.knowledge.many import publish_many
from tests.knowledge.shop import BENCH, RETURNS_DE, article

PUBLISHED = datetime(2026, 11, 1, 9, 0, tzinfo=timezone.utc)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=timezone.utc)
TODAY = NOW.date()
Look = Callable[[Session, datetime], object]
KEY = ("return-an-item", "en")


@pytest.fixture
def stocked(knowledge: Knowledge) -> Knowledge:
    """An article in both languages and one in English, published weeks ago."""
    knowledge.publish(article(), article(RETURNS_DE), now=PUBLISHED)
    knowledge.publish(article(BENCH), now=PUBLISHED)
    return knowledge


def found(knowledge: Knowledge, kind: str = "", now: datetime = NOW, **given: Any) -> list[Item]:
    with knowledge.database.reading() as session:
        return [item for item in work(session, now, **given) if kind in ("", item.kind)]


def keep(knowledge: Knowledge, *rows: Any) -> None:
    with knowledge.database.transaction() as session:
        session.add_all(rows)


def read(times: int, article_id: str = KEY[0], locale: str = "en", day: date = TODAY) -> ArticleRead:
    return ArticleRead(article_id=article_id, locale=locale, day=day, reads=times)


def use(article_id: str = KEY[0], locale: str = "en", day: date = TODAY, **counts: int) -> ArticleUse:
    return ArticleUse(article_id=article_id, locale=locale, day=day, **counts)


def say(knowledge: Knowledge, helped: bool, reason: str | None = None, comment: str | None = None, **when: Any) -> None:
    with knowledge.database.transaction() as session:
        live = live_of(session, *KEY)
        assert live is not None
        about = {"article_id": KEY[0], "locale": KEY[1], "revision_id": live.id, "at": NOW} | when
        identity = f"{session.query(Feedback).count():036d}"
        session.add(Feedback(id=identity, helped=helped, reason=reason, comment=comment, **about))


def test_a_translation_that_is_missing_is_work_for_whoever_looks_after_the_other(stocked: Knowledge) -> None:
    keep(stocked, read(7, "bench-fn-204518"))
    [item] = found(stocked)
    assert ("missing", "de", "Assemble the bench FN-204518", 7) == (item.kind, item.locale, item.title, item.met)


def test_what_is_met_most_comes_first_whatever_it_is(stocked: Knowledge) -> None:
    keep(stocked, read(3, "bench-fn-204518"), use(answered=2), read(2))
    with stocked.database.transaction() as session:
        session.get(Translation, KEY).review_on = date(2026, 11, 24)
    assert [("review", 4), ("missing", 3)] == [(item.kind, item.met) for item in found(stocked)]


def test_an_article_is_looked_at_again_from_its_date_on_or_when_it_is_a_year_old(stocked: Knowledge) -> None:
    with stocked.database.transaction() as session:
        session.get(Translation, KEY).review_on = date(2026, 11, 26)
    assert [] == found(stocked, "review")
    tomorrow = NOW + timedelta(days=1)
    assert [date(2026, 11, 26)] == [item.values["on"] for item in found(stocked, "review", tomorrow)]
    assert [] == found(stocked, "stale")
    assert 2 == len(found(stocked, "stale", NOW + timedelta(days=360)))  # the dated one is not among them


def test_readers_decide_what_is_unhelpful_once_there_are_enough_of_them(stocked: Knowledge) -> None:
    for _ in range(4):
        say(stocked, False, "wrong", "The label is not there.")
    assert [] == found(stocked, "unhelpful")
    say(stocked, False, "unclear")
    [item] = found(stocked, "unhelpful")
    assert {"helped": 0, "count": 5} == item.values
    with stocked.database.reading() as session:
        said = voices(session, {KEY})[KEY]
    assert [("wrong", 4), ("unclear", 1)] == said.reasons.most_common()
    assert ["The label is not there."] * 3 == said.comments


def test_what_was_said_of_a_text_that_was_mended_counts_no_more(stocked: Knowledge) -> None:
    for _ in range(6):
        say(stocked, False)
    keep(stocked, use(day=date(2026, 11, 20), not_helped=9))
    assert 15 == found(stocked, "unhelpful")[0].values["count"]
    stocked.publish(article(body="All new."), now=NOW)
    assert [] == found(stocked, "unhelpful")


@pytest.mark.parametrize(
    ("helped", "count", "at_most"), [(0, 5, 0.434), (0, 10, 0.278), (3, 10, 0.603), (8, 10, 0.943), (30, 100, 0.396)]
)
def test_the_bound_is_wilsons(helped: int, count: int, at_most: float) -> None:
    """The figures are those of R's `prop.test` and of Wilson's paper (1927), without continuity correction."""
    assert at_most == round(Votes(helped, count).at_most, 3)


def test_what_nobody_meets_for_long_is_unused(stocked: Knowledge) -> None:
    later = PUBLISHED + timedelta(days=91)
    assert [] == found(stocked, "unused")
    keep(stocked, read(1, day=later.date()), use(locale="de", day=later.date(), answered=1))
    assert ["bench-fn-204518"] == [item.id for item in found(stocked, "unused", later)]


def test_an_internal_article_lacks_no_translation_and_no_readers(stocked: Knowledge) -> None:
    stocked.publish(article(BENCH, internal=True), now=PUBLISHED)
    later = PUBLISHED + timedelta(days=91)
    assert [] == [item for item in found(stocked, now=later) if item.id == "bench-fn-204518"]


def test_a_translation_falls_behind_when_the_other_text_changes(stocked: Knowledge) -> None:
    stocked.publish(article(body="Pack it in paper."), now=NOW)
    [item] = found(stocked, "outdated")
    assert ("de", "en", NOW) == (item.locale, item.values["language"], item.values["on"])


def test_drafts_wait_for_a_review_and_stopped_publications_for_somebody(stocked: Knowledge) -> None:
    with stocked.database.transaction() as session:
        save_draft(session, *KEY, {"title": "Send back"}, now=NOW).stage = "submitted"
        save_draft(session, "bench-fn-204518", "en", {"title": "Benches"}, now=NOW)
        stopped = {"reason": "must_be_approved", "values": {}, "at": NOW.isoformat()}
        draft_of(session, "bench-fn-204518", "en").stopped = stopped
    assert [("stopped", "Benches"), ("waiting", "Send back")] == [
        (item.kind, item.title) for item in found(stocked) if item.kind in ("stopped", "waiting")
    ]


def test_what_several_search_in_vain_is_missing_until_somebody_finds_something(stocked: Knowledge) -> None:
    def search(query: str, results: int, minutes: int) -> SearchRecord:
        at = NOW - timedelta(minutes=minutes)
        return SearchRecord(locale="en", query=query, results=results, origin="home", at=at)

    keep(stocked, search("Garden gnomes", 0, 9), search("garden gnomes", 0, 8), search("once", 0, 7))
    [item] = found(stocked, "no_result")
    assert ("garden gnomes", 2, "") == (item.title, item.met, item.id)
    keep(stocked, search("garden GNOMES", 3, 1))
    assert [] == found(stocked, "no_result")


def test_questions_that_are_broken_are_seen_without_anybody_asking(stocked: Knowledge) -> None:
    stocked.publish(article(must_answer=["Where do pelicans live?"]), now=NOW)
    watching = Watching(stocked)
    assert 0 == watching.look()
    [item] = found(stocked, "broken", broken=watching.broken)
    assert ("Where do pelicans live?", "answer") == (item.values["question"], item.values["must"])


def test_the_table_of_translations_says_what_is_where(stocked: Knowledge) -> None:
    stocked.publish(article(body="Pack it in paper."), now=NOW)
    with stocked.database.transaction() as session:
        save_draft(session, "bench-fn-204518", "de", {"title": "Bank"})
        save_draft(session, "new", "de", {"title": "Neu"})
    keep(stocked, read(5, "bench-fn-204518"))
    with stocked.database.reading() as session:
        rows = table(session, NOW)
    assert [
        ("bench-fn-204518", {"en": "live", "de": "draft"}),
        ("new", {"en": "missing", "de": "draft"}),
        ("return-an-item", {"en": "live", "de": "outdated"}),
    ] == [(row.id, row.cells) for row in rows]
    assert [True, True, False] == [rows[0].has("draft", ""), rows[0].has("live", "en"), rows[0].has("live", "de")]


@pytest.mark.parametrize("look", [work, table])
def test_many_articles_are_looked_through_in_as_many_statements_as_few(database: Database, look: Look) -> None:
    _fill(database, 1, 10)
    few = _statements(database, look)
    _fill(database, 11, 300)
    assert few == _statements(database, look)


def _fill(database: Database, first: int, last: int) -> None:
    """Articles in two languages, all of them answered with and read, whose German is to be looked over again."""
    numbers = range(first, last + 1)
    with database.transaction() as session:
        publish_many(session, numbers, PUBLISHED)
        publish_many(session, numbers, PUBLISHED, locale="de", review_on=date(2026, 11, 20))
        days = [NOW.date() - timedelta(days=day) for day in range(3)]
        keys = [{"article_id": f"article-{number}", "day": day} for number in numbers for day in days]
        session.execute(insert(ArticleUse), [{**key, "locale": "en", "answered": 2} for key in keys])
        session.execute(insert(ArticleRead), [{**key, "locale": "de", "reads": 1} for key in keys])


def _statements(database: Database, look: Look) -> int:
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    with database.reading() as session:
        assert look(session, NOW)
    event.remove(database.engine, "before_cursor_execute", hear)
    return len(said)
