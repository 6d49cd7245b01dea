"""The pages of figures in a browser: from a figure to its conversations, with the keyboard, on a phone, in the dark."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.settings import Settings
from app.wiring import wire_web
from db import Database, utc_now
from insights.facts.refreshing import refresh
from insights.surveys.survey import Survey
from staff.people import User
from tests.browser.conftest import PATIENCE_MS, photographed, violations
from tests.cast import echo
from tests.handoff.at_work import hire
from tests.handoff.people import works_in_leipzig
from tests.insights.told import Told
from tests.ports import free_port
from tests.serving import serving
from tests.staff import sign_in_browser, susanne

PAGES = (
    "overview",
    "now",
    "effort",
    "comments",
    "self-service",
    "people",
    "knowledge",
    "conversations?figure=ces",
    "definitions",
)


@dataclass
class House:
    url: str
    app: Flask
    told: Told
    susanne: User
    low: str
    """The conversation with a low score."""

    def counts_again(self) -> None:
        refresh(self.told.database, utc_now())
        self.app.extensions["insights"].look_again()


@pytest.fixture(scope="module")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    path = tmp_path_factory.mktemp("figures") / "handrail.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    works_in_leipzig(database)
    told = Told(database)
    low = _live(told)
    port = free_port()
    served = wire_web(Settings(company="Fennimor", port=port), database, echo)
    served.workers.stop()
    with serving(served.app, port):
        house = House(f"http://127.0.0.1:{port}", served.app, told, susanne(database), low)
        house.counts_again()
        yield house
    served.stop()
    database.close()


def _live(told: Told) -> str:
    """A fortnight of a small shop; the id of the conversation that went wrong."""
    mira = hire(told.database, "Mira Vogt")
    start = utc_now() - timedelta(days=14)
    for number in range(40):
        at = start + timedelta(hours=8 * number)
        channel, who = ("sms", f"+49151{number:06}") if number % 4 == 0 else ("web", f"visitor{number}")
        text = ("Can I return it?", "Where is my parcel?", "Do you sell bicycles?")[number % 3]
        one = told.says(who, text, at, channel, ("en", "de")[number % 2])
        if number % 5 == 0:
            told.says(who, "A person, please", at + timedelta(minutes=2), channel)
            told.replies(mira, one, at + timedelta(minutes=10 + number))
            told.resolves(mira, one, at + timedelta(minutes=60 + number))
        else:
            told.ends(one, "done", at + timedelta(minutes=5))
        if number % 2:
            told.scores(one, 4 + number % 4, at + timedelta(minutes=70))
    return _low(told, start)


def _low(told: Told, start: datetime) -> str:
    at = start + timedelta(days=13, hours=20)
    one = told.says("carla", "Where is my parcel?", at)
    told.ends(one, "done", at + timedelta(minutes=3))
    said = {"comment": "Nobody knows where it is.", "commented_at": at + timedelta(minutes=7), "answered_in": "web"}
    survey = told.scores(one, 1, at + timedelta(minutes=5), **said)
    wet = {"comment": "The box was wet,\nand the cups were broken.", "commented_at": at, "kind": "csat"}
    told.scores(None, 2, at, touchpoint="parcel", channel="link", **wet)
    told.looks_after(survey, one, at + timedelta(minutes=5), due_at=at + timedelta(hours=1), cause="no_answer")
    return one


def _sits_down(
    browser: Browser, house: House, width: int = 1440, scheme: str = "light", locale: str = "en"
) -> BrowserContext:
    house.told.corrects(User, {"locale": locale}, id=house.susanne.id)
    viewport = {"width": width, "height": 900}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, locale="en-GB")  # type: ignore[arg-type]
    sign_in_browser(context, house.url, house.told.database, house.susanne)
    return context


def _page(context: BrowserContext, problems: list[str]) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return page


def test_from_a_figure_to_the_conversation_behind_it(browser: Browser, house: House) -> None:
    problems: list[str] = []
    with _sits_down(browser, house) as context:
        page = _page(context, problems)
        page.goto(f"{house.url}/insights/")
        expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        page.get_by_role("link", name="Effort", exact=True).click()
        before = page.locator("#figure-ces .figure-value").inner_text()

        # The definition, with the keyboard.
        page.locator("#figure-ces summary").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#figure-ces .figure-meaning p")).to_contain_text("from 1, very difficult, to 7, very easy")

        # What the chart says stands in a table.
        page.get_by_text("As a table: Customer effort (CES): how often each score").click()
        expect(page.locator("#spread-ces-title ~ *, figure table").first).to_be_visible()
        photographed(page, "figures-effort-open")

        # Down to the conversations, and into the desk.
        page.locator("#figure-ease .figure-value a").click()
        page.get_by_role("link", name="Only those of which it isn't").click()
        photographed(page, "figures-behind")
        page.locator(f'a[href="/desk/all/{house.low}"]').click()
        expect(page.get_by_text("Where is my parcel?").first).to_be_visible()
        photographed(page, "figures-desk")

        # Corrected, it moves the figure.
        house.told.corrects(Survey, {"score": 7}, conversation_id=house.low)
        house.counts_again()
        page.goto(f"{house.url}/insights/effort")
        after = page.locator("#figure-ces .figure-value").inner_text()
        assert float(after) > float(before)
    assert [] == problems


def test_from_what_a_customer_said_to_the_conversation(browser: Browser, house: House) -> None:
    with _sits_down(browser, house) as context:
        page = _page(context, [])
        page.goto(f"{house.url}/insights/effort")
        page.get_by_role("link", name="All comments").click()
        expect(page.get_by_role("heading", name="What customers said", exact=True)).to_be_visible()
        expect(page.locator(".comments li")).to_have_count(2)
        page.get_by_role("navigation", name="Score").get_by_role("link", name=re.compile("CES")).click()
        expect(page.locator(".comments li")).to_have_count(1)
        # The period is chosen anew, and the score stays.
        page.locator("#days").select_option("90")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url(re.compile("/insights/comments[?]days=90&given=ces-[0-9]-7$"))
        way = page.get_by_role("link", name="Open: Nobody knows where it is.")
        expect(way).to_have_attribute("href", f"/desk/all/{house.low}")


def test_filters_stand_in_the_address(browser: Browser, house: House) -> None:
    with _sits_down(browser, house) as context:
        page = _page(context, [])
        page.goto(f"{house.url}/insights/self-service")
        page.locator("#channel").select_option("sms")
        page.locator("#days").select_option("90")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url("**/insights/self-service?*channel=sms*")
        assert "days=90" in page.url
        # The other pages are about the same conversations.
        page.get_by_role("navigation", name="Figures").get_by_role("link", name="Overview").click()
        assert "channel=sms" in page.url
        expect(page.locator("#channel")).to_have_value("sms")
        expect(page.locator("#figure-conversations .figure-value")).to_have_text("10")


def test_now_looks_again_by_itself(browser: Browser, house: House) -> None:
    with _sits_down(browser, house) as context:
        page = _page(context, [])
        page.clock.install()
        page.goto(f"{house.url}/insights/now")
        waiting = page.locator(".figure", has_text="Waiting for a person").locator(".figure-value")
        expect(waiting).to_have_text("0")
        house.told.says("dora", "A person, please", utc_now() - timedelta(minutes=3))
        page.clock.run_for(21_000)
        expect(waiting).to_have_text("1")


def test_a_figure_of_now_is_pressed_while_it_looks_again(browser: Browser, house: House) -> None:
    with _sits_down(browser, house) as context:
        page = _page(context, [])
        page.goto(f"{house.url}/insights/now")
        page.locator(".figure", has_text="Waiting for a person").get_by_role("link").first.hover()
        page.mouse.down()
        with page.expect_response("**/insights/now"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
        page.mouse.up()
        page.wait_for_url("**/desk/waiting*")


@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1440, "dark", "de"), (390, "light", "en"), (390, "dark", "de")]
)
def test_every_page_can_be_read_by_all(browser: Browser, house: House, width: int, scheme: str, locale: str) -> None:
    problems: list[str] = []
    with _sits_down(browser, house, width, scheme, locale) as context:
        page = _page(context, problems)
        for name in PAGES:
            page.goto(f"{house.url}/insights/{name}")
            page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
            assert [] == violations(page), name
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            photographed(page, f"figures-{name.partition('?')[0]}-{width}-{scheme}")
    assert [] == problems


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("width", [320, 390, 800])
def test_every_page_of_figures_is_in_sight_of_a_phone(browser: Browser, house: House, width: int, locale: str) -> None:
    problems: list[str] = []
    with _sits_down(browser, house, width, locale=locale) as context:
        page = _page(context, problems)
        page.goto(f"{house.url}/insights/people")
        places = page.locator(".figure-places a")
        boxes = [box for one in places.all() if (box := one.bounding_box())]

        assert 8 == len(boxes)
        assert [] == [box for box in boxes if box["x"] < 0 or box["x"] + box["width"] > width]
        assert len(boxes) == len({(box["x"], box["y"]) for box in boxes})
        photographed(page, f"figures-places-{width}-{locale}")
    assert [] == problems


def test_a_printed_page_has_no_buttons(browser: Browser, house: House) -> None:
    with _sits_down(browser, house) as context:
        page = _page(context, [])
        page.goto(f"{house.url}/insights/effort")
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", name="Effort", exact=True)).to_be_visible()
        expect(page.locator(".chart svg").first).to_be_visible()
        for gone in (".bar", ".figure-places", ".figure-form button", ".figure-exports"):
            expect(page.locator(gone).first).to_be_hidden()
