"""An article in three browsers: written, asked, stopped, mended, reviewed, published, answered from, restored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from db import Database
from staff.people import User
from tests.browser.conftest import PATIENCE_MS, ask, photographed, violations
from tests.conftest import demo_copy
from tests.server import Server
from tests.staff import edda, employ_editor, sign_in_browser

LOST = "My gift card is gone, can I get another one?"
SHORT = "Send us the order number and we block the lost gift card and mail you a new one within a day."
BETTER = "We block the lost gift card at once and mail you a new one within an hour."
SEND_BACK = "How do I send my order back?"


@pytest.fixture(scope="module")
def server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = demo_copy(demo_template, tmp_path_factory.mktemp("whole-life"), ARTICLE_REVIEW="required")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def people(server: Server) -> Iterator[tuple[Database, User, User]]:
    database = Database(server.database_url)
    yield database, edda(database), employ_editor(database, "Emil Roth")
    database.close()


Enter = Callable[[User], Page]


@pytest.fixture
def enter(browser: Browser, server: Server, people: tuple[Database, User, User]) -> Iterator[Enter]:
    """Opens the editor for somebody, in a browser of their own."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def sit_down(user: User) -> Page:
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 1000}, locale="en-GB"))
        sign_in_browser(contexts[-1], server.url, people[0], user)
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{server.url}/editor/")
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert [] == complaints


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("Saved ")


def submit(page: Page, note: str) -> None:
    tab(page, "Review")
    page.locator(".life").get_by_label("Note").first.fill(note)
    page.locator(".life").get_by_role("button", name="Submit for review").click()
    expect(page.locator(".life .life-stage")).to_contain_text("Waits for a review")


def approve(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".life-stage")).to_contain_text("Approved")


def publish(page: Page, url: str) -> None:
    page.goto(f"{url}#review")
    page.locator(".life").get_by_role("button", name="Publish now").click()


def is_live(page: Page) -> None:
    expect(page.locator(".life .life-stage")).to_contain_text("Live, without a draft")


def test_from_the_first_word_to_a_publication_restored(
    server: Server, people: tuple[Database, User, User], enter: Enter, page: Page
) -> None:
    _, edda, emil = people
    at_edda, at_emil = enter(edda), enter(emil)

    # What the article about returns must answer is written with it, reviewed and live.
    returns = f"{server.url}/editor/articles/en/return-an-item"
    at_edda.goto(returns)
    tab(at_edda, "Must answer")
    at_edda.locator("#must_answer").fill(SEND_BACK)
    saved(at_edda)
    submit(at_edda, "A question that it must answer")
    approve(at_emil, f"{server.url}/editor/review/en/return-an-item")
    publish(at_edda, returns)
    is_live(at_edda)

    # A new article is written in the browser, and asked before anybody can read it.
    at_edda.goto(f"{server.url}/editor/new")
    at_edda.get_by_label("Title").fill("A lost gift card")
    at_edda.get_by_role("button", name="Begin").click()
    new = f"{server.url}/editor/articles/en/a-lost-gift-card"
    expect(at_edda).to_have_url(new)
    at_edda.locator("#short_answer").fill(SHORT)
    at_edda.locator("#body").fill("## What we need\n\nThe number of the order with which the gift card was bought.")
    at_edda.locator("#category").select_option("payment")
    # Her slip: a sentence that belongs to another article.
    at_edda.locator("#questions").fill(f"{LOST}\n{SEND_BACK}\nCan I send my order back?\nSend my order back")
    saved(at_edda)
    tab(at_edda, "Ask it")
    at_edda.locator("#ask-question").fill("my gift card is gone, can I get a new one?")
    at_edda.locator("#ask-question").press("Enter")
    expect(at_edda.get_by_text("This article answers")).to_be_visible()
    expect(at_edda.locator(".said").first).to_contain_text(SHORT)
    photographed(at_edda, "whole-asked")
    assert [] == violations(at_edda)

    # A second person approves it, but what it would break of another article stops it.
    submit(at_edda, "Customers ask for it every week")
    approve(at_emil, f"{server.url}/editor/review/en/a-lost-gift-card")
    publish(at_edda, new)
    expect(at_edda.get_by_text(SEND_BACK).last).to_be_visible()
    expect(at_edda.get_by_role("link", name="How to return an item").first).to_be_visible()
    photographed(at_edda, "whole-stopped")
    page.goto(f"{server.url}/chat")
    assert SHORT not in ask(page, LOST)

    # She mends it, and it is looked at again, for it is another text now.
    at_edda.goto(new)
    at_edda.locator("#questions").fill(LOST)
    saved(at_edda)
    submit(at_edda, "Customers ask for it every week")
    approve(at_emil, f"{server.url}/editor/review/en/a-lost-gift-card")
    photographed(at_emil, "whole-approved")
    publish(at_edda, new)
    is_live(at_edda)

    # The bot says it at once.
    assert SHORT in ask(page, LOST)
    photographed(page, "whole-answered")

    # It is changed, compared and restored; the bot follows each time.
    at_edda.goto(new)
    at_edda.locator("#short_answer").fill(BETTER)
    saved(at_edda)
    submit(at_edda, "Faster since May")
    approve(at_emil, f"{server.url}/editor/review/en/a-lost-gift-card")
    publish(at_edda, new)
    is_live(at_edda)
    assert BETTER in ask(page, LOST)

    at_edda.goto(f"{server.url}/editor/history/en/a-lost-gift-card")
    at_edda.get_by_role("button", name="Compare").click()
    expect(at_edda.locator("#compared ins").first).to_be_visible()
    photographed(at_edda, "whole-compared")
    assert [] == violations(at_edda)
    at_edda.get_by_role("button", name="Restore Publication 1").click()
    at_edda.goto(new)
    submit(at_edda, "It takes a day after all")
    approve(at_emil, f"{server.url}/editor/review/en/a-lost-gift-card")
    publish(at_edda, new)
    is_live(at_edda)
    assert SHORT in ask(page, LOST)
