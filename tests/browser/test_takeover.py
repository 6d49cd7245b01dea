"""The whole way in three browsers: the bot fails twice, a person takes over, answers in WhatsApp, and gives it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from db import Database
from staff.people import User
from tests.browser.conftest import PATIENCE_MS, ask, violations
from tests.browser.test_all_channels import said_on, sends
from tests.server import Server
from tests.staff import jonas, mira, sign_in_browser


@pytest.fixture(scope="module")
def server(phone_server: Server) -> Server:
    return phone_server


@pytest.fixture(scope="module")
def people(phone_database: Database) -> tuple[Database, User, User]:
    return phone_database, mira(phone_database), jonas(phone_database)


Desk = Callable[[User], Page]


@pytest.fixture
def desk(browser: Browser, server: Server, people: tuple[Database, User, User]) -> Iterator[Desk]:
    """Sits somebody down before the desk, in a browser of their own."""
    contexts: list[BrowserContext] = []

    def sit_down(user: User) -> Page:
        contexts.append(browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB"))
        sign_in_browser(contexts[-1], server.url, people[0], user)
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{server.url}/desk/waiting")
        expect(page.locator(".presence-summary")).to_be_visible()
        return page

    yield sit_down
    for context in contexts:
        context.close()


def test_from_two_failures_to_a_person_by_whatsapp_and_back_to_the_bot(
    server: Server, people: tuple[Database, User, User], desk: Desk, context: BrowserContext, page: Page
) -> None:
    _, mira, jonas = people
    at_mira, at_jonas = desk(mira), desk(jonas)

    # Anna asks, the bot fails twice and offers a person; she is told what happens now.
    page.goto(f"{server.url}/chat")
    assert "other words" in ask(page, "do you repair pianos")
    assert "talk to a person" in ask(page, "my piano is out of tune, order FN-204518")
    page.locator(".message-bot").last.get_by_role("button", name="Talk to a person").click()
    notice = page.locator(".message-bot").nth(2)
    expect(notice).to_contain_text("You are next.")
    expect(notice.get_by_role("button", name="Back to the assistant")).to_be_visible()

    # Both desks show her by themselves. Mira opens her and finds the brief.
    for at in (at_mira, at_jonas):
        expect(at.locator(".lane-item")).to_have_count(1)
    at_mira.locator(".lane-item a").first.click()
    brief = at_mira.locator('[data-piece="brief"]')
    for fact in ("do you repair pianos", "The bot found no answer twice", "FN-204518"):
        expect(brief).to_contain_text(fact)
    at_mira.get_by_role("button", name="Take it").click()
    expect(at_mira.locator(".talk-owner")).to_have_text("you have it")
    expect(at_jonas.locator(".lane-item")).to_have_count(0)
    expect(page.get_by_text(f"You are talking with {mira.name}")).to_be_visible()

    # She goes on in WhatsApp, and Mira answers there.
    page.get_by_role("button", name="Continue on your phone").click()
    link = page.get_by_role("link", name="Open WhatsApp").get_attribute("href")
    phone = context.new_page()
    phone.goto(str(link))
    phone.locator("textarea:visible").press("Enter")
    said_on(phone, 1)
    sends(phone, "I am on the road now")
    expect(at_mira.locator(".entry-customer .said").last).to_have_text("I am on the road now")
    at_mira.locator(".write").fill("Hello Anna, we repair **coffee machines** only.")
    at_mira.keyboard.press("Control+Enter")
    assert "we repair coffee machines only" in said_on(phone, 2).replace("*", "")
    expect(at_mira.locator(".entry-agent").last).to_contain_text("WhatsApp")
    sends(phone, "what a pity, thank you")
    expect(at_mira.locator(".entry-customer .said").last).to_have_text("what a pity, thank you")
    assert [] == violations(at_mira)

    # The bot said nothing meanwhile: the fourth is WhatsApp's own word that the phone is connected.
    expect(at_mira.locator(".entry-bot")).to_have_count(4)
    # Mira closes it; the next matter is the bot's, who knows what was said.
    at_mira.get_by_role("button", name="Close", exact=True).click()
    at_mira.get_by_role("option", name="Solved").click()
    expect(at_mira.locator(".talk-owner")).to_contain_text("closed")
    assert "How easy was it to get help today?" in said_on(phone, 3)
    sends(phone, "do you deliver to Austria?")
    assert "We deliver to Austria" in said_on(phone, 4)
    sends(phone, "and how long does it take?")
    assert "Austria: 3–5 working days" in said_on(phone, 5)
