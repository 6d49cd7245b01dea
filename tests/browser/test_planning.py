"""The administration of handing over in a browser: readable by all, wide and on a phone, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from tests.browser.conftest import photographed, violations
from tests.cast import echo
from tests.handoff.people import works_in_leipzig
from tests.ports import free_port
from tests.serving import serving
from tests.staff import ada, sign_in_browser

PAGES = ("hours", "targets", "topics", "replies", "replies/new", "desk")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_its_pages_can_be_read_by_all(browser: Browser, sqlite_database: Database, width: int, scheme: str) -> None:
    works_in_leipzig(sqlite_database)
    port = free_port()
    served = wire_web(Settings(company="Fennimor", port=port), sqlite_database, echo)
    url = f"http://127.0.0.1:{port}"
    with serving(served.app, port), _seen(browser, width, scheme) as context:
        sign_in_browser(context, url, sqlite_database, ada(sqlite_database))
        page = context.new_page()
        for name in PAGES:
            page.goto(f"{url}/admin/{name}")
            assert [] == violations(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            photographed(page, f"{name.replace('/', '-')}-{width}-{scheme}")
    served.stop()


def _seen(browser: Browser, width: int, scheme: str) -> BrowserContext:
    return browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
