"""The administration of handing over in a browser: readable by all, wide and on a phone, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from tests.browser.conftest import photographed, violations_by_day_and_night
from tests.cast import echo
from tests.handoff.people import works_in_leipzig
from tests.ports import free_port
from tests.serving import serving
from tests.staff import ada, sign_in_browser

PAGES = ("hours", "targets", "topics", "replies", "replies/new", "desk")


@pytest.mark.parametrize("width", [1440, 390])
def test_its_pages_can_be_read_by_all(browser: Browser, sqlite_database: Database, width: int) -> None:
    works_in_leipzig(sqlite_database)
    port = free_port()
    served = wire_web(Settings(company="Fennimor", port=port), sqlite_database, echo)
    url = f"http://127.0.0.1:{port}"
    with serving(served.app, port), browser.new_context(viewport={"width": width, "height": 844}) as context:
        sign_in_browser(context, url, sqlite_database, ada(sqlite_database))
        page = context.new_page()
        for name in PAGES:
            page.goto(f"{url}/admin/{name}")
            assert [] == violations_by_day_and_night(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            photographed(page, f"{name.replace('/', '-')}-{width}")
    served.stop()
