"""Categories, the work list and the table of translations in a browser: by the keys, on a phone, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from db import Database, utc_now
from knowledge.categories import Category, CategoryText, store_categories, stored_categories
from knowledge.embedding import Embedder
from knowledge.help.feedback import Feedback
from knowledge.help.reading import ArticleRead
from knowledge.help.searches import SearchRecord
from knowledge.library import Knowledge
from knowledge.publishing import live_of
from tests.browser.conftest import violations_by_day_and_night
from tests.browser.editing import Enter, House, desks, open_house
from tests.knowledge.shop import BENCH, RETURNS_DE, article
from tests.ports import free_port
from tests.serving import serving
from tests.staff import edda, susanne

CATEGORIES = [
    Category("returns", "undo-2", {"en": CategoryText("Returns"), "de": CategoryText("Rückgabe")}),
    Category("products", "box", {"en": CategoryText("Products"), "de": CategoryText("Produkte")}),
    Category("gifts", "gift", {"en": CategoryText("Gifts")}),
]


GOODWILL = {"id": "goodwill", "title": "Goodwill for late returns", "internal": True}


@pytest.fixture
def house(sqlite_database: Database, embedder: Embedder) -> Iterator[House]:
    port = free_port()
    knowledge = Knowledge(sqlite_database, embedder)
    with sqlite_database.transaction() as session:
        store_categories(session, CATEGORIES)
    knowledge.publish(article(), article(RETURNS_DE), article(BENCH), article(**GOODWILL))
    with sqlite_database.transaction() as session:
        session.add_all(_of_customers(session))
    people = {"edda": edda(sqlite_database), "susanne": susanne(sqlite_database)}
    app = open_house(knowledge, port)
    with serving(app, port):
        yield House(f"http://127.0.0.1:{port}", app, sqlite_database, knowledge, **people)


def _of_customers(session: Session) -> Iterator[Any]:
    """Six readers whom an article did not help, and two who searched in vain."""
    live, about = live_of(session, "return-an-item", "en"), {"article_id": "return-an-item", "locale": "en"}
    assert live is not None
    for number in range(6):
        said = {"helped": False, "reason": "wrong", "comment": "The label is not there.", "at": utc_now()}
        yield Feedback(id=f"{number:036d}", revision_id=live.id, **about, **said)
    yield ArticleRead(day=utc_now().date(), reads=41, **about)
    for query in ("garden gnomes", "Garden gnomes"):
        yield SearchRecord(locale="en", query=query, results=0, origin="home")


@pytest.fixture
def enter(browser: Browser, house: House) -> Iterator[Enter]:
    yield from desks(browser, house)


def keys(house: House) -> list[str]:
    with house.database.reading() as session:
        return [one.key for one in stored_categories(session)]


def test_a_category_is_given_another_icon_and_address_and_customers_find_it_where_it_was(
    house: House, enter: Enter
) -> None:
    page = enter("categories")
    page.get_by_role("link", name="Returns").click()
    page.get_by_role("radio", name="truck").check()
    page.get_by_label("Name in English").fill("Sending back")
    page.get_by_label("Address").fill("sending-back")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.get_by_text("Also reached by: returns")).to_be_visible()
    page.goto(f"{house.url}/help/en/categories/returns")
    expect(page).to_have_url(f"{house.url}/help/en/categories/sending-back")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sending back")


def test_categories_are_put_in_order_by_the_keys_alone_and_without_scripts(house: House, enter: Enter) -> None:
    page = enter("categories", java_script_enabled=False)
    page.get_by_role("button", name="Move Gifts up").press("Enter")
    expect(page.get_by_role("listitem").nth(1)).to_contain_text("Gifts")
    page.get_by_role("button", name="Move Gifts up").press("Enter")
    expect(page.get_by_role("button", name="Move Gifts up")).to_be_disabled()
    assert ["gifts", "returns", "products"] == keys(house)


def test_categories_are_dragged_into_another_order(house: House, enter: Enter) -> None:
    page = enter("categories")
    with page.expect_navigation():
        page.locator("#category-gifts .category-icon").drag_to(
            page.locator("#category-returns"), target_position={"x": 80, "y": 4}
        )
    expect(page.get_by_role("listitem").first).to_contain_text("Gifts")
    assert ["gifts", "returns", "products"] == keys(house)


def test_what_needs_somebody_is_seen_narrowed_and_begun(house: House, enter: Enter) -> None:
    page = enter("work")
    expect(page.get_by_role("listitem").filter(has_text="It is there in English, not in German.")).to_be_visible()
    expect(page.get_by_text("“garden gnomes”")).to_be_visible()
    page.get_by_role("link", name="Unhelpful 1").click()
    expect(page.get_by_text("It helped 0 of 6 who said so.")).to_be_visible()
    expect(page.get_by_text("6 × wrong or out of date")).to_be_visible()
    page.get_by_text("What readers wrote").click()
    expect(page.get_by_text("The label is not there.").first).to_be_visible()
    page.get_by_label("Whose").select_option("Mine")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("There is nothing to do here.")).to_be_visible()
    page.goto(f"{house.url}/editor/translations?kind=missing")
    page.get_by_role("button", name="Write it: Assemble the bench FN-204518 (German)").click()
    expect(page).to_have_url(re.compile(r"/editor/articles/de/bench-fn-204518"))


@pytest.mark.parametrize("width", [1440, 390])
def test_everybody_can_read_and_use_the_pages(house: House, enter: Enter, width: int) -> None:
    page = enter(width=width)
    for path in (
        "categories",
        "categories/returns",
        "categories/gifts",
        "new-category",
        "work",
        "translations",
        "../desk/articles/en/goodwill",
    ):
        page.goto(f"{house.url}/editor/{path}")
        assert [] == violations_by_day_and_night(page), path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
