"""An article's life in a browser: written by one, reviewed by another, published, compared, restored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from app.editing import open_editor
from app.processes import counters
from app.settings import Settings
from app.wiring import add_help_centre, wire_web
from db import Database
from knowledge.drafts import fields_of, save_draft
from knowledge.embedding import Embedder
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from staff.people import User
from tests.browser.conftest import PATIENCE_MS, photographed, violations_by_day_and_night
from tests.cast import MONDAY, echo
from tests.knowledge.shop import article
from tests.ports import free_port
from tests.serving import serving
from tests.staff import edda, employ_editor, sign_in_browser

BODY = "Pack it well.\n\n" + "\n".join(f"Step {number}: as before." for number in range(1, 16)) + "\n\nPrint the label."
REVIEW, HISTORY, EDIT = (f"/editor/{page}/en/return-an-item" for page in ("review", "history", "articles"))


@dataclass
class Office:
    """A server where somebody else has to approve, and two who write."""

    url: str
    knowledge: Knowledge
    edda: User
    emil: User


@pytest.fixture
def office(sqlite_database: Database, embedder: Embedder) -> Iterator[Office]:
    port = free_port()
    settings = Settings(company="Fennimor", port=port, article_review="required")
    served = wire_web(settings, sqlite_database, echo)
    knowledge = Knowledge(sqlite_database, embedder)
    centre = HelpCentre(knowledge, counters(""))
    add_help_centre(served.app, settings, centre)
    open_editor(served.app, settings, knowledge, centre)
    knowledge.publish(article(body=BODY))
    writer, other = edda(sqlite_database), employ_editor(sqlite_database, "Emil Roth", locale="de")
    with sqlite_database.transaction() as session:
        changed = article(body=BODY.replace("Print the label.", "Print the green label."), title="Send an item back")
        save_draft(session, "return-an-item", "en", fields_of(changed), now=MONDAY, user_id=writer.id)
    with serving(served.app, port):
        yield Office(f"http://127.0.0.1:{port}", knowledge, writer, other)
    served.stop()


def page_of(browser: Browser, office: Office, user: User, **options: object) -> Page:
    context = browser.new_context(**{"locale": "en-GB", "timezone_id": "Europe/Berlin"} | options)  # type: ignore[arg-type]
    sign_in_browser(context, office.url, office.knowledge.database, user)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def live(office: Office) -> str:
    return office.knowledge.refresh().articles["return-an-item", "en"].title


def test_a_draft_is_reviewed_by_a_second_person_published_compared_and_restored(
    browser: Browser, office: Office
) -> None:
    writer, other = page_of(browser, office, office.edda), page_of(browser, office, office.emil)
    writer.goto(office.url + EDIT + "#review")
    panel = writer.locator(".life")
    panel.get_by_label("Note").first.fill("The label is green since May")
    panel.get_by_role("button", name="Submit for review").click()
    expect(writer.locator(".life .life-stage")).to_contain_text("Waits for a review")

    other.goto(office.url + REVIEW)
    expect(other.locator(".diff-change .diff-after ins").first).to_have_text("green ")
    other.get_by_label("Kommentar", exact=True).fill("Welcher Aufkleber?")
    other.get_by_role("button", name="Kommentar hinzufügen").click()
    expect(other.locator(".life-comment")).to_contain_text("Welcher Aufkleber?")
    other.get_by_role("button", name="Freigeben").click()
    expect(other.locator(".life-stage")).to_contain_text("Freigegeben")

    writer.goto(office.url + EDIT + "#review")
    writer.locator(".life").get_by_role("button", name="Publish now").click()
    expect(writer.locator(".life .life-stage")).to_contain_text("Live, without a draft")
    assert "Send an item back" == live(office)

    writer.goto(office.url + HISTORY)
    writer.get_by_role("button", name="Compare").click()
    expect(writer.locator("#compared")).to_contain_text("From Publication 1 to Publication 2")
    writer.get_by_role("button", name="Restore Publication 1").click()
    expect(writer.get_by_role("status")).to_contain_text("The draft says what that publication said.")
    expect(writer.locator(".life textarea[name=note]").first).to_have_value("As in publication 1")
    assert "Send an item back" == live(office)


def test_whoever_writes_on_takes_the_approval_away_and_the_panel_says_so(browser: Browser, office: Office) -> None:
    page = page_of(browser, office, office.edda)
    page.goto(office.url + EDIT + "#review")
    page.locator(".life").get_by_role("button", name="Submit for review").click()
    expect(page.locator(".life .life-stage")).to_contain_text("Waits for a review")
    page.locator("#title").fill("Send anything back")
    expect(page.locator(".life .life-stage")).to_contain_text("Being written")


def test_it_all_goes_without_a_script(browser: Browser, office: Office) -> None:
    writer = page_of(browser, office, office.edda, java_script_enabled=False)
    writer.goto(office.url + REVIEW)
    writer.get_by_role("button", name="Submit for review").click()
    other = page_of(browser, office, office.emil, java_script_enabled=False)
    other.goto(office.url + REVIEW)
    other.get_by_role("button", name="Freigeben").click()
    writer.goto(office.url + REVIEW)
    writer.get_by_role("button", name="Publish now").click()
    expect(writer.get_by_role("status")).to_contain_text("Published.")
    assert "Send an item back" == live(office)


def test_the_time_zone_is_the_browsers(browser: Browser, office: Office) -> None:
    page = page_of(browser, office, office.edda, timezone_id="Pacific/Auckland")
    other = page_of(browser, office, office.emil)
    page.goto(office.url + REVIEW)
    page.get_by_role("button", name="Submit for review").click()
    other.goto(office.url + REVIEW)
    other.get_by_role("button", name="Freigeben").click()
    page.goto(office.url + REVIEW)
    page.get_by_text("At another time").click()
    expect(page.get_by_label("Time zone")).to_have_value("Pacific/Auckland")


@pytest.mark.parametrize("width", [1440, 390])
def test_its_pages_can_be_read_by_all(browser: Browser, office: Office, width: int) -> None:
    page = page_of(browser, office, office.edda, viewport={"width": width, "height": 900}, locale="en-GB")
    page.goto(office.url + REVIEW)
    page.get_by_label("Comment", exact=True).fill("Which label do you mean?")
    page.get_by_text("About this passage").first.click()
    page.get_by_label("About this passage").fill("Print the label")
    page.get_by_role("button", name="Add comment").click()
    paths = {
        "review": REVIEW,
        "history": f"{HISTORY}?from=1&to=draft",
        "revision": "/editor/revisions/en/1/return-an-item",
        "edit": f"{EDIT}#review",
        "withdraw": "/editor/gone/withdraw/en/return-an-item",
        "questions": f"{REVIEW}?questions=1",
    }
    for name, path in paths.items():
        page.goto(office.url + path)
        expect(page.locator("h1").first).to_be_visible()
        photographed(page, f"life-{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert [] == violations_by_day_and_night(page), name
