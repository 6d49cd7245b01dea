"""An editor asks what would be said before it is: follow-ups, questions that break, and their waiver."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from db import Database
from knowledge.embedding import load_embedder
from knowledge.library import Knowledge
from tests.browser.conftest import PATIENCE_MS, violations
from tests.browser.editing import House, open_house
from tests.conftest import MODELS
from tests.knowledge.shop import BENCH, RETURNS, article
from tests.ports import free_port
from tests.serving import serving
from tests.staff import edda, sign_in_browser, susanne

HOW = "How do I send something back?"


@pytest.fixture
def house(sqlite_database: Database) -> Iterator[House]:
    port = free_port()
    knowledge = Knowledge(sqlite_database, load_embedder("multilingual-e5-small+all-MiniLM-L6-v2", MODELS))
    knowledge.publish(article(RETURNS, must_answer=[HOW]), article(BENCH))
    people = {"edda": edda(sqlite_database), "susanne": susanne(sqlite_database)}
    app = open_house(knowledge, port)
    with serving(app, port):
        yield House(f"http://127.0.0.1:{port}", app, sqlite_database, knowledge, **people)


@pytest.fixture
def page(house: House, browser: Browser) -> Iterator[Page]:
    """Edda's, with the article of the bench open."""
    context: BrowserContext = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    sign_in_browser(context, house.url, house.database, house.edda)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{house.url}/editor/articles/en/{BENCH['id']}")
    yield page
    context.close()
    assert [] == complaints


def test_what_is_typed_is_asked_before_it_is_saved_and_the_next_question_goes_on_from_it(page: Page) -> None:
    page.get_by_label("Short answer").fill("You need three people and a crane.")
    page.get_by_role("tab", name="Ask it").click()
    question = page.get_by_label("Question", exact=True)
    question.fill("How do I assemble the bench FN-204518?")
    question.press("Enter")
    expect(page.get_by_text("This article answers")).to_be_visible()
    expect(page.locator(".said").first).to_contain_text("You need three people and a crane.")
    expect(page.get_by_text("Goes on from: How do I assemble the bench")).to_be_visible()
    assert [] == violations(page)

    page.get_by_role("button", name="Begin anew").click()
    expect(page.locator(".answered")).to_have_count(0)
    question.press("Enter")
    expect(page.get_by_text("Please write a question.")).to_be_visible()


def test_a_question_of_another_article_that_the_text_breaks_is_shown_and_waived(house: House, page: Page) -> None:
    page.get_by_label("Title").fill(HOW)
    page.get_by_label("Example questions").fill(f"{HOW}\nHow can I send something back?")
    page.get_by_role("tab", name="Must answer").click()
    expect(page.get_by_text("One question is broken and stops the publication.")).to_be_visible()
    expect(page.locator(".question")).to_contain_text("Return an item")
    assert [] == violations(page)

    page.get_by_text("Waive it").click()
    page.get_by_label("Why it may stay broken").fill("Benches come first this week.")
    page.get_by_role("button", name="Waive", exact=True).click()
    expect(page.get_by_text("The question is waived until it holds again.")).to_be_visible()
    expect(page.get_by_text("Benches come first this week. (Edda Storm")).to_be_visible()
    expect(page.get_by_text("Nothing stops the publication.")).to_be_visible()

    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("One question is broken and stops the publication.")).to_be_visible()


def test_questions_that_are_written_are_asked_and_kept(house: House, page: Page) -> None:
    page.get_by_role("tab", name="Must answer").click()
    page.get_by_role("textbox", name="Must answer", exact=True).fill("What does E05 on the lamp mean?")
    expect(page.locator("#save-state")).to_contain_text("Saved ")
    expect(page.get_by_text("The text has changed since. Ask again.")).to_be_visible()
    page.get_by_role("button", name="Ask all questions now").click()
    expect(page.locator(".question")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("textbox", name="Must answer", exact=True)).to_have_value("What does E05 on the lamp mean?")
