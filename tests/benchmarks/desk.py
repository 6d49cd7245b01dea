"""The desk in a browser: how soon its list shows what changed elsewhere, and a key in a long thread."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, sync_playwright

import app.models  # noqa: F401  every table is known
from app.settings import Settings
from app.wiring import Served, wire_web
from channels.conversation import CUSTOMER, Conversation, agent
from db import Database, utc_now
from db.migrating import migrate
from staff.people import User
from staff.sessions import begin_session
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, Unmeasured, ms, p50, p95
from tests.browser.conftest import CHROMIUM, QUIET
from tests.handoff.desk_scene import helpful, hire, says
from tests.ports import free_port
from tests.serving import serving

OPEN = 500
MESSAGES = 2_000
TIMES = 25
KEYS = 60

UNTIL_SHOWN = """(text) => new Promise((shown) => {
  const list = document.querySelector('.lane-rows');
  const look = () => list.textContent.includes(text) && shown(performance.timeOrigin + performance.now());
  new MutationObserver(look).observe(list, { childList: true, subtree: true });
  look();
})"""
KEY_TO_PAINT = """() => {
  window.took = [];
  document.querySelector('.write').addEventListener('keydown', (event) => {
    requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - event.timeStamp)));
  });
}"""


def rows(place: Place) -> list[Row]:
    if CHROMIUM is None:
        raise Unmeasured("Chromium is not installed.")
    with place.folder("desk") as folder:
        database = Database(f"sqlite:///{folder / 'desk.db'}")
        migrate(database)
        mira = hire(database, "Mira Vogt")
        long = _fill(database, mira)
        port = free_port()
        served = wire_web(Settings(port=port), database, helpful)
        try:
            with serving(served.app, port), sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
                page = browser.new_page()
                url = f"http://127.0.0.1:{port}"
                page.context.add_cookies([{"name": "handrail_staff", "value": _token(database, mira), "url": url}])
                measured = [_list_row(page, url, database, served), _typing_row(page, url, long)]
                browser.close()
        finally:
            served.stop()
            database.close()
    return measured


def _fill(database: Database, mira: User) -> str:
    """Open conversations that wait, and one of Mira's with many messages; its id."""
    now = utc_now()
    for number in range(OPEN):
        says(database, f"v{number}", f"A person please, number {number}", now - timedelta(minutes=OPEN - number))
    long = says(database, "long", "A person please", now)
    with database.transaction() as session:
        conversation = session.get(Conversation, long)
        assert conversation
        for number in range(MESSAGES):
            author = CUSTOMER if number % 2 else agent(mira.id)
            at = now + timedelta(milliseconds=number)
            session.add(conversation.say(author, "web", f"Message {number} of a long conversation. " * 3, at))
    return long


def _token(database: Database, mira: User) -> str:
    with database.transaction() as session:
        return begin_session(session, mira, "Benchmark", utc_now())


def _list_row(page: Page, url: str, database: Database, served: Served) -> Row:
    """From the commit of somebody's message to its row in the list."""
    page.goto(f"{url}/desk/all")
    page.wait_for_selector(".lane-item")
    page.wait_for_timeout(1000)
    took = []
    for number in range(TIMES):
        text = f"news {number} for the list"
        page.evaluate("(text) => { window.shown = (" + UNTIL_SHOWN + ")(text); }", text)
        conversation_id = says(database, f"v{number}", text, utc_now())
        began = utc_now().timestamp()
        assert served.news
        served.news.tell(conversation_id)
        took.append(page.evaluate("() => window.shown") / 1000 - began)
    note = f"{ms(p95(took))} p95; {OPEN} open conversations"
    return Row("Desk: the list shows what is new, p50", p50(took) * 1000, "ms", limit=300, note=note)


def _typing_row(page: Page, url: str, long: str) -> Row:
    page.goto(f"{url}/desk/all/{long}")
    page.wait_for_selector(".entry")
    while page.locator(".earlier button").is_visible():
        before = page.locator(".entry").count()
        page.locator(".earlier button").click()
        page.wait_for_function("(count) => document.querySelectorAll('.entry').length > count", arg=before)
    page.evaluate(KEY_TO_PAINT)
    page.locator(".write").focus()
    page.keyboard.type("t" * KEYS, delay=40)
    took = [one / 1000 for one in page.evaluate("() => window.took")]
    entries = page.locator(".entry").count()
    note = f"{ms(p95(took))} p95; {entries} entries on the page"
    return Row("Desk: from a key to what it paints, p50", p50(took) * 1000, "ms", limit=50, note=note)
