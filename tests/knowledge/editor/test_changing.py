"""Many articles changed at once: what can be done is done, live and in drafts, and the rest is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from limits.storage import MemoryStorage
from sqlalchemy import select

from db import Database
from knowledge.article_text import ArticleText
from knowledge.articles import Revision, Translation
from knowledge.drafts import draft_of, find_draft, save_draft, seen_of
from knowledge.editor.changing import Report, add_tag, remove_tag, set_category, set_owner, set_review, shelve, tend
from knowledge.editor.deeds import NoDeed, do, keys_of
from knowledge.editor.house import House
from knowledge.editor.words import WORDS
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from knowledge.life import keeping
from knowledge.life.going_live import Rules
from knowledge.life.refusals import Stopped
from knowledge.publishing import live_of
from staff.audit import AuditEntry
from staff.people import User
from tests.cast import MONDAY
from tests.knowledge.shop import BENCH, article
from tests.staff import edda, mira, susanne

RETURN = ("return-an-item", "en")
BENCH_KEY = ("bench-fn-204518", "en")
NOWHERE = ("nowhere", "en")


def let_all(_knowledge: Knowledge, _texts: Sequence[ArticleText]) -> list[Any]:
    return []


@pytest.fixture
def author(database: Database) -> User:
    return edda(database)


@pytest.fixture
def house(knowledge: Knowledge) -> House:
    knowledge.publish(article(), article(BENCH), now=MONDAY)
    return _house(knowledge, Rules(let_all))


def _house(knowledge: Knowledge, rules: Rules) -> House:
    return House(knowledge, HelpCentre(knowledge, MemoryStorage()), (), "en", rules)


def reasons(report: Report) -> dict[str, str]:
    return {article_id: why.reason for (article_id, _), why in report.refused}


def test_an_owner_and_an_interval_for_many_and_a_report_of_what_is_not_there(house: House, author: User) -> None:
    report = tend(house, author, [RETURN, NOWHERE, BENCH_KEY], set_owner(author.id), MONDAY)
    assert (2, {"nowhere": "no_article"}) == (report.done, reasons(report))
    tend(house, author, [RETURN], set_review(6), MONDAY)
    with house.database.reading() as session:
        returned = session.get(Translation, RETURN)
        assert returned
        assert (author.id, 6) == (returned.owner_id, returned.review_months)
        noted = [entry.subject for entry in session.scalars(select(AuditEntry).filter_by(action="article_owner_set"))]
    assert ["en/bench-fn-204518", "en/return-an-item"] == noted


def test_withdrawing_many_takes_them_from_customers_at_once(house: House, author: User) -> None:
    report = tend(house, author, [RETURN, BENCH_KEY], keeping.withdraw, MONDAY)
    assert 2 == report.done
    assert {} == dict(house.knowledge.snapshot.articles)
    again = tend(house, author, [RETURN], keeping.withdraw, MONDAY)
    assert (0, {"return-an-item": "not_live"}) == (again.done, reasons(again))


def test_a_category_is_live_at_once_as_a_publication_with_author_and_note(house: House, author: User) -> None:
    report = shelve(house, author, [RETURN, BENCH_KEY], set_category("garden"), "Category: garden", MONDAY)
    assert (2, []) == (report.done, report.refused)
    assert {"garden"} == {view.category for view in house.knowledge.snapshot.articles.values()}
    with house.database.reading() as session:
        live = live_of(session, *RETURN)
        assert live
        assert (2, author.id, "Category: garden") == (live.number, live.author_id, live.note)
        assert 2 == session.query(AuditEntry).filter_by(action="article_shelved").count()


def test_a_draft_beside_what_is_live_gets_the_tag_too_and_keeps_what_is_written(house: House, author: User) -> None:
    with house.database.transaction() as session:
        save_draft(session, *RETURN, {"title": "Send it back"}, now=MONDAY)
    shelve(house, author, [RETURN], add_tag("garden"), "Tag added: garden", MONDAY)
    with house.database.reading() as session:
        draft, live = draft_of(session, *RETURN), live_of(session, *RETURN)
        assert live
        assert ("Send it back", ["returns", "parcel", "garden"]) == (draft.title, draft.tags)
        assert ("Return an item", ["returns", "parcel", "garden"]) == (live.title, live.tags)
        assert live.id == seen_of(session, *RETURN).revision_id


def test_a_draft_that_was_never_live_gets_its_category_and_stays_a_draft(house: House, author: User) -> None:
    with house.database.transaction() as session:
        save_draft(session, "swing", "en", {"title": "Hang up the swing"}, now=MONDAY)
    shelve(house, author, [("swing", "en")], set_category("garden"), "", MONDAY)
    with house.database.reading() as session:
        assert "garden" == draft_of(session, "swing", "en").category
        assert live_of(session, "swing", "en") is None


def test_what_says_so_already_is_not_published_again(house: House, author: User) -> None:
    shelve(house, author, [RETURN], add_tag("parcel"), "", MONDAY)
    shelve(house, author, [BENCH_KEY], remove_tag("parcel"), "", MONDAY)
    with house.database.reading() as session:
        assert 2 == session.query(Revision).count()


def test_what_is_under_review_or_cant_be_taken_is_told_and_the_rest_is_done(house: House, author: User) -> None:
    with house.database.transaction() as session:
        save_draft(session, *RETURN, {"title": "Send it back"}, now=MONDAY)
        draft_of(session, *RETURN).stage = "submitted"
    report = shelve(house, author, [RETURN, BENCH_KEY, NOWHERE], add_tag("garden"), "", MONDAY)
    assert (1, {"return-an-item": "under_review", "nowhere": "no_article"}) == (report.done, reasons(report))
    wrong = shelve(house, author, [BENCH_KEY], set_category("No Such Key!"), "", MONDAY)
    assert {"bench-fn-204518": "unfinished"} == reasons(wrong)


def test_where_a_review_is_asked_for_an_editor_cant_change_what_is_live(
    house: House, author: User, database: Database
) -> None:
    strict = _house(house.knowledge, Rules(let_all, must_be_reviewed=True))
    report = shelve(strict, author, [RETURN], set_category("garden"), "", MONDAY)
    assert {"return-an-item": "must_be_approved"} == reasons(report)
    assert "returns" == house.knowledge.snapshot.articles[RETURN].category
    assert 1 == shelve(strict, susanne(database), [RETURN], set_category("garden"), "", MONDAY).done


def test_a_change_that_would_break_a_question_is_stopped_and_changes_nothing(house: House, author: User) -> None:
    strict = _house(house.knowledge, Rules(lambda _knowledge, texts: [text.id for text in texts]))
    with pytest.raises(Stopped):
        shelve(strict, author, [RETURN, BENCH_KEY], add_tag("people-only"), "", MONDAY)
    with house.database.reading() as session:
        assert 2 == session.query(Revision).count()
        assert find_draft(session, *RETURN) is None


def test_an_agent_cant_change_articles(house: House, database: Database) -> None:
    report = tend(house, mira(database), [RETURN], set_owner(""), MONDAY)
    assert {"return-an-item": "no_right"} == reasons(report)


def test_a_form_says_what_is_to_be_done(house: House, author: User) -> None:
    words = WORDS["en"]
    assert [RETURN, ("a/b", "de")] == keys_of(["en/return-an-item", "de/a/b", "nonsense"])
    assert 1 == do(house, author, [RETURN], f"owner:{author.id}", "", words, MONDAY).done
    assert 1 == do(house, author, [RETURN], "tag_add", " in  the garden ", words, MONDAY).done
    assert "in the garden" in house.knowledge.snapshot.articles[RETURN].tags
    for deed, tag in (("", ""), ("tag_add", " "), ("destroy:x", ""), ("category:", "")):
        with pytest.raises(NoDeed):
            do(house, author, [RETURN], deed, tag, words, MONDAY)
