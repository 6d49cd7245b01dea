"""A house whose desk is served, and a browser for whoever enters it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from db import Database
from tests.browser.at_desks import Enter, House, at_desks, open_house


@pytest.fixture
def house(sqlite_database: Database) -> Iterator[House]:
    with open_house(sqlite_database) as house:
        yield house


@pytest.fixture
def enter(browser: Browser, house: House) -> Iterator[Enter]:
    yield from at_desks(browser, house.url, house.scene.database, "waiting")
