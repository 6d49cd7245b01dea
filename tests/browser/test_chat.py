"""The chat page as a customer uses it: asked, reloaded, cut off, in two tabs, with the keyboard, on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebSocketRoute, expect

from tests.server import Server


@pytest.fixture
def problems(page: Page, demo_server: Server) -> Iterator[list[str]]:
    """What a script complained of, and what was fetched from elsewhere: nothing, at the end of each test."""
    found: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(message.text)

    def request(request: Request) -> None:
        if not request.url.startswith((demo_server.url, demo_server.url.replace("http", "ws"), "data:")):
            found.append(f"fetched {request.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", request)
    yield found
    assert [] == found


def ask(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


def replies(page: Page) -> int:
    return page.locator(".message-bot:not(.typing)").count()


def last_reply(page: Page, after: int) -> str:
    """The newest reply of the bot, once there are more than `after`."""
    expect(page.locator(".message-bot:not(.typing)")).not_to_have_count(after)
    return page.locator(".message-bot:not(.typing)").last.inner_text()


def test_a_question_is_answered_with_its_article(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.goto(f"{demo_server.url}/chat")
    ask(page, "How long do I have to return something?")

    assert "30 days" in last_reply(page, 0)
    source = page.locator(".source").first
    expect(source).to_have_attribute("href", "/help/en/return-window")
    with page.context.expect_page() as opened:
        source.click()
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()


def test_a_german_page_speaks_german(browser: Browser, demo_server: Server) -> None:
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    page.goto(f"{demo_server.url}/chat")
    ask(page, "Wie lange habe ich Zeit, etwas zurückzugeben?")

    assert "30 Tage" in last_reply(page, 0)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    context.close()


def test_a_pressed_button_is_what_the_customer_said(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.goto(f"{demo_server.url}/chat")
    ask(page, "How long do I have to return something?")
    last_reply(page, 0)
    button = page.locator(".replies button").first
    title = button.inner_text()
    button.click()

    last_reply(page, 1)
    expect(page.locator(".message-customer").last).to_contain_text(title)


def test_the_thread_is_there_after_a_reload(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.goto(f"{demo_server.url}/chat")
    ask(page, "How long do I have to return something?")
    said = last_reply(page, 0)
    page.reload()

    assert said == last_reply(page, 0)
    expect(page.locator(".message-customer")).to_have_count(1)


def test_a_second_tab_shows_the_same_thread(
    page: Page, context: BrowserContext, demo_server: Server, problems: list[str]
) -> None:
    page.goto(f"{demo_server.url}/chat")
    tab = context.new_page()
    tab.goto(f"{demo_server.url}/chat")
    expect(tab.locator("#status")).to_have_attribute("data-state", "live")
    expect(page.locator("#status")).to_have_attribute("data-state", "live")


def test_what_is_written_during_a_break_is_sent_after_it(page: Page, own_server: Server) -> None:
    page.goto(f"{own_server.url}/chat")
    expect(page.locator("#status")).to_have_attribute("data-state", "live")
    own_server.kill()
    expect(page.locator("#status")).to_have_attribute("data-state", "reconnecting")
    ask(page, "How long do I have to return something?")
    own_server.start()

    page.set_default_timeout(30_000)
    expect(page.locator(".message-bot:not(.typing)")).to_have_count(1, timeout=30_000)
    assert "30 days" in last_reply(page, 0)
    expect(page.locator(".message-customer")).to_have_count(1)


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
    ask(page, "How long do I have to return something?")
    while not lost:
        page.wait_for_timeout(20)
    page.clock.run_for(6_000)

    assert "30 days" in last_reply(page, 0)
    assert 1 == len(lost)


def test_markup_that_a_customer_writes_is_shown_not_run(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.goto(f"{demo_server.url}/chat")
    ask(page, "<img src=x onerror=alert(1)><script>alert(1)</script>")

    last_reply(page, 0)
    expect(page.locator(".message-customer")).to_contain_text("<script>alert(1)</script>")
    assert 0 == page.locator(".message img, .message script").count()


def test_a_message_that_is_too_long_is_refused_with_a_sentence(
    page: Page, demo_server: Server, problems: list[str]
) -> None:
    page.goto(f"{demo_server.url}/chat")
    ask(page, "x" * 100_000)

    expect(page.locator(".message-refused")).to_contain_text("too long")


def test_the_keyboard_alone_is_enough(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.goto(f"{demo_server.url}/chat")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("How long do I have to return something?")
    page.keyboard.press("Enter")
    last_reply(page, 0)
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".replies button").last).to_be_focused()
    page.keyboard.press("Enter")

    last_reply(page, 1)


@pytest.mark.parametrize(("width", "height"), [(320, 640), (360, 740), (768, 1024), (1440, 900)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_width_fits_and_axe_finds_nothing(
    browser: Browser, demo_server: Server, width: int, height: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(f"{demo_server.url}/chat?locale=de")
    ask(page, "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3)
    last_reply(page, 0)
    ask(page, "Wie lange habe ich Zeit, etwas zurückzugeben?")
    last_reply(page, 1)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page).response["violations"]
    assert [] == [(violation["id"], violation["nodes"][0]["html"]) for violation in violations]
    context.close()
