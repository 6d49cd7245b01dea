"""A request of a page that does not reach the server before the test lets it."""

from __future__ import annotations

from playwright.sync_api import Page, Route

from tests.browser.conftest import PATIENCE_MS

STEP_MS = 20


class Held:
    """Requests of `page` for addresses like `pattern`."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._page = page
        self._routes: list[Route] = []
        page.route(pattern, self._hold)

    def _hold(self, route: Route) -> None:
        self._routes.append(route)

    def wait(self) -> None:
        """Until there is one."""
        for _ in range(PATIENCE_MS // STEP_MS):
            if self._routes:
                return
            self._page.wait_for_timeout(STEP_MS)
        raise AssertionError("Nothing was asked for.")

    def let_go(self) -> None:
        """The first of them."""
        self.wait()
        self._routes.pop(0).continue_()
