"""The desk is for everybody: by the keyboard, on a phone, in the dark, for whoever hears it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.at_desks import Enter, House
from tests.browser.conftest import violations_by_day_and_night


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


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_everybody_can_read_and_use_it(house: House, enter: Enter, width: int) -> None:
    one = house.customer_says("anna", "A person please, FN-204518")
    house.customer_says("+4915112345678", "How long do I have to return something?", channel="sms")
    house.customer_says("+4915112345678", "I want a person", channel="sms")
    page = enter(house.scene.mira, "waiting", width)
    assert [] == violations_by_day_and_night(page)
    page.locator(".lane-item a").first.click()
    expect(page.locator(".talk-name")).to_be_visible()
    assert [] == violations_by_day_and_night(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".talk-name").click()
    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert [] == violations_by_day_and_night(page)
    assert one


def test_on_a_phone_one_goes_from_the_list_to_a_conversation_and_back(house: House, enter: Enter) -> None:
    house.customer_says("anna", "A person please")
    page = enter(house.scene.mira, "waiting", 390)
    page.locator(".lane-item").first.click()
    expect(page.locator(".lane")).to_be_hidden()
    page.locator(".write").fill("Hello")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".entry-agent .said")).to_have_text("Hello")
    page.get_by_role("button", name="Show the customer").click()
    expect(page.locator(".card-head")).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator(".lane")).to_be_visible()
