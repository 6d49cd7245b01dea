"""The list of articles: how each stands and does, filtered, sorted, searched, a page at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from limits.storage import MemoryStorage

from db import Database
from knowledge.articles import Translation
from knowledge.drafts import draft_of, save_draft
from knowledge.editor.filters import Filter, filter_from
from knowledge.editor.finding import find_articles
from knowledge.editor.house import House
from knowledge.editor.listing import PAGE, Page, list_articles
from knowledge.editor.states import Standing
from knowledge.help import feedback
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from knowledge.life.going_live import Rules
from knowledge.publishing import By
from knowledge.usage import Use, count_uses
from staff.people import User
from tests.cast import MONDAY
from tests.knowledge.shop import BENCH, RETURNS_DE, article
from tests.staff import edda

RETURN = ("return-an-item", "en")
BENCH_KEY = ("bench-fn-204518", "en")


@pytest.fixture
def author(database: Database) -> User:
    return edda(database)


@pytest.fixture
def shop(knowledge: Knowledge, author: User) -> Knowledge:
    """Two live articles, one of them in two languages, a new draft and an article for staff."""
    knowledge.publish(article(), article(RETURNS_DE), article(BENCH), by=By(author.id), now=MONDAY)
    knowledge.publish(
        article(BENCH, id="lift-a-bench", title="Lift a bench", internal=True, tags=["back, and knees"]), now=MONDAY
    )
    with knowledge.database.transaction() as session:
        later = MONDAY + timedelta(hours=1)
        save_draft(session, "swing", "en", {"title": "Hang up the Swing", "category": "products"}, now=later)
    return knowledge


def listed(knowledge: Knowledge, asked: Filter | None = None, now: Any = MONDAY) -> Page:
    with knowledge.database.reading() as session:
        return list_articles(session, asked or Filter(), now)


def ids(page: Page) -> list[str]:
    return [f"{row.locale} {row.id}" for row in page.rows]


def test_each_language_of_an_article_is_a_row_and_what_changed_last_comes_first(shop: Knowledge) -> None:
    page = listed(shop)
    assert "en swing" == ids(page)[0]
    assert {"en swing", "en return-an-item", "de return-an-item", "en bench-fn-204518", "en lift-a-bench"} == set(
        ids(page)
    )
    assert (5, 1) == (page.count, page.pages)
    [returned] = [row for row in page.rows if (row.id, row.locale) == RETURN]
    assert ("Return an item", "Edda Storm", MONDAY) == (returned.title, returned.changed_by, returned.changed_at)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"state": "draft"}, {"en swing"}),
        ({"state": "live", "locale": "de"}, {"de return-an-item"}),
        ({"category": "products"}, {"en swing", "en bench-fn-204518", "en lift-a-bench"}),
        ({"tag": "parcel"}, {"en return-an-item"}),
        ({"tag": "back, and knees"}, {"en lift-a-bench"}),
        ({"tag": "par%"}, set()),
        ({"internal": "yes"}, {"en lift-a-bench"}),
        ({"internal": "no", "category": "products"}, {"en swing", "en bench-fn-204518"}),
        ({"owner": "nobody", "locale": "de"}, {"de return-an-item"}),
        ({"translation": "missing", "internal": "no"}, {"en bench-fn-204518"}),
        ({"state": "nonsense", "locale": "de"}, {"de return-an-item"}),
        ({"state": "archived"}, set()),
    ],
)
def test_filters(shop: Knowledge, asked: dict[str, str], expected: set[str]) -> None:
    assert expected == set(ids(listed(shop, filter_from(asked))))


def test_how_an_article_stands(shop: Knowledge) -> None:
    with shop.database.transaction() as session:
        save_draft(session, *BENCH_KEY, {"title": "Assemble the bench"}, now=MONDAY)
        save_draft(session, *RETURN, {"title": "Send it back"}, now=MONDAY)
        draft_of(session, *RETURN).stage = "submitted"
    shop.withdraw("return-an-item", "de")
    standing = {f"{row.locale} {row.id}": row.standing.names for row in listed(shop).rows}
    assert {
        "en swing": ("draft",),
        "en bench-fn-204518": ("live_draft",),
        "en return-an-item": ("live", "submitted"),
        "de return-an-item": ("withdrawn",),
        "en lift-a-bench": ("live",),
    } == standing
    for state in ("draft", "live_draft", "submitted", "withdrawn"):
        [only] = listed(shop, Filter(state=state)).rows
        assert state in only.standing.names


def test_what_is_archived_is_out_of_the_way(shop: Knowledge) -> None:
    shop.withdraw(*BENCH_KEY)
    with shop.database.transaction() as session:
        archived = session.get(Translation, BENCH_KEY)
        assert archived
        archived.archived_at = MONDAY
    assert "en bench-fn-204518" not in ids(listed(shop))
    [row] = listed(shop, Filter(state="archived")).rows
    assert ("archived",) == row.standing.names


def test_a_standing_says_what_customers_see_and_how_far_the_draft_is() -> None:
    assert ("live", "scheduled") == Standing(True, True, False, "approved", MONDAY).names
    assert ("approved",) == Standing(stage="approved").names
    assert ("withdrawn", "submitted") == Standing(was_published=True, stage="submitted").names


def test_how_often_it_was_said_and_whether_it_helped_counts_the_bot_and_the_page(shop: Knowledge) -> None:
    with shop.database.transaction() as session:
        old = MONDAY - timedelta(days=31)
        said = [Use(*RETURN, "answered")] * 3 + [Use(*RETURN, "helped"), Use(*RETURN, "not_helped")]
        count_uses(session, said, MONDAY)
        count_uses(session, [Use(*RETURN, "answered"), Use(*BENCH_KEY, "not_helped")], old)
        for helped in (True, True, False):
            live = shop.snapshot.articles[BENCH_KEY].revision_id
            feedback.give(session, *BENCH_KEY, live, helped, MONDAY)
    rows = {row.id: row for row in listed(shop, Filter(locale="en")).rows}
    assert (3, 50, 2) == (
        rows["return-an-item"].answered,
        rows["return-an-item"].helpful,
        rows["return-an-item"].judged,
    )
    assert (0, 67, 3) == (rows[BENCH_KEY[0]].answered, rows[BENCH_KEY[0]].helpful, rows[BENCH_KEY[0]].judged)
    assert rows["swing"].helpful is None
    assert "en return-an-item" == ids(listed(shop, Filter(sort="answered")))[0]
    assert ["en return-an-item", "en bench-fn-204518"] == ids(listed(shop, Filter(sort="helpful")))[:2]


def test_titles_sort_as_people_read_them(shop: Knowledge) -> None:
    titles = [row.title for row in listed(shop, Filter(sort="title", locale="en")).rows]
    assert ["Assemble the bench FN-204518", "Hang up the Swing", "Lift a bench", "Return an item"] == titles


def test_what_fell_behind_its_other_language_is_marked(shop: Knowledge) -> None:
    shop.publish(article(short_answer="You can send an item back within 40 days."), now=MONDAY + timedelta(days=1))
    rows = {f"{row.locale} {row.id}": row.lacks for row in listed(shop).rows}
    assert "outdated" == rows["de return-an-item"]
    assert "missing" == rows["en bench-fn-204518"]
    assert ["de return-an-item"] == ids(listed(shop, Filter(translation="outdated")))


def test_pages(knowledge: Knowledge) -> None:
    with knowledge.database.transaction() as session:
        for number in range(PAGE + 2):
            save_draft(session, f"a{number:03}", "en", {"title": f"A {number:03}"}, now=MONDAY)
    second = listed(knowledge, Filter(sort="title", page=2))
    assert (["en a050", "en a051"], 2, 52) == (ids(second), second.pages, second.count)
    assert 2 == listed(knowledge, Filter(page=99)).number


def test_the_address_says_what_is_shown_and_nonsense_in_it_shows_a_list() -> None:
    asked = filter_from({"state": "live", "q": "  two   words ", "sort": "title", "page": "3", "locale": "fr"})
    assert Filter(q="two words", state="live", sort="title", page=3) == asked
    assert {"q": "two words", "state": "live", "sort": "title", "page": "3"} == asked.at(3)
    for page in ("", "-1", "x", "٣", "99999999999"):
        assert 1 == filter_from({"page": page}).page


def found(knowledge: Knowledge, typed: str, locale: str = "en") -> list[str]:
    house = House(knowledge, HelpCentre(knowledge, MemoryStorage()), (), "en", Rules(lambda _one, _two: []))
    with knowledge.database.reading() as session:
        keys = find_articles(session, house, typed, locale)
        return [f"{row.locale} {row.id}" for row in list_articles(session, Filter(), MONDAY, keys).rows]


def test_searching_is_what_customers_search_with_and_finds_drafts_and_what_staff_alone_see(shop: Knowledge) -> None:
    assert "en return-an-item" == found(shop, "how do I send something back?")[0]
    assert "de return-an-item" == found(shop, "Artikel zurückschicken", "de")[0]
    assert ["en lift-a-bench"] == found(shop, "lift a bench")[:1]
    assert "en swing" == found(shop, "up the swing")[0]
    assert ["en bench-fn-204518"] == found(shop, "fn-204518")[:1]
    assert [] == found(shop, "%")


def test_days_count_back_thirty(shop: Knowledge) -> None:
    with shop.database.transaction() as session:
        count_uses(session, [Use(*RETURN, "answered")], MONDAY - timedelta(days=29))
    assert MONDAY.date() - timedelta(days=29) == date(2026, 10, 18)
    [row] = [row for row in listed(shop).rows if (row.id, row.locale) == RETURN]
    assert 1 == row.answered
