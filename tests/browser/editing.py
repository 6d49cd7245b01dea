"""An editor's house in a browser: articles, who writes them, and pages that complain to the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from app.editing import open_editor
from app.processes import counters
from app.settings import Settings
from app.wiring import add_help_centre, wire_web
from db import Database
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from staff.people import User
from tests.browser.conftest import PATIENCE_MS
from tests.cast import echo
from tests.staff import sign_in_browser

Enter = Callable[..., Page]


@dataclass
class House:
    """A running Handrail with an editor."""

    url: str
    app: Flask
    database: Database
    knowledge: Knowledge
    edda: User
    susanne: User


def open_house(knowledge: Knowledge, port: int) -> Flask:
    settings = Settings(company="Fennimor", port=port)
    served = wire_web(settings, knowledge.database, echo)
    centre = HelpCentre(knowledge, counters(""))
    add_help_centre(served.app, settings, centre)
    open_editor(served.app, settings, knowledge, centre)
    served.workers.stop()
    return served.app


def desks(browser: Browser, house: House, first: str = "") -> Iterator[Enter]:
    """Opens a browser for somebody on a page of the editor, `first` if none is named.

    What their scripts complain of fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def sit_down(path: str = first, who: str = "edda", width: int = 1440, **more: Any) -> Page:
        viewport: Any = {"width": width, "height": 900}
        context = browser.new_context(viewport=viewport, locale="en-GB", **more)
        contexts.append(context)
        sign_in_browser(context, house.url, house.database, getattr(house, who))
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(f"{house.url}/editor/{path}")
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert [] == complaints
