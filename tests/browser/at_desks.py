"""Members of staff at their desks, each in a browser of their own, whose scripts complain to the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.settings import Settings
from app.wiring import Served, wire_web
from db import Database, utc_now
from handoff.desk.inserting import Passage
from staff.people import User
from tests.browser.conftest import PATIENCE_MS
from tests.handoff.desk_scene import Scene, helpful, open_scene, says
from tests.ports import free_port
from tests.serving import serving
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


FROTHER = Passage(
    "Spare parts for frothers",
    "Whisks are sent at once.",
    "Whisks are sent at once.\n\n[Spare parts](/help/x)",
    "/help/x",
)
GOODWILL = Passage("Goodwill", "Up to 60 days.", "", "/desk/articles/en/goodwill", internal=True)


@dataclass
class House:
    """Where agents work, and customers write."""

    url: str
    scene: Scene
    served: Served

    def customer_says(self, who: str, text: str, **more: Any) -> str:
        """A customer writes, and the desks are told."""
        conversation_id = says(self.scene.database, who, text, utc_now(), **more)
        assert self.served.news
        self.served.news.tell(conversation_id)
        return conversation_id


@contextmanager
def open_house(database: Database) -> Iterator[House]:
    """Served in this process, with two passages that agents find."""
    port = free_port()
    scene = open_scene(database, utc_now())
    templates = {"whatsapp_template_en": f"HX{'1' * 32}", "whatsapp_template_de": f"HX{'2' * 32}"}
    settings = Settings(company="Fennimor", port=port, **templates)
    served = wire_web(settings, database, helpful, articles=lambda _words, _locale, _limit: [FROTHER, GOODWILL])
    with serving(served.app, port):
        yield House(f"http://127.0.0.1:{port}", scene, served)
    served.stop()
