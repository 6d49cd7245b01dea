"""The help centre as customers use it: searched while typing, read, judged; without scripts, on a phone, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE_MS, violations_by_day_and_night
from tests.browser.held import Held
from tests.server import Server

ARTICLE = "/help/en/articles/descale-machine"
GERMAN = "/help/de/articles/error-codes"
WHY = "/help/en/articles/return-window?feedback=00000000-0000-0000-0000-000000000000"
PAGES = {
    "home": "/help/en/",
    "topic": "/help/de/categories/troubleshooting",
    "article with picture and callout": ARTICLE,
    "article with table": GERMAN,
    "article with code": "/help/en/articles/app-connection",
    "only in the other language": "/help/en/articles/return-window?from=de",
    "results": "/help/en/search?q=how+do+I+send+it+back",
    "no result": "/help/de/search?q=Haferkekse",
    "too long": f"/help/en/search?q={'x' * 600}",
    "not there": "/help/en/articles/nothing-like-this",
    "asked why": WHY,
    "thanked": "/help/en/articles/return-window?feedback=thanks",
}


@pytest.fixture
def home(page: Page, demo_server: Server, problems: list[str]) -> Page:
    page.goto(f"{demo_server.url}/help/en/")
    return page


@pytest.fixture
def plain(browser: Browser, demo_server: Server) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False, base_url=demo_server.url, locale="de-DE")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def typed(page: Page, text: str) -> Page:
    page.get_by_role("combobox").fill(text)
    expect(page.get_by_role("listbox")).to_be_visible()
    return page


def test_suggestions_come_while_typing_and_lead_to_the_article(home: Page) -> None:
    typed(home, "retu")
    expect(home.get_by_role("option").first).to_contain_text("How to return an item")
    expect(home.get_by_role("status")).to_contain_text("suggestions")
    home.get_by_role("option").first.click()

    expect(home.get_by_role("heading", level=1)).to_have_text("How to return an item")


def test_suggestions_that_were_closed_stay_closed_though_more_were_on_their_way(home: Page) -> None:
    typed(home, "retu")
    expect(home.get_by_role("option").first).to_contain_text("How to return an item")
    held = Held(home, "**/suggest?*", is_answered=True)
    home.keyboard.type("rn")
    held.wait()
    home.keyboard.press("Escape")
    held.let_go()
    home.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    expect(home.get_by_role("listbox")).to_be_hidden()


def test_suggestions_are_chosen_with_the_keyboard(home: Page) -> None:
    box = home.get_by_role("combobox")
    box.fill("warranty")
    expect(box).to_have_attribute("aria-expanded", "true")
    home.keyboard.press("ArrowDown")
    home.keyboard.press("ArrowDown")
    home.keyboard.press("ArrowUp")
    first = home.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    assert first.get_attribute("id") == box.get_attribute("aria-activedescendant")
    home.keyboard.press("Escape")
    expect(home.get_by_role("listbox")).to_be_hidden()
    expect(box).to_be_focused()
    home.keyboard.press("ArrowDown")
    expect(home.get_by_role("listbox")).to_be_visible()
    home.keyboard.press("ArrowUp")
    expect(home.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    home.keyboard.press("Enter")

    expect(home).to_have_url(re.compile(r"/help/en/search\?q=warranty"))
    expect(home.get_by_role("heading", level=2).first).to_contain_text("warranty")


def test_enter_searches_for_what_is_typed(home: Page) -> None:
    typed(home, "can I use vinegar?")
    home.keyboard.press("Enter")

    expect(home.get_by_role("heading", level=1)).to_have_text("Results for “can I use vinegar?”")
    expect(home.locator(".help-best mark").first).to_be_visible()


def test_an_answer_that_comes_too_late_is_not_shown(home: Page) -> None:
    def late(route: object) -> None:
        home.wait_for_timeout(600)
        route.continue_()  # type: ignore[attr-defined]

    home.route("**/suggest?q=pass", late)
    box = home.get_by_role("combobox")
    box.fill("pass")
    home.wait_for_timeout(250)
    box.fill("descal")
    expect(home.get_by_role("option").first).to_contain_text("Descale")
    home.wait_for_timeout(900)

    expect(home.get_by_role("option").first).to_contain_text("Descale")


def test_suggestions_show_markup_as_text(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.route(
        "**/suggest?*",
        lambda route: route.fulfill(
            json=[
                {"id": "x", "title": "<img src=x onerror=alert(1)>", "url": "/x", "category": "<b>", "sentence": "<i>"}
            ]
        ),
    )
    page.goto(f"{demo_server.url}/help/en/")
    typed(page, "x x")

    expect(page.get_by_role("option").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert 0 == page.locator("[role=option] img, [role=option] b, [role=option] i").count()


def test_feedback_is_given_without_leaving_ones_place(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.goto(f"{demo_server.url}{ARTICLE}")
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_role("heading", name="What was missing?")).to_be_visible()
    expect(page.locator("#feedback")).to_be_focused()
    page.get_by_label("It is wrong or out of date").check()
    page.get_by_label("Tell us more (optional)").fill("The light is red on mine.")
    page.get_by_role("button", name="Send").click()

    expect(page.locator("#feedback")).to_contain_text("goes to the people who write these articles")
    assert page.url == f"{demo_server.url}{ARTICLE}"


def test_everything_works_without_javascript(plain: Page) -> None:
    plain.goto("/")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Wie können wir helfen?")
    plain.get_by_role("searchbox").fill("Wie lange habe ich Zeit, etwas zurückzugeben?")
    plain.keyboard.press("Enter")
    plain.get_by_role("link", name="Rückgabefrist").first.click()
    plain.get_by_role("link", name="Was Sie zurückgeben können", exact=True).click()
    expect(plain.get_by_role("heading", name="Was Sie zurückgeben können", exact=True)).to_be_in_viewport()
    plain.get_by_role("button", name="Nein").click()
    plain.get_by_label("Der Artikel ist schwer zu verstehen").check()
    plain.get_by_role("button", name="Absenden").click()
    expect(plain.locator("#feedback")).to_contain_text("Danke.")
    expect(plain.locator("#feedback")).to_be_in_viewport()
    plain.get_by_role("link", name="English").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Return window and exceptions")


def test_where_one_is_in_a_long_article_is_marked(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.goto(f"{demo_server.url}{ARTICLE}")
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="If the programme").click()

    expect(page.locator(".toc a[aria-current]")).to_have_text("If the programme was interrupted")


def test_a_picture_keeps_its_place_and_is_ours(page: Page, demo_server: Server, problems: list[str]) -> None:
    page.goto(f"{demo_server.url}{ARTICLE}")
    picture = page.get_by_role("img", name="The front of the Arco")
    picture.scroll_into_view_if_needed()

    expect(picture).to_have_attribute("width", "1440")
    expect(picture).to_have_js_property("complete", True)
    assert 1440 == picture.evaluate("picture => picture.naturalWidth")


def test_paper_shows_the_article_and_nothing_around_it(page: Page, demo_server: Server) -> None:
    page.goto(f"{demo_server.url}{GERMAN}")
    page.emulate_media(media="print")

    page.locator("#handrail").wait_for(state="attached")
    for gone in ("#handrail", ".help-side", ".toc", ".help-feedback", ".help-chat", ".site-head", ".breadcrumbs"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator(".help-printed")).to_contain_text("/help/de/articles/error-codes")


def open_at(browser: Browser, server: Server, path: str, width: int) -> tuple[BrowserContext, Page]:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{server.url}{path}")
    return context, page


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_on_any_page(browser: Browser, demo_server: Server, kind: str) -> None:
    context, page = open_at(browser, demo_server, PAGES[kind], 1440)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert [] == violations_by_day_and_night(page), width
    context.close()


def test_axe_finds_nothing_in_open_suggestions(browser: Browser, demo_server: Server) -> None:
    context, page = open_at(browser, demo_server, "/help/de/", 768)
    typed(page, "rückg")
    page.keyboard.press("ArrowDown")
    assert [] == violations_by_day_and_night(page)
    context.close()


@pytest.mark.parametrize("kind", PAGES)
def test_every_page_fits_every_width(browser: Browser, demo_server: Server, kind: str) -> None:
    context, page = open_at(browser, demo_server, PAGES[kind], 1440)
    for width in (320, 360, 480, 640, 720, 768, 992, 1024, 1216, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        # A scroll bar would tell the same as an overflow.
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    context.close()
