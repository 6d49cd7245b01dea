"""A low score at the desk, in a browser: it appears, is taken, written about and closed, all by the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.settings import Settings
from app.wiring import Served, wire_web
from db import Database, utc_now
from handoff.acting import claim, resolve
from insights.follow_ups.asking_again import ask_those_closed
from insights.follow_ups.follow_up import FollowUp
from insights.follow_ups.tending import tend_follow_ups
from insights.surveys.survey import Survey
from staff.people import User
from tests.browser.at_desks import Enter, at_desks
from tests.browser.conftest import COLOURS_SETTLE, photographed, violations, violations_by_day_and_night
from tests.handoff.desk_scene import Scene, helpful, named, open_scene, says
from tests.insights.scores import ended, follow_up, followed
from tests.ports import free_port
from tests.serving import serving
from tests.staff import ada

HARD = "I had to explain it three times, and the article was about another machine."

AGO = timedelta(minutes=20)
"""When they were talked with."""

NEXT_AS_IT_CLOSES = """() => {
  document.querySelector("dialog[open]").close();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true }));
}"""


@dataclass
class House:
    url: str
    scene: Scene
    served: Served

    def low_score(
        self, who: str = "anna", score: int = 2, comment: str = HARD, ago: timedelta = AGO, **more: Any
    ) -> str:
        """A customer says how hard it was, after a talk with the bot, and the desks are told; the follow-up's id."""
        database, now = self.scene.database, utc_now()
        one = says(database, who, "How long can I return it?", now - ago, **more)
        opened = followed(database, ended(database, one, now - ago / 2), now, score, comment)
        self.tell(one)
        return opened

    def tell(self, conversation_id: str) -> None:
        assert self.served.news
        self.served.news.tell(conversation_id)


@pytest.fixture
def house(sqlite_database: Database) -> Iterator[House]:
    port = free_port()
    scene = open_scene(sqlite_database, utc_now())
    settings = Settings(company="Fennimor", port=port, whatsapp_template_en=f"HX{'1' * 32}")
    served = wire_web(settings, sqlite_database, helpful)
    with serving(served.app, port):
        yield House(f"http://127.0.0.1:{port}", scene, served)
    served.stop()


@pytest.fixture
def enter(browser: Browser, house: House) -> Iterator[Enter]:
    yield from at_desks(browser, house.url, house.scene.database, "follow-ups")


def ready(page: Page) -> None:
    """Keys are heard now: the script has begun."""
    expect(page.locator(".presence-summary")).to_be_visible()


def test_an_agent_looks_after_a_low_score_until_it_is_closed_and_the_customer_asked_again(
    house: House, enter: Enter
) -> None:
    database = house.scene.database
    mira = enter(house.scene.mira, "waiting")
    expect(mira.locator('[data-count="follow-ups"]')).to_be_hidden()
    opened = house.low_score()
    about = follow_up(database, opened).conversation_id
    named(database, about, "Anna Berger")
    expect(mira.locator('[data-count="follow-ups"]')).to_have_text("1")
    photographed(mira, "follow-up-1-at-the-desk")

    mira.keyboard.press("g")
    mira.keyboard.press("f")
    expect(mira.locator(".lane-name")).to_have_text("Anna Berger")
    ready(mira)
    photographed(mira, "follow-up-2-list")
    mira.keyboard.press("j")
    mira.keyboard.press("Enter")
    expect(mira.locator(".score-comment")).to_have_text(HARD)
    ready(mira)
    photographed(mira, "follow-up-3-one")
    mira.keyboard.press("c")
    expect(mira.locator(".talk-owner")).to_have_text("You look after it")
    ready(mira)

    mira.keyboard.press("r")
    expect(mira.locator(".talk-facts a.chip")).to_have_text("Follow-up: 2 of 7")
    expect(mira.locator(".talk-owner")).to_have_text("you have it")
    ready(mira)
    mira.keyboard.press("r")
    mira.keyboard.type("Hello Anna, what went wrong?")
    mira.keyboard.press("Control+Enter")
    expect(mira.locator(".entry-agent .said")).to_have_text("Hello Anna, what went wrong?")
    photographed(mira, "follow-up-4-written")
    mira.locator(".talk-facts a.chip").click()
    expect(mira.locator(".score-steps")).to_contain_text("Written to:")
    ready(mira)

    mira.keyboard.press("e")
    mira.get_by_label("What was the cause?").select_option("The answer was wrong")
    mira.get_by_label("What did you find out").fill("The article names another model. Told the editors.")
    photographed(mira, "follow-up-5-closing")
    mira.get_by_role("button", name="Close", exact=True).click()
    expect(mira.get_by_role("status").filter(has_text="Closed.")).to_be_visible()
    expect(mira.locator('[data-count="follow-ups"]')).to_be_hidden()
    expect(mira.locator(".closed-facts")).to_contain_text("The answer was wrong")
    expect(mira.locator(".closed-facts")).to_contain_text("As soon as the conversation has ended")

    assert [about] == ask_those_closed(database, utc_now(), ask)
    mira.reload()
    expect(mira.locator(".closed-facts")).to_contain_text("No answer yet")
    photographed(mira, "follow-up-6-closed")


def ask(session: Any, conversation_id: str, now: Any) -> Survey:
    """Stands for the question that is asked again."""
    values = {"kind": "ces", "state": "asked", "decided_at": now, "lowest": 1, "highest": 7}
    survey = Survey(touchpoint="follow_up", conversation_id=conversation_id, **values)
    session.add(survey)
    session.flush()
    return survey


def test_an_open_list_follows_what_happens(house: House, enter: Enter) -> None:
    mira, sam = enter(house.scene.mira), enter(house.scene.sam)
    expect(mira.locator(".lane-empty")).to_be_visible()
    opened = house.low_score()
    expect(mira.locator(".lane-item")).to_have_count(1)
    due = follow_up(house.scene.database, opened).due_at
    assert due
    for conversation_id in tend_follow_ups(house.scene.database, due):
        house.tell(conversation_id)
    expect(sam.locator(".lane-item")).to_contain_text("Escalated")
    expect(sam.locator('[data-count="follow-ups"][data-late]')).to_have_text("1")
    photographed(sam, "follow-up-7-escalated")


def test_a_low_score_of_which_no_desk_was_told_is_in_the_list_once_the_page_has_its_wire(
    house: House, enter: Enter
) -> None:
    mira, database = enter(house.scene.mira, "waiting"), house.scene.database
    talked = says(database, "anna", "How long can I return it?", utc_now() - AGO)
    ended(database, talked, utc_now())

    def late(route: Route) -> None:
        followed(database, talked, utc_now(), 2, HARD)
        route.continue_()

    mira.route("**/desk/live*.js*", late)
    mira.goto(f"{house.url}/desk/follow-ups")
    expect(mira.locator(".lane-item")).to_have_count(1)
    expect(mira.locator('[data-count="follow-ups"]')).to_have_text("1")


def test_what_is_overdue_is_said_on_every_page_and_in_the_tab(house: House, enter: Enter) -> None:
    opened, other = house.low_score(), house.low_score("ben")
    mira = enter(house.scene.mira, "waiting")
    expect(mira.locator(".rail-overdue")).to_be_hidden()
    with house.scene.database.transaction() as session:
        session.get(FollowUp, opened).due_at = utc_now() - timedelta(hours=1)  # type: ignore[union-attr]
    for conversation_id in tend_follow_ups(house.scene.database, utc_now()):
        house.tell(conversation_id)
    expect(mira.locator(".rail-overdue")).to_have_text("1 overdue")
    expect(mira.locator('[data-count="follow-ups"]')).to_have_text("2")
    expect(mira).to_have_title(re.compile(r"^\(1\) "))
    photographed(mira, "overdue-desk-1440")
    mira.goto(f"{house.url}/desk/follow-ups/{other}")
    expect(mira).to_have_title(re.compile(r"^\(1\) "))

    mira.goto(f"{house.url}/staff/account")
    call = mira.get_by_role("link", name="2 follow-ups, 1 overdue")
    expect(mira).to_have_title(re.compile(r"^\(1\) "))
    for width, scheme in [(1440, "light"), (1440, "dark"), (360, "light"), (360, "dark")]:
        mira.set_viewport_size({"width": width, "height": 844})
        mira.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        mira.evaluate(COLOURS_SETTLE)
        assert mira.evaluate("document.documentElement.scrollWidth <= innerWidth")
        photographed(mira, f"overdue-{width}-{scheme}")
    assert [] == violations_by_day_and_night(mira)
    call.click()
    expect(mira.locator(".lane-item")).to_have_count(2)
    expect(mira.locator(".rail-overdue")).to_have_text("1 overdue")
    assert [] == violations(mira)
    photographed(mira, "overdue-desk-360")


def test_the_keys_are_listed_as_at_the_desk(house: House, enter: Enter) -> None:
    house.low_score()
    mira = enter(house.scene.mira)
    ready(mira)
    mira.keyboard.press("?")
    keys = mira.get_by_role("dialog", name="Keys of the desk")
    expect(keys).to_contain_text("Close it, with the cause")
    assert [] == violations(mira)
    photographed(mira, "follow-ups-keys")
    mira.keyboard.press("j")  # What is listed is not done meanwhile.
    mira.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    mira.get_by_role("button", name="Keys", exact=True).click()
    expect(keys).to_be_visible()
    mira.keyboard.press("Escape")
    mira.keyboard.press("j")
    expect(mira.locator(".lane-link")).to_be_focused()


def test_a_row_is_pressed_while_another_one_comes(house: House, enter: Enter) -> None:
    house.low_score()
    mira = enter(house.scene.mira)
    mira.locator(".lane-link").hover()
    mira.mouse.down()
    with mira.expect_response("**/desk/follow-ups"):
        house.low_score("ben", comment="The parcel was late.")
    mira.mouse.up()
    mira.wait_for_url("**/desk/follow-ups/*")
    expect(mira.locator(".score-comment").first).to_contain_text(HARD)
    expect(mira.locator(".lane-item")).to_have_count(2)


def test_a_key_pressed_right_as_a_sheet_closes_keeps_what_it_brought(house: House, enter: Enter) -> None:
    house.low_score()
    mira = enter(house.scene.mira)
    ready(mira)
    keys = mira.get_by_role("button", name="Keys", exact=True)
    keys.click()
    expect(mira.get_by_role("dialog", name="Keys of the desk")).to_be_visible()
    mira.evaluate(NEXT_AS_IT_CLOSES)  # The browser tells of the closing a moment later.
    expect(mira.locator("dialog")).to_have_count(0)
    expect(mira.locator(".lane-link")).to_be_focused()

    keys.click()
    mira.keyboard.press("Escape")
    expect(keys).to_be_focused()


def test_a_customer_whom_a_colleague_talks_with_is_left_to_them(house: House, enter: Enter) -> None:
    opened, database = house.low_score(), house.scene.database
    newer = says(database, "anna", "A person please", utc_now())
    with database.transaction() as session:
        claim(session, house.scene.ben, newer, utc_now())
    mira = enter(house.scene.mira, f"follow-ups/{opened}")
    mira.keyboard.press("r")
    expect(mira.get_by_role("alert")).to_contain_text("Ben Okafor is talking with the customer now.")
    expect(mira.get_by_role("button", name="Take over and write")).to_be_visible()
    photographed(mira, "follow-up-8-taken")
    ready(mira)
    with database.transaction() as session:
        resolve(session, house.scene.ben, newer, "solved", utc_now())
    mira.keyboard.press("r")
    expect(mira.locator(".talk-owner")).to_have_text("you have it")


def test_in_whatsapp_one_is_reached_as_the_window_allows(house: House, enter: Enter) -> None:
    opened = house.low_score("+4915112345678", channel="whatsapp", ago=timedelta(hours=25))
    mira = enter(house.scene.mira, f"follow-ups/{opened}")
    mira.keyboard.press("r")
    expect(mira.locator(".way-hint")).to_contain_text("24 hours are over")
    expect(mira.get_by_label("Template")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 1024, 360])
def test_everybody_can_read_and_use_it(house: House, enter: Enter, width: int) -> None:
    opened = house.low_score()
    house.low_score("+4915112345678", 1, "", channel="sms")
    page = enter(house.scene.mira, "follow-ups", width)
    assert [] == violations_by_day_and_night(page)
    photographed(page, f"follow-ups-{width}")
    page.goto(f"{house.url}/desk/follow-ups/{opened}")
    expect(page.locator(".score-comment")).to_be_visible()
    assert [] == violations_by_day_and_night(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    photographed(page, f"follow-up-{width}")


def test_on_a_phone_one_goes_back_to_the_list(house: House, enter: Enter) -> None:
    opened = house.low_score()
    with house.scene.database.transaction() as session:
        session.get(User, house.scene.mira.id).locale = "de"  # type: ignore[union-attr]
    page = enter(house.scene.mira, f"follow-ups/{opened}", 360)
    expect(page.locator(".lane")).to_be_hidden()
    photographed(page, "follow-up-360-german")
    page.get_by_role("link", name="Zurück zur Liste").click()
    expect(page.locator(".lane-item")).to_be_visible()
    photographed(page, "follow-ups-360-german")


def test_an_admin_sets_the_deadline(house: House, enter: Enter) -> None:
    page = enter(ada(house.scene.database), "follow-ups", 360)
    page.goto(f"{house.url}/admin/follow-ups")
    page.get_by_label("Hours within which it should be closed").fill("4")
    assert [] == violations(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    photographed(page, "follow-up-settings-360")
