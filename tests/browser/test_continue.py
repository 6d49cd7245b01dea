"""From the chat to the phone and back: in a shop's page under a strict policy, and on /chat."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.by_phone import SETTINGS, digits_texted, sends
from tests.browser.conftest import SHOP_PORT, ask, reply, violations
from tests.browser.shop import Shop, open_shop
from tests.conftest import demo_copy
from tests.server import Server

RETURNS = "How long do I have to return something?"
SECRET = "a secret of the shop, 32 characters or more"


@pytest.fixture(scope="module")
def server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("phones")
    origin = f"http://127.0.0.1:{SHOP_PORT}"
    rates = {"CODE_RATE": "1000/hour", "CODE_NETWORK_RATE": "1000/hour"}
    server = demo_copy(demo_template, folder, ALLOWED_ORIGINS=origin, IDENTITY_SECRET=SECRET, **SETTINGS, **rates)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def shop(server: Server) -> Iterator[Shop]:
    with open_shop(SHOP_PORT, server.url) as shop:
        yield shop


@pytest.fixture
def widget(page: Page, shop: Shop, problems: list[str]) -> Page:
    page.goto(shop.url)
    page.locator(".launcher").click()
    page.locator(".panel").wait_for()
    return page


_numbers = iter(range(10, 99))


@pytest.fixture
def number() -> str:
    """A phone of this test alone."""
    return f"+491511234{next(_numbers)}78"


def go_on(page: Page) -> None:
    page.locator(".foot").get_by_role("button", name="Continue on your phone").click()
    expect(page.get_by_role("heading", name="Continue on your phone")).to_be_focused()
    # What comes later moves what stands below.
    expect(page.locator(".way .code, .way .error").first).to_be_visible()


def shown_code(page: Page) -> str:
    return page.locator(".code").inner_text()


def test_the_conversation_goes_on_by_phone_and_is_shown_in_the_chat(widget: Page, server: Server, number: str) -> None:
    ask(widget, RETURNS)
    go_on(widget)
    expect(widget.get_by_role("img", name="QR code")).to_be_visible()
    assert re.fullmatch(r"\w{5}-\w{5}", shown_code(widget))
    sends(server, f"Hello, I would like to go on with our chat here. My code: {shown_code(widget)}", number=number)

    expect(widget.get_by_text("Connected with +49 ··· 78")).to_be_visible()
    expect(widget.locator(".qr")).to_have_count(0)
    widget.get_by_role("button", name="Back to the conversation").click()
    sends(server, "How much is delivery?", number=number)
    expect(widget.locator(".message-customer").last).to_contain_text("How much is delivery?")
    expect(widget.locator(".message-customer .via").last).to_have_text("via WhatsApp")
    expect(widget.locator(".message-bot").last).to_contain_text("elivery")
    expect(widget.locator(".message-bot .via").last).to_have_text("via WhatsApp")
    assert "30 days" in ask(widget, RETURNS)


def test_a_code_by_sms_connects_too(page: Page, shop: Shop, server: Server, number: str) -> None:
    widget = page
    widget.goto(shop.url)
    widget.locator(".launcher").click()
    ask(widget, RETURNS)
    go_on(widget)
    widget.get_by_text("Or have a code texted to you").click()
    widget.get_by_label("Your mobile number").fill("030 901820")
    widget.get_by_role("button", name="Text me a code").click()
    expect(widget.get_by_text("That is no mobile number")).to_be_visible()
    expect(widget.get_by_label("Your mobile number")).to_be_focused()
    widget.get_by_label("Your mobile number").fill(number.replace("+49", "0"))
    widget.keyboard.press("Enter")
    expect(widget.get_by_label("The six digits")).to_be_focused()
    digits = digits_texted(server)
    widget.keyboard.type("000000" if digits != "000000" else "000001")
    widget.keyboard.press("Enter")
    expect(widget.get_by_text("That is not the code")).to_be_visible()
    widget.get_by_label("The six digits").fill(digits)
    widget.keyboard.press("Enter")

    expect(widget.get_by_text("Connected with +49 ··· 78")).to_be_visible()
    expect(widget.get_by_role("button", name="Back to the conversation")).to_be_focused()
    widget.keyboard.press("Enter")
    sends(server, "How much is delivery?", "sms", number)
    expect(widget.locator(".message-customer .via").last).to_have_text("by SMS")


def test_not_me_takes_what_the_phone_said_out_of_the_chat(widget: Page, server: Server, number: str) -> None:
    ask(widget, RETURNS)
    go_on(widget)
    sends(server, shown_code(widget), number=number)
    widget.get_by_role("button", name="Back to the conversation").click()
    sends(server, "my secret", number=number)
    expect(widget.get_by_text("my secret")).to_be_visible()
    sends(server, "NOT ME", number=number)

    expect(widget.get_by_text("my secret")).to_have_count(0)
    expect(widget.get_by_text(RETURNS)).to_have_count(1)
    widget.reload()
    expect(widget.get_by_text(RETURNS)).to_be_visible()
    expect(widget.get_by_text("my secret")).to_have_count(0)


def test_the_way_back_is_open_while_the_phone_goes_on(widget: Page, server: Server, number: str) -> None:
    ask(widget, RETURNS)
    go_on(widget)
    sends(server, shown_code(widget), number=number)
    back = widget.get_by_role("button", name="Back to the conversation")
    back.hover()
    widget.mouse.down()
    sends(server, "How much is delivery?", number=number)
    # With each message the page is told of the phone once more.
    expect(widget.locator(".message-bot").last).to_contain_text("3–5")
    widget.mouse.up()
    expect(widget.locator(".message-customer").last).to_be_visible()


def test_a_picture_sent_by_phone_is_named_in_the_chat_and_in_the_copy(widget: Page, shop: Shop) -> None:
    sent = {
        "text": "",
        "metadata": {
            "thread": "t",
            "seq": 1,
            "id": "1",
            "author": "customer",
            "channel": "whatsapp",
            "at": "2026-11-16T09:00:00+00:00",
            "attachments": [{"kind": "picture"}, {"kind": "voice"}, {"kind": "hologram"}],
        },
    }
    import json

    packet = f'42["thread",{json.dumps([sent])}]'
    page = widget.context.new_page()
    page.route_web_socket("**/socket.io/**", lambda here: _with(here, packet))
    page.goto(f"{shop.help}/chat")
    page.locator(".panel").wait_for()
    page.get_by_role("searchbox").fill("hello")
    page.keyboard.press("Enter")
    expect(page.locator(".attached").first).to_have_text("Picture")
    expect(page.locator(".attached").nth(1)).to_have_text("Voice message")
    expect(page.locator(".attached").nth(2)).to_have_text("File")
    page.locator("summary").first.click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save a copy").click()
    text = Path(saved.value.path()).read_text()
    assert "You (via WhatsApp)\n[Picture]\n[Voice message]\n[File]" in text


def _with(here: object, packet: str) -> None:
    """The server's own packets, and one more after the thread."""
    there = here.connect_to_server()  # type: ignore[attr-defined]

    def pass_on(message: str | bytes) -> None:
        here.send(packet if '42["thread"' in str(message) else message)  # type: ignore[attr-defined]

    there.on_message(pass_on)


def test_on_a_phone_there_is_a_link_and_nothing_to_scan(browser: Browser, shop: Shop) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(shop.url)
    page.locator(".launcher").click()
    ask(page, RETURNS)
    go_on(page)
    link = page.get_by_role("link", name="Open WhatsApp")
    assert re.match(r"https://wa\.me/4915735980002\?text=Hello", link.get_attribute("href") or "")
    page.get_by_role("radio", name="SMS").check()
    link = page.get_by_role("link", name="Open SMS")
    assert re.match(r"sms:\+4915735980001\?&body=Hello", link.get_attribute("href") or "")
    expect(page.locator(".qr")).to_have_count(0)
    context.close()


def test_it_is_in_the_menu_and_the_keyboard_alone_is_enough(widget: Page) -> None:
    ask(widget, RETURNS)
    widget.locator("summary").first.focus()
    widget.keyboard.press("Enter")
    widget.keyboard.press("Tab")
    expect(widget.locator(".menu-list button").first).to_be_focused()
    widget.keyboard.press("Enter")
    expect(widget.get_by_role("heading", name="Continue on your phone")).to_be_focused()
    expect(widget.locator(".qr")).to_be_visible()
    first = shown_code(widget)
    widget.get_by_role("radio", name="WhatsApp").focus()
    widget.keyboard.press("ArrowRight")
    expect(widget.get_by_role("radio", name="SMS")).to_be_checked()
    expect(widget.get_by_role("link", name="Open SMS")).to_be_visible()
    assert first != shown_code(widget)
    widget.keyboard.press("Escape")
    expect(widget.locator(".message-bot")).to_be_visible()


def test_an_expired_code_can_be_made_anew(page: Page, shop: Shop) -> None:
    page.clock.install()
    page.goto(shop.url)
    page.locator(".launcher").click()
    ask(page, RETURNS)
    go_on(page)
    expect(page.locator(".qr")).to_be_visible()
    page.clock.run_for(10 * 60_000)
    page.get_by_role("button", name="New code").click()
    expect(page.locator(".qr")).to_be_visible()


def test_a_server_that_is_away_is_said_and_tried_again(page: Page, shop: Shop) -> None:
    page.goto(shop.url)
    page.locator(".launcher").click()
    ask(page, RETURNS)
    page.route("**/widget/continue", lambda route: route.abort())
    go_on(page)
    expect(page.get_by_text("This could not be loaded")).to_be_visible()
    page.unroute("**/widget/continue")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".qr")).to_be_visible()


def test_without_phones_there_is_nothing_of_it(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.goto(f"{demo_server.url}/chat")
    ask(page, RETURNS)
    expect(page.get_by_role("button", name="Continue on your phone")).to_have_count(0)


def token(sub: str) -> str:
    return jwt.encode({"sub": sub, "name": sub.title(), "exp": time.time() + 3600}, SECRET, "HS256")


def test_who_signs_in_finds_the_conversation_elsewhere_and_the_next_one_does_not(
    browser: Browser, widget: Page, shop: Shop
) -> None:
    widget.evaluate("token => Handrail.identify(token)", token("anna"))
    ask(widget, RETURNS)
    shop.attributes = f'data-identity="{token("anna")}"'
    context = browser.new_context()
    elsewhere = context.new_page()
    elsewhere.goto(shop.url)
    elsewhere.locator(".launcher").click()
    elsewhere.get_by_role("searchbox").fill("hello")
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.get_by_text(RETURNS)).to_be_visible()
    reply(elsewhere, 1)

    elsewhere.evaluate("Handrail.identify(null)")
    expect(elsewhere.get_by_text(RETURNS)).to_have_count(0)
    context.close()


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(320, 640, "light"), (360, 740, "dark"), (640, 450, "light"), (1440, 900, "dark")]
)
def test_every_width_fits_and_axe_finds_nothing(
    browser: Browser, server: Server, width: int, height: int, scheme: str, number: str
) -> None:
    """640 by 450 is a window of 1280 by 900 at 200 %."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(f"{server.url}/chat?locale=de")
    ask(page, "Wie lange habe ich Zeit, etwas zurückzugeben?")
    page.locator(".foot").get_by_role("button", name="Am Telefon fortsetzen").click()
    page.locator(".qr").wait_for()
    page.get_by_text("Oder einen Code per SMS bekommen").click()
    page.get_by_label("Ihre Mobilnummer").fill("030 901820")
    page.get_by_role("button", name="Code senden").click()
    page.get_by_text("Das ist keine Mobilnummer").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".by-phone").evaluate("view => view.scrollWidth <= view.clientWidth")
    assert [] == violations(page)
    sends(server, shown_code(page), number=number)
    page.get_by_role("button", name="Zurück zur Unterhaltung").wait_for()
    assert [] == violations(page)
    page.get_by_role("button", name="Zurück zur Unterhaltung").click()
    page.locator(".via").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [] == violations(page)
    context.close()
