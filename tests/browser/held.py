"""A request of a page that does not reach the server, or its answer the page, before the test lets it."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Page, Route

from tests.browser.conftest import PATIENCE_MS

STEP_MS = 20


class Held:
    """Requests of `page` for addresses like `pattern`.

    `is_answered`: of the first one the answer is held, and the server gives it at once.
    """

    def __init__(self, page: Page, pattern: str, *, is_answered: bool = False) -> None:
        self._page = page
        self._is_answered = is_answered
        self._routes: list[tuple[Route, APIResponse | None]] = []
        page.route(pattern, self._hold, times=1 if is_answered else None)

    def _hold(self, route: Route) -> None:
        self._routes.append((route, route.fetch() if self._is_answered else None))

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
        route, answer = self._routes.pop(0)
        if answer:
            route.fulfill(response=answer)
        else:
            route.continue_()
