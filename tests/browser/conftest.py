"""A real browser (Debian's Chromium) before a real server with the demo help centre."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from sqlalchemy import update

from db import Database
from handoff.opening import Calendar
from tests.browser.shop import Shop, open_shop
from tests.conftest import demo_copy
from tests.ports import free_port
from tests.server import Server

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE_MS = 20_000
"""So long is waited for what should be there at once: what is right costs nothing, and a busy machine is not wrong."""
MOMENT_MS = 500
expect.set_options(timeout=PATIENCE_MS)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: chromium-headless-shell)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on which no script may fail and nothing may be fetched from elsewhere."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


@pytest.fixture
def problems(page: Page) -> Iterator[list[str]]:
    """What a script complained of, and what was fetched from elsewhere: nothing, at the end of each test."""
    found: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.append(message.text)

    def request(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            found.append(f"fetched {request.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", request)
    yield found
    assert [] == found


def ask(page: Page, text: str) -> str:
    """Asks on the start page or in the conversation; the bot's reply."""
    before = page.locator(".message-bot").count()
    box = page.locator(".panel input[type=search]:visible, .panel textarea:visible")
    box.fill(text)
    box.press("Enter")
    return reply(page, before)


def reply(page: Page, before: int) -> str:
    """The newest reply of the bot, once there are more than `before`."""
    replies = page.locator(".message-bot")
    expect(replies).to_have_count(before + 1)
    return replies.last.inner_text()


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds against WCAG and its own best practice."""
    page.emulate_media(reduced_motion="reduce")  # What is fading in has no contrast yet.
    return _found_twice(page)


def _found_twice(page: Page, options: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    """What axe finds, and finds again a moment later.

    Where the colours have just changed, the browser may still tell those from before of some elements.
    """
    found = Axe().run(page, options=options).response["violations"]
    if found:
        page.wait_for_timeout(MOMENT_MS)
        found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found]


COLOURS_SETTLE = """async () => {
  // The next picture is drawn in the other colours; what changes them slowly has begun by then.
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const changing = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(changing.map((one) => one.finished));
}"""


def violations_by_day_and_night(page: Page) -> list[tuple[str, str]]:
    """The same of the light look, and of the dark one what alone may differ: contrast."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.evaluate(COLOURS_SETTLE)
    by_day = violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.evaluate(COLOURS_SETTLE)
    by_night = _found_twice(page, {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return by_day + by_night


def photographed(page: Page, name: str) -> None:
    """For whoever wants to look: SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture(scope="module")
def phone_server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Handrail of the module's own, with the page of phones; somebody is at work whenever the tests are run."""
    server = demo_copy(demo_template, tmp_path_factory.mktemp("phone-server"), PHONE="yes", COMPANY="Fennimor")
    with closing(Database(server.database_url)) as database, database.transaction() as session:
        session.execute(update(Calendar).values(week=[[["00:00", "24:00"]]] * 7, country=None))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def phone_database(phone_server: Server) -> Iterator[Database]:
    """What it keeps."""
    database = Database(phone_server.database_url)
    yield database
    database.close()


SHOP_PORT = free_port()
"""The server must know its origin before either is started."""


@pytest.fixture(scope="session")
def shop_server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Handrail that a shop of another origin may embed; tests may kill it and start it again."""
    folder = tmp_path_factory.mktemp("shop-server")
    server = demo_copy(demo_template, folder, ALLOWED_ORIGINS=f"http://127.0.0.1:{SHOP_PORT}")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def shop(shop_server: Server) -> Iterator[Shop]:
    """The shop that embeds it."""
    with open_shop(SHOP_PORT, shop_server.url) as shop:
        yield shop
