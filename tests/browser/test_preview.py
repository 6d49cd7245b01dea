"""What is pasted, dropped and linked in the editor, and how the preview follows."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from db import Database
from knowledge.embedding import Embedder
from knowledge.library import Knowledge
from tests.browser.conftest import photographed, violations
from tests.browser.editing import Enter, House, desks, open_house
from tests.browser.held import Held
from tests.knowledge.pictures.hostile import jpeg_from_home
from tests.knowledge.pictures.test_beside_files import picture
from tests.knowledge.pictures.test_taking import SVG
from tests.knowledge.shop import BENCH, RETURNS_DE, article
from tests.ports import free_port
from tests.serving import serving
from tests.staff import edda, susanne

HERE = "articles/en/return-an-item"
BODY = (
    "Pack it well.\n\n> [!TIP]\n> Keep the **box**.\n\n## Label\n\nPrint the label from your *order*.\n\n"
    "## Drop-off\n\n1. Any parcel shop\n2. Or our [bench](article:bench-fn-204518)\n\n## Refund\n\nWithin a week."
)
TRANSFER = """([selector, kind, name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  if (type === "text/plain") data.setData(type, new TextDecoder().decode(bytes));
  else data.items.add(new File([bytes], name, { type }));
  const options = { bubbles: true, cancelable: true };
  const event =
    kind === "paste"
      ? new ClipboardEvent(kind, { ...options, clipboardData: data })
      : new DragEvent(kind, { ...options, dataTransfer: data });
  document.querySelector(selector).dispatchEvent(event);
}"""

LOADED = """() => {
  const [shown] = document.querySelector(".preview-frame").contentDocument.images;
  shown?.scrollIntoView();
  return shown?.naturalWidth > 0;
}"""
"""Whether the picture in the preview is there; it is fetched when it is looked at."""


@pytest.fixture
def house(sqlite_database: Database, embedder: Embedder) -> Iterator[House]:
    port = free_port()
    knowledge = Knowledge(sqlite_database, embedder)
    knowledge.publish(article(body=BODY), article(RETURNS_DE), article(BENCH))
    people = {"edda": edda(sqlite_database), "susanne": susanne(sqlite_database)}
    app = open_house(knowledge, port)
    with serving(app, port):
        yield House(f"http://127.0.0.1:{port}", app, sqlite_database, knowledge, **people)


@pytest.fixture
def enter(browser: Browser, house: House) -> Iterator[Enter]:
    yield from desks(browser, house, f"{HERE}#preview")


def hand_over(page: Page, kind: str, content: bytes, name: str = "photo.jpg", type: str = "image/jpeg") -> None:
    page.evaluate(TRANSFER, ["#body", kind, name, type, base64.b64encode(content).decode()])


def at_end_of_body(page: Page) -> None:
    page.evaluate(
        "() => { const body = document.getElementById('body'); body.focus(); body.setSelectionRange(1e6, 1e6); }"
    )


def test_the_preview_follows_what_is_typed(enter: Enter) -> None:
    page = enter()
    shown = page.frame_locator(".preview-frame")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Return an item")
    expect(shown.locator(".callout-tip")).to_contain_text("Keep the box.")
    expect(shown.locator(".toc a")).to_have_text(["Label", "Drop-off", "Refund"])
    expect(shown.locator(".callout-tip")).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
    page.get_by_label("Title").fill("Send it back")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Send it back")
    photographed(page, "preview-help")


@pytest.mark.parametrize("tab", ["Widget", "WhatsApp", "SMS"])
def test_every_channel_has_its_tab(enter: Enter, tab: str) -> None:
    page = enter()
    page.get_by_role("tab", name=tab).click()
    panel = page.get_by_role("tabpanel", name=tab)
    expect(panel).to_contain_text("You can send an item back within 30 days.")
    photographed(page, f"preview-{tab.lower()}")
    page.get_by_label("Short answer").fill("Only within 30 days.")
    expect(panel).to_contain_text("Only within 30 days.")
    assert [] == violations(page)


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_is_asked_what_it_tells_and_stands_in_the_preview(enter: Enter, kind: str) -> None:
    page = enter()
    at_end_of_body(page)
    hand_over(page, kind, jpeg_from_home((600, 400)))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img")).to_be_visible()
    photographed(page, f"picture-{kind}")
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog).to_contain_text("Please say what the picture tells, or that it is decoration.")
    assert [] == violations(page)
    dialog.get_by_label("Alternative text").fill("The [label] on the box")
    dialog.get_by_role("button", name="Insert").click()

    assert r"![The \[label\] on the box](picture:" in page.get_by_label("Text", exact=True).input_value()
    expect(page.frame_locator(".preview-frame").get_by_alt_text("The [label] on the box")).to_be_attached()
    page.wait_for_function(LOADED)


def test_a_picture_is_inserted_only_once_it_is_there(enter: Enter) -> None:
    page = enter()
    held = Held(page, "**/editor/api/pictures")
    at_end_of_body(page)
    hand_over(page, "paste", picture(), "line.png", "image/png")
    expect(page.get_by_role("button", name="Insert")).to_be_disabled()
    held.let_go()
    expect(page.get_by_role("button", name="Insert")).to_be_enabled()


def test_a_picture_can_be_decoration_on_purpose_and_that_is_said(enter: Enter) -> None:
    page = enter()
    at_end_of_body(page)
    hand_over(page, "paste", picture(), "line.png", "image/png")
    page.get_by_label("It is decoration").check()
    page.get_by_role("button", name="Insert").click()

    said = "One picture has no alternative text."
    expect(page.get_by_role("tabpanel", name="Preview").locator("[data-notices]")).to_contain_text(said)
    page.get_by_role("tab", name="Review", exact=True).click()
    expect(page.get_by_role("tabpanel", name="Review", exact=True)).to_contain_text(said)


def test_what_is_no_picture_is_refused_with_a_sentence(enter: Enter) -> None:
    page = enter()
    hand_over(page, "paste", SVG, "x.png", "image/png")

    expect(page.get_by_role("dialog")).to_contain_text("SVG drawings can contain programs and are not taken.")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Text", exact=True)).to_have_value(BODY)


def test_an_article_is_linked_by_the_keys_alone(enter: Enter) -> None:
    page = enter()
    at_end_of_body(page)
    page.keyboard.press("Control+Shift+K")
    page.keyboard.type("bench")
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(1)
    photographed(page, "article-link")
    assert [] == violations(page)
    page.keyboard.press("Enter")

    assert page.get_by_label("Text", exact=True).input_value().endswith("[](article:bench-fn-204518)")
    link = page.frame_locator(".preview-frame").get_by_role("link", name="Assemble the bench FN-204518")
    expect(link).to_be_visible()


def test_a_pasted_address_of_ours_becomes_a_link_by_id(enter: Enter, house: House) -> None:
    page = enter()
    at_end_of_body(page)
    hand_over(page, "paste", f"{house.url}/help/en/articles/bench-fn-204518#section-parts".encode(), type="text/plain")
    assert page.get_by_label("Text", exact=True).input_value().endswith("[](article:bench-fn-204518#parts)")
    expect(page.locator("#told")).to_contain_text("survives a new name")


def test_on_a_phone_in_the_dark_it_fits(enter: Enter) -> None:
    page = enter(width=390, color_scheme="dark")
    page.get_by_role("tab", name="WhatsApp").click()
    expect(page.get_by_role("tabpanel", name="WhatsApp")).to_contain_text("You can send")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [] == violations(page)
    photographed(page, "preview-phone-dark")


def test_without_scripts_a_button_shows_all_four(enter: Enter) -> None:
    page = enter(java_script_enabled=False)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("section.panel > h2")).to_have_text(["Help centre", "Widget", "WhatsApp", "SMS"])
    photographed(page, "preview-plain")
