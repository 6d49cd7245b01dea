"""Drafts go live through the real gate: stopped by a question of another article, mended, or let pass with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from knowledge.article_text import ArticleText
from knowledge.articles import Revision
from knowledge.checking import gate, waive
from knowledge.drafts import draft_of, fields_of, save_draft
from knowledge.library import Knowledge
from knowledge.life.going_live import Rules, publish_draft
from knowledge.life.refusals import Stopped
from knowledge.life.scheduling import publish_at, publish_due
from staff.people import User
from tests.cast import MONDAY
from tests.knowledge.checking.texts import HOW_LONG, live, thief

NOON = MONDAY + timedelta(hours=3)
RULES = Rules(gate)


@pytest.fixture
def writer(demo: Knowledge, edda: str) -> User:
    """Edda, once the article of the return window must answer how long that is."""
    demo.publish(live(demo, "return-window", must_answer=(HOW_LONG,)))
    with demo.database.reading() as session:
        found: User = session.get(User, edda)
    return found


def write(demo: Knowledge, text: ArticleText) -> None:
    with demo.database.transaction() as session:
        save_draft(session, text.id, text.locale, fields_of(text), now=MONDAY)


def publish(demo: Knowledge, user: User, **given: Any) -> Revision:
    return publish_draft(demo, "christmas-returns", "en", user, MONDAY, RULES, **given)


def test_what_takes_a_question_from_another_article_is_stopped_until_it_is_mended(
    demo: Knowledge, writer: User
) -> None:
    write(demo, thief())
    with pytest.raises(Stopped) as stopped:
        publish(demo, writer)
    assert [("return-window", HOW_LONG)] == [(one.article_id, one.question) for one in stopped.value.broken]
    assert ("christmas-returns", "en") not in demo.refresh().articles

    mended = {"title": "Christmas purchases", "questions": ["Can I return a Christmas present in January?"]}
    write(demo, thief(**mended))
    publish(demo, writer)
    assert ("christmas-returns", "en") in demo.snapshot.articles


def test_what_is_waived_with_a_reason_passes(demo: Knowledge, writer: User) -> None:
    write(demo, thief())
    with pytest.raises(Stopped) as stopped:
        publish(demo, writer)
    with demo.database.transaction() as session:
        waive(session, stopped.value.broken[0].expectation, "Until January", writer.id, MONDAY)
    assert 1 == publish(demo, writer).number


def test_at_its_time_it_is_stopped_and_stays_a_draft_that_says_so(demo: Knowledge, writer: User) -> None:
    write(demo, thief())
    with demo.database.transaction() as session:
        publish_at(session, "christmas-returns", "en", writer, MONDAY, NOON)
    assert 1 == publish_due(demo, NOON, RULES)
    assert 0 == publish_due(demo, NOON, RULES)
    with demo.database.reading() as session:
        draft = draft_of(session, "christmas-returns", "en")
    assert ("broken", {"count": 1}) == ((draft.stopped or {}).get("reason"), (draft.stopped or {}).get("values"))
    assert ("christmas-returns", "en") not in demo.refresh().articles
