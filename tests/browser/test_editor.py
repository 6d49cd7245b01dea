"""Editors write in browsers of their own: saved at every pause, kept without a connection, two at once, by the keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from db import Database
from knowledge.drafts import draft_of
from knowledge.embedding import Embedder
from knowledge.library import Knowledge
from tests.browser.conftest import violations, violations_by_day_and_night
from tests.browser.editing import Enter, House, desks, open_house
from tests.knowledge.shop import BENCH, RETURNS_DE, article
from tests.ports import free_port
from tests.serving import serving
from tests.staff import edda, susanne

HERE = "articles/en/return-an-item"
KEY = ("return-an-item", "en")


@pytest.fixture
def house(sqlite_database: Database, embedder: Embedder) -> Iterator[House]:
    port = free_port()
    knowledge = Knowledge(sqlite_database, embedder)
    knowledge.publish(article())
    people = {"edda": edda(sqlite_database), "susanne": susanne(sqlite_database)}
    app = open_house(knowledge, port)
    with serving(app, port):
        yield House(f"http://127.0.0.1:{port}", app, sqlite_database, knowledge, **people)


@pytest.fixture
def enter(browser: Browser, house: House) -> Iterator[Enter]:
    yield from desks(browser, house, HERE)


def saved(page: Page) -> None:
    """All that was typed stands on the server, and the page says so."""
    expect(page.locator("#article")).to_have_attribute("data-saved", "true")
    expect(page.locator("#save-state")).to_contain_text("Saved ")


def stored(house: House, name: str) -> Any:
    with house.database.reading() as session:
        return draft_of(session, *KEY).fields[name]


def test_what_is_typed_is_saved_at_a_pause_and_said_in_words(house: House, enter: Enter) -> None:
    page = enter()
    page.get_by_label("Title").fill("Send an item back")
    saved(page)
    assert "Send an item back" == stored(house, "title")
    expect(page.get_by_role("heading", level=1)).to_have_text("Send an item back")
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Send an item back")
    expect(page.locator(".state")).to_have_text("Live, with a draft")


def test_what_keeps_a_text_from_being_published_is_said_while_it_is_written(enter: Enter) -> None:
    page = enter()
    page.get_by_label("Short answer").fill("")
    expect(page.locator("#problem")).to_have_text("Before it can be published: The short answer is missing.")
    page.get_by_label("Short answer").fill("x" * 321)
    expect(page.locator(".count")).to_have_text("321 of 320 characters")
    expect(page.locator("#problem")).to_contain_text("at most 320 are allowed")


def test_the_toolbar_writes_markdown_that_can_be_undone(house: House, enter: Enter) -> None:
    page = enter()
    body = page.get_by_label("Text", exact=True)
    body.fill("Pack it well.")
    body.select_text()
    page.get_by_role("button", name="Bold").click()
    expect(body).to_have_value("**Pack it well.**")
    page.get_by_role("button", name="Undo").click()
    expect(body).to_have_value("Pack it well.")
    body.press("Control+End")
    page.get_by_role("button", name="Callout").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(body).to_have_value("Pack it well.\n\n> [!TIP]\n> What matters here\n\n")
    page.get_by_role("button", name="Table").click()
    expect(body).to_have_value(
        "Pack it well.\n\n> [!TIP]\n> What matters here\n\n| Column | Column |\n| --- | --- |\n|  |  |\n\n"
    )
    body.fill("One\nTwo")
    body.select_text()
    page.get_by_role("button", name="Numbered list").click()
    expect(body).to_have_value("1. One\n2. Two")
    body.press("Control+s")
    saved(page)
    assert "1. One\n2. Two" == stored(house, "body")


def test_the_keys(house: House, enter: Enter) -> None:
    page = enter()
    body = page.get_by_label("Text", exact=True)
    body.fill("Well")
    body.select_text()
    page.keyboard.press("Control+i")
    expect(body).to_have_value("_Well_")
    page.keyboard.press("Control+s")
    saved(page)
    assert "_Well_" == stored(house, "body")
    page.keyboard.type("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("#save").focus()
    page.keyboard.type("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Save now")
    page.keyboard.press("Escape")
    page.locator("markdown-toolbar").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()


def test_without_a_connection_what_is_written_is_kept_and_sent_later(house: House, enter: Enter) -> None:
    page = enter()
    page.context.set_offline(True)
    page.get_by_label("Title").fill("Written on a train")
    expect(page.locator("#save-state")).to_contain_text("Not connected.")
    page.context.set_offline(False)
    saved(page)
    assert "Written on a train" == stored(house, "title")


def test_what_was_not_sent_when_the_page_was_left_is_there_again(house: House, enter: Enter) -> None:
    page = enter()
    # What a page sends when it is left can't be held back from outside.
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')); }")
    page.get_by_label("Title").fill("Written on a train")
    expect(page.locator("#save-state")).to_contain_text("Not connected.")
    page.goto(f"{house.url}/editor/{HERE}")
    expect(page.locator("#told")).to_contain_text("was put in again")
    expect(page.get_by_label("Title")).to_have_value("Written on a train")
    saved(page)
    assert "Written on a train" == stored(house, "title")


def test_who_writes_at_other_fields_at_once_hinders_nobody(house: House, enter: Enter) -> None:
    hers, theirs = enter(), enter(who="susanne")
    hers.get_by_label("Title").fill("Send an item back")
    saved(hers)
    theirs.get_by_label("Short answer").fill("Within 40 days.")
    expect(theirs.locator("#told")).to_have_text("Edda Storm has changed this meanwhile: Title. It was taken in here.")
    expect(theirs.get_by_label("Title")).to_have_value("Send an item back")
    saved(theirs)
    assert ("Send an item back", "Within 40 days.") == (stored(house, "title"), stored(house, "short_answer"))


def test_two_who_write_the_same_field_see_both_and_lose_nothing(house: House, enter: Enter) -> None:
    hers, theirs = enter(), enter(who="susanne")
    hers.get_by_label("Title").fill("Send an item back")
    hers.get_by_label("Text", exact=True).fill("Pack it very well.")
    saved(hers)
    theirs.get_by_label("Title").fill("Return something")
    theirs.get_by_label("Text", exact=True).fill("Pack it quite well.")
    expect(theirs.locator("#conflict")).to_contain_text("Edda Storm has changed the same as you meanwhile: Title")

    theirs.reload()
    expect(theirs.locator("#conflict")).to_contain_text("Title, Text")
    expect(theirs.get_by_label("Title")).to_have_value("Return something")
    assert "Send an item back" == stored(house, "title")

    theirs.get_by_role("button", name="Compare and decide").click()
    title, text = theirs.get_by_role("region", name="Title"), theirs.get_by_role("region", name="Text")
    expect(text.locator("del")).to_have_text("very")
    expect(text.locator("ins")).to_have_text("quite")
    assert [] == violations(theirs)
    title.get_by_label("As Edda Storm saved it").check()
    text.get_by_role("textbox").fill("Pack it very, very well.")
    expect(text.get_by_label("Put together by hand").first).to_be_checked()
    theirs.get_by_role("button", name="Save this").click()
    expect(theirs.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(theirs.locator("#conflict")).to_be_hidden()
    assert ("Send an item back", "Pack it very, very well.") == (stored(house, "title"), stored(house, "body"))


def test_who_else_has_the_article_open_is_seen(enter: Enter) -> None:
    enter()
    theirs = enter(who="susanne")
    expect(theirs.locator("#others")).to_have_text("Edda Storm has this article open, too.")


def test_without_scripts_the_form_saves_and_shows_both_versions(house: House, enter: Enter) -> None:
    page = enter(java_script_enabled=False)
    other = enter(who="susanne", java_script_enabled=False)
    page.get_by_label("Title").fill("Send an item back")
    page.get_by_label("Tags").fill("returns\nparcels")
    page.locator("#save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    assert ("Send an item back", ["returns", "parcels"]) == (stored(house, "title"), stored(house, "tags"))

    other.get_by_label("Title").fill("Return something")
    other.locator("#save").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Two have written at once")
    other.get_by_role("region", name="Title").get_by_label("As you wrote it").check()
    other.get_by_role("button", name="Save this").click()
    expect(other.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    assert "Return something" == stored(house, "title")


def test_a_new_article_gets_its_address_from_its_title_and_is_translated_beside_it(house: House, enter: Enter) -> None:
    page = enter("new")
    page.get_by_label("Title").fill("Größe & Maße: welche Bank?")
    page.get_by_label("German").check()
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(f"{house.url}/editor/articles/de/groesse-masse-welche-bank")
    expect(page.locator(".state")).to_have_text("Draft")
    page.get_by_label("Text", exact=True).fill("Zwei Personen passen auf 120 cm.")
    saved(page)
    page.get_by_role("button", name="Write it in English").click()
    expect(page).to_have_url(f"{house.url}/editor/articles/en/groesse-masse-welche-bank#reference")
    expect(page.get_by_role("tabpanel", name="Other language")).to_contain_text("Zwei Personen passen auf 120 cm.")


def test_the_list_is_searched_and_many_are_given_an_owner_at_once(house: House, enter: Enter) -> None:
    house.knowledge.publish(article(RETURNS_DE), article(BENCH))
    page = enter("")
    page.get_by_role("searchbox").fill("send something back")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("Return an item")
    page.goto(f"{house.url}/editor/?locale=en")
    page.get_by_label("Select all on this page").check()
    expect(page.locator("#selected")).to_have_text("2 selected")
    page.get_by_label("With the selected ones").select_option(label="Susanne Kalb")
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("status").filter(has_text="2 changed.")).to_be_visible()
    expect(page.get_by_role("cell", name="Susanne Kalb")).to_have_count(2)
    page.get_by_label("Select Return an item").check()
    page.get_by_label("With the selected ones").select_option(label="Withdraw")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Do it").click()
    expect(page.locator(".state-withdrawn")).to_have_text("Withdrawn")


def test_without_scripts_many_get_a_tag_at_once(house: House, enter: Enter) -> None:
    page = enter("", java_script_enabled=False)
    page.get_by_label("Select Return an item").check()
    page.get_by_label("With the selected ones").select_option(label="Add the tag …")
    page.get_by_label("Tag to add or remove").fill("garden")
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("status").filter(has_text="1 changed.")).to_be_visible()
    assert "garden" in house.knowledge.snapshot.articles[KEY].tags


@pytest.mark.parametrize("width", [1440, 390])
def test_everybody_can_read_and_use_the_pages(house: House, enter: Enter, width: int) -> None:
    house.knowledge.publish(article(RETURNS_DE))
    page = enter("", width=width)
    for path in ("", "new", "questions", HERE):
        page.goto(f"{house.url}/editor/{path}")
        assert [] == violations_by_day_and_night(page), path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("has_scripts", [True, False])
def test_on_a_phone_what_is_beside_the_text_is_one_step_away(enter: Enter, has_scripts: bool) -> None:
    page = enter(HERE, width=390, java_script_enabled=has_scripts)
    jump = page.get_by_role("navigation", name="On this page").get_by_role("link", name="Review", exact=True)
    jump.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#review")).to_be_in_viewport()
    expect(jump).to_be_in_viewport()
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Text").click()
    expect(page.get_by_label("Title")).to_be_in_viewport()
