"""The file of categories: what it may say, and that it comes back as it was."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from knowledge.article_text import ArticleError
from knowledge.categories import (
    ICONS,
    NO_ICON,
    Category,
    CategoryText,
    parse_categories,
    render_categories,
    stored_categories,
)
from knowledge.importing import import_articles
from knowledge.library import Knowledge

ROOT = Path(__file__).parents[2]
FILE = """- key: delivery
  icon: truck
  en:
    name: Delivery
    description: 'Where it is: soon here.'
  de:
    name: Lieferung
- key: returns-and-more
  icon: undo-2
"""


def test_categories_are_read_and_written_as_they_were() -> None:
    delivery, returns = parse_categories(FILE)

    assert Category("returns-and-more", "undo-2") == returns
    assert {
        "en": CategoryText("Delivery", "Where it is: soon here."),
        "de": CategoryText("Lieferung"),
    } == delivery.texts
    assert FILE == render_categories([delivery, returns])
    demo = (ROOT / "knowledge" / "demo" / "categories.yml").read_text()
    assert demo == render_categories(parse_categories(demo))


def test_a_name_is_made_from_the_key_where_none_is_given() -> None:
    delivery, returns = parse_categories(FILE)

    assert ["Returns and more", ""] == [returns.name("en"), returns.description("en")]
    assert "Lieferung" == delivery.name("de")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "It is not YAML"),
        ("a: b", "It must be a list of categories"),
        ("- x", "It must be a list of categories"),
        ("- key: A b", "The key 'A b' must be of small letters"),
        ("- icon: truck", "The key 'None' must be of small letters"),
        ("- key: a\n  icon: nothing", "a: the icon 'nothing' is not there. These are: book-open, "),
        ("- key: a\n  fr:\n    name: x", "a: 'fr' is not known"),
        ("- key: a\n  en: x", "a: en must have a name"),
        ("- key: a\n  en:\n    name: ' '", "a: the name in en is missing."),
        ("- key: a\n  en:\n    name: 5", "a: the name must be text"),
        (f"- key: a\n  en:\n    name: {'x' * 61}", "a: the name must be one line of at most 60 characters."),
        ("- key: a\n- key: a", "The category 'a' is there twice."),
        ("[" * 20_000, "It is not YAML"),
        ("!!python/object/apply:os.system [id]", "It is not YAML"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, reason: str) -> None:
    with pytest.raises(ArticleError) as raised:
        parse_categories(text)
    assert str(raised.value).startswith(reason)
    assert str(raised.value).endswith(".")


def test_a_bad_file_is_reported_and_the_articles_and_old_categories_stay(knowledge: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "categories.yml"
    path.write_text(FILE)
    assert [] == import_articles(knowledge, tmp_path).problems
    version = knowledge.snapshot.version
    assert [] == import_articles(knowledge, tmp_path).problems
    assert version == knowledge.refresh().version  # the same again is no change
    path.write_text("- key: A")
    [problem] = import_articles(knowledge, tmp_path).problems

    assert "categories.yml" == problem.where
    with knowledge.database.reading() as session:
        assert parse_categories(FILE) == stored_categories(session)


def test_every_icon_is_in_the_sprite() -> None:
    sprite = ElementTree.parse(ROOT / "app" / "static" / "look" / "icons.svg").getroot()
    there = {symbol.get("id") for symbol in sprite}
    pages = (ROOT / "knowledge" / "help" / "templates").rglob("*.html")
    used = {name for page in pages for name in _icons(page.read_text())}

    assert {*ICONS, NO_ICON, *used} <= there
    assert "truck" in used | set(ICONS)


def _icons(template: str) -> list[str]:
    return [part.partition('"')[0] for part in template.split('icon("')[1:]]
