"""Members of staff at their desks, each in a browser of their own, whose scripts complain to the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from db import Database
from staff.people import User
from tests.browser.conftest import PATIENCE_MS
from tests.staff import sign_in_browser

Enter = Callable[..., Page]


def at_desks(browser: Browser, url: str, database: Database, first: str) -> Iterator[Enter]:
    """Opens a browser for somebody on a page of the desk, `first` if none is named.

    What their scripts complain of fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def sit_down(user: User, path: str = first, width: int = 1440, scheme: Any = "light") -> Page:
        viewport: Any = {"width": width, "height": 844}
        context = browser.new_context(viewport=viewport, locale=f"{user.locale}-GB", color_scheme=scheme)
        contexts.append(context)
        sign_in_browser(context, url, database, user)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{url}/desk/{path}")
        expect(page.locator(".presence-summary")).to_be_visible()
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert [] == complaints
