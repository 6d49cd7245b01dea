"""Two agents and their customers at the desk, in browsers of their own: live, by the keyboard, and readable by all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from channels.conversation import Message, agent
from db import Database, utc_now
from handoff.acting import claim
from handoff.canned import CannedReply
from handoff.noting import note
from tests.browser.at_desks import FROTHER, GOODWILL, Enter, House, at_desks, open_house
from tests.browser.conftest import violations
from tests.browser.held import Held
from tests.handoff.desk_scene import named, says


@pytest.fixture
def house(sqlite_database: Database) -> Iterator[House]:
    with open_house(sqlite_database) as house:
        yield house


@pytest.fixture
def enter(browser: Browser, house: House) -> Iterator[Enter]:
    yield from at_desks(browser, house.url, house.scene.database, "waiting")


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


def test_a_reply_and_what_the_customer_answers(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    mira = enter(house.scene.mira, f"waiting/{one}")
    mira.keyboard.press("r")
    mira.keyboard.type("Hello **Anna**")
    mira.keyboard.press("Control+Enter")

    expect(mira.locator(".entry-agent .said")).to_have_text("Hello Anna")
    expect(mira.locator(".write")).to_have_value("")
    expect(mira.locator(".talk-owner")).to_have_text("you have it")
    house.customer_says("anna", "Thank you, and the lid?")
    expect(mira.locator(".entry-customer .said").last).to_have_text("Thank you, and the lid?")
    expect(mira).to_have_title(re.compile(r"^\(1\) "))


def test_after_whatsapps_24_hours_one_picks_the_template_in_which_the_text_goes(house: House, enter: Enter) -> None:
    yesterday = utc_now() - timedelta(hours=25)
    number = "+4915112345678"
    late = says(house.scene.database, number, "A person please", yesterday, channel="whatsapp")
    mira = enter(house.scene.mira, f"waiting/{late}")
    expect(mira.locator(".way-hint")).to_contain_text("24 hours are over")
    mira.get_by_label("Template").select_option("Template: German")
    mira.locator(".write").fill("Guten Tag, Ihre Ware ist da.")
    mira.keyboard.press("Control+Enter")
    expect(mira.locator(".entry-agent .said")).to_have_text("Guten Tag, Ihre Ware ist da.")
    with house.scene.database.reading() as session:
        said = session.scalars(select(Message).where(Message.author == agent(house.scene.mira.id))).one()
    assert ("whatsapp", "de") == (said.channel, said.extra["locale"])

    says(house.scene.database, number, "Thank you", utc_now(), channel="whatsapp")
    mira.reload()
    expect(mira.locator(".way-hint")).to_contain_text("Free to write")
    expect(mira.get_by_label("Template")).to_be_hidden()


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


def test_who_writes_over_the_customer_is_warned_and_may_send_anyway(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    mira = enter(house.scene.mira, f"waiting/{one}")
    mira.locator(".write").fill("Hello Anna")
    house.customer_says("anna", "It is urgent, by the way")
    expect(mira.locator(".entry-customer")).to_have_count(2)
    mira.keyboard.press("Control+Enter")

    expect(mira.locator(".compose-warn")).to_contain_text("The customer has written meanwhile")
    expect(mira.locator(".entry-agent")).to_have_count(0)
    mira.get_by_role("button", name="Send anyway").click()
    expect(mira.locator(".entry-agent")).to_have_count(1)


def test_what_was_begun_is_there_in_another_browser(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    mira = enter(house.scene.mira, f"waiting/{one}")
    mira.locator(".write").press_sequentially("Hello An")
    expect(mira.locator(".saved")).to_have_text("Draft saved")

    assert "Hello An" == enter(house.scene.mira, f"waiting/{one}").locator(".write").input_value()
    assert "" == enter(house.scene.ben, f"waiting/{one}").locator(".write").input_value()


def test_what_was_begun_before_the_script_was_there_stays(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    mira = enter(house.scene.mira)
    held = Held(mira, "**/compose.js")
    mira.goto(f"{house.url}/desk/waiting/{one}", wait_until="commit")
    mira.locator(".write").fill("Hello Anna")
    held.let_go()

    expect(mira.locator(".saved")).to_have_text("Draft saved")
    expect(mira.locator(".write")).to_have_value("Hello Anna")


def test_a_slash_finds_canned_replies_and_articles_and_fills_them(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    named(house.scene.database, one, "Anna Berger")
    with house.scene.database.transaction() as session:
        text = "Hello {customer}, I am {agent} of {company}."
        session.add(CannedReply(shortcut="hi", locale="en", title="Greeting", text=text, updated_at=utc_now()))
    mira = enter(house.scene.mira, f"waiting/{one}")
    box = mira.locator(".write")
    box.press_sequentially("/hi")
    expect(mira.locator(".pick")).to_have_count(3)
    box.press("Enter")
    expect(box).to_have_value("Hello Anna Berger, I am Mira Vogt of Fennimor.")

    box.press("Alt+1")
    expect(box).to_have_value(f"Hello Anna Berger, I am Mira Vogt of Fennimor.\n\n{FROTHER.text}")


def test_what_is_for_staff_alone_opens_to_be_read_and_nothing_of_it_is_inserted(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please, my frother is broken")
    mira = enter(house.scene.mira, f"waiting/{one}")
    suggestion = mira.get_by_role("button", name="Goodwill, for staff only: opens to be read, nothing is inserted")
    with mira.context.expect_page() as opened:
        suggestion.click()
    assert opened.value.url.endswith(GOODWILL.url)
    box = mira.locator(".write")
    expect(box).to_have_value("")
    box.press_sequentially("Hello /good")
    option = mira.get_by_role("option", name="Goodwill")
    expect(option).to_contain_text("For staff only")
    with mira.context.expect_page() as opened_again:
        option.click()
    assert opened_again.value.url.endswith(GOODWILL.url)
    expect(box).to_have_value("Hello ")


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


def test_every_verb_has_a_key_and_letters_stay_letters_where_one_writes(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    mira = enter(house.scene.mira, f"waiting/{one}")
    dialogs = {"t": "Give it to", "s": "Put aside until", "e": "Close as", "p": "Priority", "l": "Add a tag"}
    for key, title in dialogs.items():
        mira.keyboard.press(key)
        expect(mira.get_by_role("dialog", name=title)).to_be_visible()
        mira.keyboard.press("Escape")
        expect(mira.get_by_role("dialog")).to_have_count(0)
    mira.keyboard.press("?")
    expect(mira.get_by_role("dialog", name="Keys of the desk")).to_be_visible()
    mira.keyboard.press("Escape")
    mira.keyboard.press("/")
    mira.keyboard.type("tsep")
    expect(mira.locator(".lane-search input")).to_have_value("tsep")
    expect(mira.get_by_role("dialog")).to_have_count(0)


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


def test_enter_sends_where_somebody_has_chosen_so(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    mira = enter(house.scene.mira, f"waiting/{one}")
    mira.keyboard.press("r")
    mira.keyboard.type("Hello")
    mira.keyboard.press("Enter")
    expect(mira.locator(".write")).to_have_value("Hello\n")

    mira.locator(".presence-summary").click()
    mira.get_by_label("Enter sends").check()
    mira.keyboard.press("Escape")
    mira.get_by_role("button", name="Keys").click()
    expect(mira.locator(".key-row").filter(has_text="New line")).to_contain_text("Shift")
    mira.keyboard.press("Escape")
    mira.locator(".write").fill("Hello")
    mira.keyboard.press("Shift+Enter")
    mira.keyboard.type("Anna")
    mira.keyboard.press("Enter")
    expect(mira.locator(".write")).to_have_value("")
    expect(mira.locator(".entry-agent .said").last).to_contain_text("Anna")
    with house.scene.database.reading() as session:
        said = session.scalars(select(Message.text).filter_by(conversation_id=one).order_by(Message.seq.desc())).first()
    assert "Hello\nAnna" == said


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_and_use_it(house: House, enter: Enter, width: int, scheme: Any) -> None:
    one = house.customer_says("anna", "A person please, FN-204518")
    house.customer_says("+4915112345678", "How long do I have to return something?", channel="sms")
    house.customer_says("+4915112345678", "I want a person", channel="sms")
    page = enter(house.scene.mira, "waiting", width, scheme)
    assert [] == violations(page)
    page.locator(".lane-item a").first.click()
    expect(page.locator(".talk-name")).to_be_visible()
    assert [] == violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".talk-name").click()
    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert [] == violations(page)
    assert one


def test_on_a_phone_one_goes_from_the_list_to_a_conversation_and_back(house: House, enter: Enter) -> None:
    house.customer_says("anna", "A person please")
    page = enter(house.scene.mira, "waiting", 390)
    rows(page).first.click()
    expect(page.locator(".lane")).to_be_hidden()
    page.locator(".write").fill("Hello")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".entry-agent .said")).to_have_text("Hello")
    page.get_by_role("button", name="Show the customer").click()
    expect(page.locator(".card-head")).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator(".lane")).to_be_visible()


def test_typing_in_a_long_thread_redraws_none_of_it(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    for number in range(60):
        says(house.scene.database, "anna", f"More {number}", utc_now() + timedelta(seconds=number))
    page = enter(house.scene.mira, f"waiting/{one}")
    page.evaluate(
        """() => {
          window.changes = 0;
          const all = { childList: true, subtree: true, attributes: true, characterData: true };
          new MutationObserver((seen) => (window.changes += seen.length)).observe(document.querySelector('.log'), all);
        }"""
    )
    page.locator(".write").press_sequentially("Hello, this is typed")
    assert 0 == page.evaluate("window.changes")
