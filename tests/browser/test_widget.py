"""The widget in a shop of another origin, under a strict Content-Security-Policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from tests.browser.conftest import PATIENCE_MS, ask, reply, violations, violations_by_day_and_night
from tests.browser.shop import Shop
from tests.server import Server

RETURNS = "How long do I have to return something?"
BLOCKED_WEBSOCKET = """
window.WebSocket = class {
  constructor() { setTimeout(() => { this.onerror?.(new Event("error")); this.onclose?.({ code: 1006 }); }); }
  close() {}
};
"""
"""As in a network whose proxy lets no websocket through."""


@pytest.fixture
def widget(page: Page, shop: Shop, problems: list[str]) -> Page:
    """The shop's page with the widget open."""
    page.goto(shop.url)
    page.locator(".launcher").click()
    page.locator(".panel").wait_for()
    return page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def test_a_question_is_answered_and_its_article_read_without_leaving_the_page(widget: Page) -> None:
    assert "30 days" in ask(widget, RETURNS)
    widget.locator(".source").click()
    expect(widget.locator(".reader h2").first).to_have_text("Return window and exceptions")
    expect(widget.locator(".reader .prose")).to_contain_text("30 days")
    widget.get_by_role("button", name="Back").click()
    expect(widget.locator(".message-bot")).to_be_visible()


def test_articles_are_suggested_while_the_first_question_is_typed(widget: Page) -> None:
    expect(widget.locator(".row")).to_have_count(5)
    widget.get_by_role("searchbox").press_sequentially("retur")
    expect(widget.locator(".shelf h3")).to_have_text("Help articles that may answer this")
    expect(widget.locator(".row-ask")).to_contain_text("Ask: retur")
    widget.keyboard.press("ArrowDown")
    expect(widget.locator(".row").first).to_be_focused()
    widget.keyboard.press("Enter")
    expect(widget.locator(".reader h2").first).to_contain_text("eturn")


def test_the_thread_is_there_after_a_reload_and_in_a_second_tab(
    widget: Page, context: BrowserContext, shop: Shop
) -> None:
    ask(widget, RETURNS)
    widget.reload()
    reply(widget, 0)
    tab = context.new_page()
    tab.goto(f"{shop.url}/?other")
    tab.locator(".launcher").click()
    reply(tab, 0)
    ask(tab, "How much is delivery?")
    reply(widget, 1)
    expect(widget.locator(".message-customer")).to_have_count(2)


def test_what_is_written_while_the_server_is_away_is_sent_after_it_is_back(
    page: Page, shop: Shop, shop_server: Server
) -> None:
    page.goto(shop.url)
    page.locator(".launcher").click()
    ask(page, "hello")
    shop_server.kill()
    try:
        expect(page.locator(".state")).to_have_text("Connection lost. Trying again …")
        page.locator(".panel textarea").fill(RETURNS)
        page.keyboard.press("Enter")
        expect(page.locator(".message-customer").last).to_contain_text("Sending")
        page.reload()
        assert [] == page.locator(".launcher").all()
    finally:
        shop_server.start()

    page.reload()
    expect(page.locator(".message-bot")).to_have_count(2)
    assert "30 days" in page.locator(".message-bot").last.inner_text()
    expect(page.locator(".message-customer")).to_have_count(2)
    expect(page.locator(".state")).to_be_empty()


def test_without_websockets_it_polls(page: Page, shop: Shop) -> None:
    page.add_init_script(BLOCKED_WEBSOCKET)
    page.goto(shop.url)
    page.locator(".launcher").click()
    assert "30 days" in ask(page, RETURNS)


def test_a_dropped_connection_is_shown_and_mended(page: Page, shop: Shop, problems: list[str]) -> None:
    sockets: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    page.route_web_socket("**", pass_on)
    page.goto(shop.url)
    page.locator(".launcher").click()
    ask(page, RETURNS)
    sockets[-1].close()
    assert "delivery" in ask(page, "How much is delivery?").lower()
    assert len(sockets) >= 2


def test_another_visitor_sees_nothing_of_it(widget: Page, browser: Browser, shop: Shop) -> None:
    ask(widget, RETURNS)
    context = browser.new_context()
    stranger = context.new_page()
    stranger.goto(shop.url)
    stranger.locator(".launcher").click()
    ask(stranger, "hello")
    expect(stranger.locator(".message-customer")).to_have_count(1)
    expect(widget.locator(".message-customer")).to_have_count(1)
    context.close()


def test_a_page_that_is_not_allowed_shows_nothing_and_is_told_why(page: Page, shop: Shop) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with page.expect_console_message(lambda message: "may not show this chat" in message.text) as told:
        page.goto(shop.url.replace("127.0.0.1", "localhost"))
    assert "http://localhost" in told.value.text
    assert "ALLOWED_ORIGINS" in told.value.text
    expect(page.locator("#handrail")).to_have_count(0)


def test_the_page_around_it_changes_nothing_of_it(widget: Page) -> None:
    expect(widget.locator(".launcher")).to_have_css("width", "60px")
    expect(widget.locator(".hero h2")).to_have_css("font-size", "25.6px")
    colour = widget.locator(".row").first.evaluate("row => getComputedStyle(row).color")
    assert "rgb(255, 0, 0)" != colour


def test_the_keyboard_alone_is_enough(page: Page, shop: Shop, problems: list[str]) -> None:
    page.goto(shop.url)
    page.locator(".launcher").wait_for()
    page.locator("#own").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".launcher")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(RETURNS)
    page.keyboard.press("Enter")
    reply(page, 0)
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(page.locator(".launcher")).to_be_focused()


SEND_AND_CLOSE = """(box) => {
  // In one go: no reply can be so quick as to come between the two keys.
  for (const key of ["Enter", "Escape"])
    box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true }));
}"""


def test_a_reply_while_it_is_closed_is_counted_on_the_button(widget: Page) -> None:
    ask(widget, "hello")
    box = widget.locator(".panel textarea")
    box.fill(RETURNS)
    box.evaluate(SEND_AND_CLOSE)
    expect(widget.get_by_role("button", name="Open help, new messages: 1")).to_be_visible()
    widget.locator(".launcher").click()
    expect(widget.get_by_role("button", name="Open help", exact=True)).to_be_visible()


def test_a_reply_that_came_between_two_pages_is_counted_on_the_button(widget: Page, shop: Shop) -> None:
    ask(widget, "hello")
    widget.keyboard.press("Escape")
    seen = widget.evaluate("localStorage.getItem('handrail.seen')")
    widget.evaluate("seen => localStorage.setItem('handrail.seen', seen.replace(/:.*/, ':1'))", seen)
    widget.goto(f"{shop.url}/?next")
    expect(widget.get_by_role("button", name="Open help, new messages: 1")).to_be_visible()


def test_it_is_open_on_the_next_page_too_and_takes_no_focus(widget: Page, shop: Shop) -> None:
    ask(widget, "hello")
    widget.goto(f"{shop.url}/?next")
    expect(widget.locator(".message-bot")).to_be_visible()
    assert "BODY" == widget.evaluate("document.activeElement.tagName")


def test_focus_stays_where_the_customer_goes_on(widget: Page) -> None:
    ask(widget, RETURNS)
    widget.locator(".source").click()
    expect(widget.locator(".reader h2").first).to_be_focused()
    widget.keyboard.press("Escape")
    expect(widget.locator(".source")).to_be_focused()
    widget.locator(".choice").first.click()
    expect(widget.locator(".panel textarea")).to_be_focused()
    widget.locator("summary").click()
    widget.get_by_role("button", name="Turn sound on").click()
    expect(widget.locator("summary")).to_be_focused()


def test_a_widget_that_could_not_be_loaded_is_loaded_at_the_next_press(page: Page, shop: Shop) -> None:
    page.route("**/chat/app.js*", lambda route: route.abort())
    page.goto(shop.url)
    page.locator(".launcher").click()
    expect(page.locator(".launcher")).to_have_attribute("aria-busy", "false")
    page.unroute("**/chat/app.js*")
    page.locator(".launcher").click()
    page.locator(".panel").wait_for()


def test_a_phone_that_is_turned_keeps_the_page_within_reach(page: Page, shop: Shop) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(shop.url)
    page.locator(".launcher").click()
    page.locator(".panel").wait_for()
    page.set_viewport_size({"width": 1000, "height": 800})
    page.locator("#own").click()
    expect(page.locator(".panel")).to_be_visible()
    page.set_viewport_size({"width": 740, "height": 360})
    expect(page.get_by_role("searchbox")).to_be_in_viewport()
    ask(page, RETURNS)
    log = page.locator(".log").bounding_box()
    assert log is not None
    assert log["height"] > 200


def test_a_copy_can_be_taken_along(widget: Page) -> None:
    ask(widget, RETURNS)
    widget.locator("summary").click()
    with widget.expect_download() as saved:
        widget.get_by_role("button", name="Save a copy").click()
    text = Path(saved.value.path()).read_text()
    assert RETURNS in text
    assert "30 days" in text
    assert "/help/en/articles/return-window" in text


def test_starting_over_begins_anew(widget: Page) -> None:
    ask(widget, RETURNS)
    widget.locator("summary").click()
    widget.get_by_role("button", name="Start over").click()
    assert "start over" in reply(widget, 1)
    expect(widget.locator(".message-customer .bubble").last).to_have_text("Start over")


def test_consent_is_asked_before_the_first_message_where_the_setting_says_so(
    page: Page, shop: Shop, problems: list[str]
) -> None:
    def with_consent(route) -> None:  # type: ignore[no-untyped-def]
        config = route.fetch()
        body = config.json() | {"privacy": {"url": "https://shop.example/privacy", "consent": True}}
        route.fulfill(response=config, json=body)

    page.route("**/widget/config*", with_consent)
    page.goto(shop.url)
    page.locator(".launcher").click()
    page.get_by_role("searchbox").fill(RETURNS)
    page.keyboard.press("Enter")
    expect(page.locator(".consent")).to_contain_text("stored")
    expect(page.locator(".message-customer")).to_contain_text("Not sent yet")
    assert [] == violations(page)
    page.reload()
    page.locator(".panel").wait_for()  # It was open, and is so again.
    page.get_by_role("button", name="Agree and start").click()
    assert "30 days" in reply(page, 0)
    page.reload()
    expect(page.locator(".message-bot")).to_have_count(1)
    ask(page, "How much is delivery?")


def test_a_page_may_open_it_ask_and_read(page: Page, shop: Shop, problems: list[str]) -> None:
    shop.attributes = 'data-launcher="none" data-locale="de" data-side="left"'
    page.goto(shop.url)
    page.evaluate("Handrail.ask('Wie lange kann ich etwas zurückgeben?')")
    assert "30 Tage" in reply(page, 0)
    assert 0 == page.locator(".launcher").count()
    box = page.locator(".window").bounding_box()
    assert box is not None
    assert box["x"] < 40
    page.evaluate("Handrail.close()")
    expect(page.locator(".panel")).to_be_hidden()
    page.evaluate("Handrail.read('return-window')")
    expect(page.locator(".reader h2").first).to_have_text("Rückgabefrist und Ausnahmen")


def test_a_colour_of_the_page_is_used_and_stays_readable(page: Page, shop: Shop, problems: list[str]) -> None:
    shop.attributes = 'data-color="#ffd000"'
    page.goto(shop.url)
    page.locator(".launcher").click()
    assert "rgb(255, 208, 0)" == page.locator(".head").evaluate("head => getComputedStyle(head).backgroundColor")
    assert [] == violations(page)


def test_on_a_phone_it_is_the_whole_screen(phone: Page, shop: Shop) -> None:
    phone.emulate_media(reduced_motion="reduce")  # An answer may be quicker than the window rises.
    phone.goto(shop.url)
    phone.locator(".launcher").tap()
    assert "30 days" in ask(phone, RETURNS)
    assert {"x": 0, "y": 0, "width": 360, "height": 740} == phone.locator(".window").bounding_box()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert [] == violations(phone)
    phone.get_by_role("button", name="Close").tap()
    expect(phone.locator(".panel")).to_be_hidden()


def test_it_fits_a_page_that_is_written_from_right_to_left(widget: Page) -> None:
    widget.evaluate("document.documentElement.dir = 'rtl'")
    ask(widget, "كم من الوقت لدي لإرجاع المنتج؟")
    expect(widget.locator(".message-customer .bubble")).to_have_css("direction", "rtl")
    expect(widget.locator(".panel")).to_have_css("direction", "ltr")
    box = widget.locator(".window").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert 1200 < box["x"] + box["width"] <= 1280


@pytest.mark.parametrize(("width", "height"), [(360, 740), (640, 450), (768, 1024), (1440, 900)])
def test_axe_finds_nothing_in_any_state(browser: Browser, shop: Shop, width: int, height: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(shop.url)
    page.locator(".launcher").click()
    page.locator(".home").wait_for()
    found = {"home": violations_by_day_and_night(page)}
    page.get_by_role("searchbox").fill("return")
    page.locator(".row-ask").wait_for()
    found["suggestions"] = violations_by_day_and_night(page)
    ask(page, RETURNS)
    found["answer"] = violations_by_day_and_night(page)
    page.locator(".source").click()
    page.locator(".reader .prose").wait_for()
    found["reader"] = violations_by_day_and_night(page)
    page.get_by_role("button", name="Back").click()
    ask(page, "warranty")
    page.locator("summary").click()
    found["choice, menu"] = violations_by_day_and_night(page)
    page.keyboard.press("Escape")
    page.locator(".panel textarea").fill("x" * 5000)
    page.keyboard.press("Enter")
    expect(page.locator(".hint")).to_contain_text("too long")
    found["too long"] = violations_by_day_and_night(page)
    page.route("**/articles/*.json", lambda route: route.fulfill(status=500))
    page.locator(".source").click()
    page.locator(".reader [role=alert]").wait_for()
    found["error"] = violations_by_day_and_night(page)
    page.get_by_role("button", name="Back").click()
    context.set_offline(True)
    expect(page.locator(".state")).to_contain_text("offline")
    found["offline"] = violations_by_day_and_night(page)
    context.close()
    assert {state: [] for state in found} == found
