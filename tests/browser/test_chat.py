"""The page /chat as a customer uses it: asked, reloaded, cut off, in two tabs, with the keyboard, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from tests.browser.conftest import ask, reply, violations_by_day_and_night
from tests.server import Server

RETURNS = "How long do I have to return something?"


@pytest.fixture
def chat(page: Page, demo_server: Server, problems: list[str]) -> Page:
    page.goto(f"{demo_server.url}/chat")
    return page


def test_a_question_is_answered_with_its_article(chat: Page) -> None:
    assert "30 days" in ask(chat, RETURNS)
    chat.locator(".source").click()
    expect(chat.locator(".reader h2").first).to_have_text("Return window and exceptions")


def test_a_source_can_be_opened_as_a_page(chat: Page) -> None:
    ask(chat, RETURNS)
    with chat.context.expect_page() as opened:
        chat.locator(".source").click(modifiers=["Control"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Return window and exceptions")


def test_a_german_page_speaks_german(browser: Browser, demo_server: Server) -> None:
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    page.goto(f"{demo_server.url}/chat")

    assert "30 Tage" in ask(page, "Wie lange habe ich Zeit, etwas zurückzugeben?")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    context.close()


def test_a_pressed_button_is_what_the_customer_said(chat: Page) -> None:
    ask(chat, RETURNS)
    button = chat.locator(".choice").first
    title = button.inner_text()
    button.click()

    reply(chat, 1)
    expect(chat.locator(".message-customer .bubble").last).to_have_text(title)


def test_a_question_with_several_articles_is_a_choice(chat: Page) -> None:
    ask(chat, "warranty")
    assert chat.locator(".choice").count() >= 3
    chat.get_by_role("button", name="What the Fennimor warranty covers").click()
    assert "warranty" in reply(chat, 1)


def test_the_thread_is_there_after_a_reload(chat: Page) -> None:
    said = ask(chat, RETURNS)
    chat.reload()

    assert said.split() == reply(chat, 0).split()
    expect(chat.locator(".message-customer")).to_have_count(1)


def test_a_second_tab_shows_the_same_thread_and_what_comes_next(chat: Page, context: BrowserContext) -> None:
    ask(chat, RETURNS)
    tab = context.new_page()
    tab.goto(chat.url)
    expect(tab.locator(".message-bot")).to_have_count(1)
    ask(chat, "How much is delivery?")
    expect(tab.locator(".message-bot")).to_have_count(2)
    expect(tab.locator(".message-customer")).to_have_count(2)


@pytest.mark.parametrize("instead", ["", '42["missed"]'], ids=["after a while", "when a process says so"])
def test_an_answer_that_got_lost_on_its_way_is_fetched(
    page: Page, demo_server: Server, problems: list[str], instead: str
) -> None:
    lost: list[str] = []

    def lose_answers(here: WebSocketRoute) -> None:
        there = here.connect_to_server()

        def pass_on(packet: str | bytes) -> None:
            if "bot_uttered" not in str(packet):
                return here.send(packet)
            lost.append(str(packet))
            return here.send(instead) if instead else None

        there.on_message(pass_on)

    page.route_web_socket("**/socket.io/**", lose_answers)
    page.goto(f"{demo_server.url}/chat")
    page.clock.install()
    page.get_by_role("searchbox").fill(RETURNS)
    page.keyboard.press("Enter")
    while not lost:
        page.wait_for_timeout(20)
    page.clock.run_for(6_000)

    assert "30 days" in reply(page, 0)
    assert 1 == len(lost)


def test_markup_that_a_customer_writes_is_shown_not_run(chat: Page) -> None:
    ask(chat, "<img src=x onerror=alert(1)><script>alert(1)</script>")

    expect(chat.locator(".message-customer")).to_contain_text("<script>alert(1)</script>")
    assert 0 == chat.locator(".message img, .message script").count()


def test_a_message_that_is_too_long_is_refused_with_a_sentence(chat: Page) -> None:
    ask(chat, "hello")
    chat.get_by_role("textbox").fill("x" * 100_000)
    chat.keyboard.press("Enter")

    expect(chat.locator(".hint")).to_contain_text("too long")
    expect(chat.get_by_role("textbox")).to_have_value("x" * 100_000)


def test_a_forged_session_is_replaced_and_the_message_is_sent(chat: Page) -> None:
    chat.evaluate("localStorage.setItem('handrail.session', 'forged')")
    chat.reload()
    assert "30 days" in ask(chat, RETURNS)


def test_talking_to_a_person_is_always_in_sight(chat: Page) -> None:
    person = chat.get_by_role("button", name="Talk to a person")
    expect(person).to_be_in_viewport()
    person.click()
    reply(chat, 0)
    expect(chat.locator(".message-customer .bubble")).to_have_text("Talk to a person")
    expect(person).to_be_in_viewport()


def test_a_question_may_come_with_the_address(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.goto(f"{demo_server.url}/chat?q=oatmeal+cookies")
    expect(page.get_by_role("searchbox")).to_have_value("oatmeal cookies")


def test_the_keyboard_alone_is_enough(chat: Page) -> None:
    expect(chat.get_by_role("searchbox")).to_be_focused()
    chat.keyboard.type(RETURNS)
    chat.keyboard.press("Enter")
    reply(chat, 0)
    expect(chat.get_by_role("textbox")).to_be_focused()
    chat.keyboard.press("Shift+Tab")
    expect(chat.locator(".choice").last).to_be_focused()
    chat.keyboard.press("Enter")

    reply(chat, 1)


@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 740), (640, 450), (768, 1024), (1440, 900)])
def test_every_width_fits_and_axe_finds_nothing(browser: Browser, demo_server: Server, width: int, height: int) -> None:
    """640 by 450 is a window of 1280 by 900 at 200 %."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{demo_server.url}/chat?locale=de")
    page.locator(".home").wait_for()
    assert [] == violations_by_day_and_night(page)
    ask(page, "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3)
    ask(page, "Wie lange habe ich Zeit, etwas zurückzugeben?")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [] == violations_by_day_and_night(page)
    context.close()


def test_the_styleguide_fits_and_axe_finds_nothing(browser: Browser, demo_server: Server) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{demo_server.url}/styleguide")

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [] == violations_by_day_and_night(page)
    context.close()
