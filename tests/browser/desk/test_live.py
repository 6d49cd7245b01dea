"""Agents and their customers at the desk, in browsers of their own: what one does, the others see."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, Route, expect

from db import utc_now
from handoff.acting import claim
from handoff.noting import note
from tests.browser.at_desks import Enter, House
from tests.browser.held import Held


def rows(page: Page) -> Any:
    return page.locator(".lane-item")


def test_who_waits_appears_by_itself_and_leaves_when_somebody_takes_it(house: House, enter: Enter) -> None:
    mira, ben = enter(house.scene.mira), enter(house.scene.ben)
    expect(mira.locator(".lane-empty")).to_be_visible()
    one = house.customer_says("anna", "A person please, my frother is broken")
    expect(rows(mira)).to_have_count(1)
    expect(rows(ben)).to_have_count(1)

    mira.keyboard.press("j")
    mira.keyboard.press("Enter")
    expect(mira.locator(".talk-owner")).to_have_text("waiting")
    mira.keyboard.press("c")
    expect(mira.locator(".talk-owner")).to_have_text("you have it")

    expect(rows(ben)).to_have_count(0)
    expect(ben.locator('[data-count="waiting"]')).to_be_hidden()
    ben.goto(f"{house.url}/desk/all/{one}")
    expect(ben.locator(".talk-owner")).to_have_text("Mira Vogt has it")


def test_what_happens_before_the_page_has_its_wire_is_shown_once_it_has(house: House, enter: Enter) -> None:
    database, waiting = house.scene.database, house.customer_says("anna", "A person please")
    mira = enter(house.scene.mira)
    wired: list[str] = []

    def late(route: Route) -> None:
        """What opens the wire comes after something was written of which no desk is told any more."""
        with database.transaction() as session:
            note(session, house.scene.ben, waiting, "She wrote to us by e-mail, too.", utc_now())
        wired.append(route.request.url)
        route.continue_()

    mira.route("**/desk/live*.js*", late)
    mira.goto(f"{house.url}/desk/waiting/{waiting}")
    expect(mira.locator(".note-text")).to_have_text("She wrote to us by e-mail, too.")
    assert 1 == len(wired)


def test_a_row_is_pressed_while_another_one_comes_before_it(house: House, enter: Enter) -> None:
    house.customer_says("anna", "A person please, my frother is broken")
    mira = enter(house.scene.mira)
    expect(mira.locator("[data-wire=laid]")).to_be_attached()
    rows(mira).hover()
    mira.mouse.down()
    with mira.expect_response("**/changes?*"):
        house.customer_says("anna", "Is anybody there?")
    mira.mouse.up()
    expect(mira.locator(".entry-customer .said").last).to_have_text("Is anybody there?")
    expect(rows(mira)).to_contain_text("Is anybody there?")  # As soon as the press is over.


def test_a_list_that_was_left_brings_nothing_into_the_next_one(house: House, enter: Enter) -> None:
    house.customer_says("anna", "A person please")
    mira = enter(house.scene.mira)
    held = Held(mira, "**/desk/api/lists/waiting?*")
    mira.evaluate("dispatchEvent(new Event('online'))")  # The wire is laid anew, and the list read again.
    held.wait()
    mira.locator(".rail [data-list=mine]").click()
    expect(mira.locator(".lane-empty")).to_be_visible()
    with mira.expect_response("**/desk/api/lists/waiting?*"):
        held.let_go()
    mira.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    expect(rows(mira)).to_have_count(0)


def test_what_came_while_the_list_was_read_again_stays_in_it(house: House, enter: Enter) -> None:
    mira = enter(house.scene.mira)
    expect(mira.locator("[data-wire=laid]")).to_be_attached()
    held = Held(mira, "**/desk/api/lists/waiting?*", is_answered=True)
    mira.evaluate("dispatchEvent(new Event('online'))")  # The wire is laid anew, and the list read again.
    held.wait()
    house.customer_says("anna", "A person please")
    expect(rows(mira)).to_have_count(1)
    with mira.expect_response("**/desk/api/lists/waiting?*"):
        held.let_go()
    mira.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    expect(rows(mira)).to_have_count(1)


def test_a_look_that_fails_is_made_up_for_by_the_next_one(house: House, enter: Enter) -> None:
    mira = enter(house.scene.mira)
    expect(mira.locator("[data-wire=laid]")).to_be_attached()
    failed: list[str] = []

    def fail(route: Route) -> None:
        failed.append(route.request.url)
        route.abort()

    mira.route("**/changes?*", fail, times=1)
    with mira.expect_event("requestfailed"):
        house.customer_says("anna", "A person please")
    house.customer_says("anna", "Is anybody there?")
    expect(rows(mira)).to_contain_text("Is anybody there?")
    assert 1 == len(failed)


def test_who_else_is_here_is_seen_and_what_they_do(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    mira, ben = enter(house.scene.mira, f"waiting/{one}"), enter(house.scene.ben, f"waiting/{one}")

    expect(mira.locator(".others")).to_have_text("Ben Okafor is looking too")
    expect(ben.locator(".others")).to_have_text("Mira Vogt is looking too")
    ben.locator(".write").fill("Hel")
    expect(mira.locator(".others")).to_have_text("Ben Okafor is writing")
    ben.goto(f"{house.url}/desk/waiting")
    mira.keyboard.press("n")
    expect(mira.locator(".write")).to_have_attribute("aria-label", "Your note")


def test_a_note_names_a_colleague_who_is_told(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    ben = enter(house.scene.ben)
    mira = enter(house.scene.mira, f"waiting/{one}")
    mira.keyboard.press("n")
    mira.keyboard.type("@be")
    mira.keyboard.press("Enter")
    mira.keyboard.type("do you know this?")
    mira.keyboard.press("Control+Enter")

    expect(mira.locator(".note-text")).to_have_text("@Ben Okafor do you know this?")
    expect(ben.locator('[data-count="mentions"]')).to_have_text("1")


def test_what_was_done_by_mistake_is_undone_by_a_key(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    with house.scene.database.transaction() as session:
        claim(session, house.scene.mira, one, utc_now())
    mira = enter(house.scene.mira, f"mine/{one}")
    mira.keyboard.press("e")
    mira.keyboard.type("Solv")
    mira.keyboard.press("Enter")
    expect(rows(mira)).to_have_count(0)
    expect(mira.locator(".toast")).to_contain_text("Closed.")

    mira.keyboard.press("u")
    expect(rows(mira)).to_have_count(1)


def test_a_search_finds_half_words_and_marks_them(house: House, enter: Enter) -> None:
    house.customer_says("anna", "Einen Menschen bitte, die Rückgabegebühr ist falsch", locale="de")
    house.customer_says("ben", "Person please")
    mira = enter(house.scene.mira)
    mira.keyboard.press("/")
    mira.keyboard.type("ruckga")

    expect(rows(mira)).to_have_count(1)
    expect(mira.locator(".lane-text mark")).to_have_text("Rückgabegebühr")
    mira.keyboard.press("ArrowDown")
    mira.keyboard.press("Enter")
    expect(mira.locator(".entry-customer .said")).to_contain_text("Rückgabegebühr")


def test_what_came_while_the_wire_was_broken_is_caught_up(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    mira = enter(house.scene.mira, f"waiting/{one}")
    mira.context.set_offline(True)
    expect(mira.locator(".offline")).to_be_visible(timeout=60_000)
    house.customer_says("anna", "Are you there?")
    house.customer_says("ben", "Another person please")
    mira.context.set_offline(False)

    expect(mira.locator(".entry-customer .said").last).to_have_text("Are you there?")
    expect(rows(mira)).to_have_count(2)
