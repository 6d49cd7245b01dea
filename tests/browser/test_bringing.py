"""Articles are brought in and taken out in a real browser: looked at first, with a progress that moves by itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from db import utc_now
from knowledge.imports.working import work_on_imports
from knowledge.publishing import By, live_of
from tests.browser.conftest import photographed, violations_by_day_and_night
from tests.browser.editing import Enter, House
from tests.browser.test_editor import enter, house
from tests.knowledge.shop import RETURNS, article
from tests.knowledge.sources.packing import packed
from tests.knowledge.test_imports import markdown

__all__ = ["enter", "house"]


def archive() -> bytes:
    return packed(
        {
            "en/return-an-item.md": markdown("return-an-item", "Pack it very well, with the label on top."),
            "en/exchange.md": markdown("exchange", "Send it back, we send another one.", "Exchange an item"),
            "en/same.md": markdown("same", "It stays.", "What stays"),
            "en/hers.md": markdown("hers", "From elsewhere.", "Changed on both sides"),
            "en/broken.md": "No front matter at all.",
        }
    )


def prepare(house: House) -> None:
    same = {"id": "same", "title": "What stays", "body": "It stays.", "short_answer": "It stays.", "locale": "en"}
    house.knowledge.publish(article(**{**same, "category": "returns", "tags": [], "questions": []}))
    house.knowledge.publish(article(**{**RETURNS, "id": "hers"}), by=By(author_id=house.edda.id))


def work(house: House) -> None:
    while work_on_imports(house.knowledge, utc_now()):
        pass


@pytest.mark.parametrize("width", [1440, 390])
def test_an_import_from_the_file_to_the_report(house: House, enter: Enter, width: int) -> None:
    prepare(house)
    page = enter("import", width=width)
    page.get_by_label("File", exact=True).set_input_files(
        [{"name": "help-centre.zip", "mimeType": "application/zip", "buffer": archive()}]
    )
    page.get_by_text("Language, category, format").click()
    photographed(page, f"begin-{width}")
    assert [] == violations_by_day_and_night(page)
    page.get_by_role("button", name="Read and show").click()
    expect(page.get_by_text("Being opened …")).to_be_visible()
    photographed(page, f"reading-{width}")

    work(house)
    expect(page.get_by_role("button", name="Import 3")).to_be_visible()
    expect(page.get_by_role("status").last).to_have_text("To be looked at")
    photographed(page, f"ready-{width}")
    assert [] == violations_by_day_and_night(page)
    page.get_by_role("link", name=re.compile("Compare.*Return an item")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Return an item")
    photographed(page, f"compare-{width}")
    assert [] == violations_by_day_and_night(page)
    page.go_back()
    page.get_by_role("link", name="Not taken 1").click()
    expect(page.get_by_text("There is no front matter")).to_be_visible()

    page.get_by_role("button", name="Import 3").click()
    work(house)
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    photographed(page, f"done-{width}")
    assert [] == violations_by_day_and_night(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_download() as report:
        page.get_by_role("link", name="Report as CSV").click()
    assert report.value.suggested_filename.startswith("import-")
    with house.database.reading() as session:
        live = live_of(session, "return-an-item", "en")
    assert live is not None
    assert "Pack it very well, with the label on top." == live.body


def test_without_a_script_the_page_of_an_import_moves_on_by_itself(house: House, enter: Enter) -> None:
    page = enter("import", java_script_enabled=False)
    page.get_by_label("or addresses of pages").fill("http://127.0.0.1/")
    page.get_by_role("button", name="Read and show").click()
    expect(page.get_by_text("Being opened …")).to_be_visible()
    work(house)
    expect(page.get_by_text("is not an address of the public web")).to_be_visible()
    expect(page.get_by_text("There is nothing new or changed to import.")).to_be_visible()


def test_the_archive_is_downloaded(enter: Enter) -> None:
    page = enter("import")
    with page.expect_download() as archive:
        page.get_by_role("button", name="Download").click()
    assert "articles.zip" == archive.value.suggested_filename
