"""What an agent writes at the desk, in a browser: replies, templates, drafts and what is inserted."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from channels.conversation import Message, agent
from db import utc_now
from handoff.canned import CannedReply
from tests.browser.at_desks import FROTHER, GOODWILL, Enter, House
from tests.browser.held import Held
from tests.handoff.desk_scene import named, says


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
    mira.locator(".write").fill("Hello An")
    expect(mira.locator(".saved")).to_have_text("Draft saved")

    assert "Hello An" == enter(house.scene.mira, f"waiting/{one}").locator(".write").input_value()
    assert "" == enter(house.scene.ben, f"waiting/{one}").locator(".write").input_value()


def test_what_is_being_kept_is_not_replaced_by_what_was_kept_before(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please")
    mira = enter(house.scene.mira, f"waiting/{one}")
    box = mira.locator(".write")
    box.fill("Hello")
    expect(mira.locator(".saved")).to_have_text("Draft saved")
    held = Held(mira, "**/draft")
    box.fill("Hello Anna")
    box.blur()
    held.wait()
    house.customer_says("anna", "Is anybody there?")
    expect(mira.locator(".entry-customer")).to_have_count(2)
    expect(box).to_have_value("Hello Anna")
    held.let_go()


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
    expect(mira.locator(".suggestion")).to_have_count(2)
    box.press_sequentially("/hi")
    expect(mira.locator(".pick")).to_have_count(3)
    box.press("Enter")
    expect(box).to_have_value("Hello Anna Berger, I am Mira Vogt of Fennimor.")

    box.press("Alt+1")
    expect(box).to_have_value(f"Hello Anna Berger, I am Mira Vogt of Fennimor.\n\n{FROTHER.text}")


def test_the_button_that_offers_what_can_be_inserted_leaves_it_open(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please, my frother is broken")
    mira = enter(house.scene.mira, f"waiting/{one}")
    mira.locator(".write").fill("Hello")
    mira.locator("[data-do=insert]").click()
    mira.evaluate("() => new Promise((later) => setTimeout(later, 300))")
    expect(mira.locator(".pick")).to_have_count(2)
    expect(mira.locator(".picker")).to_be_visible()


def test_what_was_picked_is_not_offered_again_by_what_was_still_on_its_way(house: House, enter: Enter) -> None:
    one = house.customer_says("anna", "A person please, my frother is broken")
    mira = enter(house.scene.mira, f"waiting/{one}")
    box = mira.locator(".write")
    box.press_sequentially("/s")
    expect(mira.locator(".pick")).to_have_count(2)
    held = Held(mira, "**/insert?q=sp", is_answered=True)
    box.press_sequentially("p")
    held.wait()
    box.press("Enter")
    expect(box).to_have_value(FROTHER.text)
    held.let_go()
    mira.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    expect(mira.locator(".picker")).to_be_hidden()


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
