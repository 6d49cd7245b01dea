"""What Zendesk Guide and Intercom export becomes articles with the ids, links, pictures and addresses they had."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from knowledge.article_text import ArticleError
from knowledge.sources.opening import Format
from tests.knowledge.sources.packing import packed
from tests.knowledge.sources.reading import all_of, opened, picture
from tests.knowledge.sources.web import Site

HC = "https://fennimor.zendesk.com/hc"
RETURNS: dict[str, Any] = {
    "id": 360012,
    "url": "https://fennimor.zendesk.com/api/v2/help_center/en-us/articles/360012.json",
    "html_url": f"{HC}/en-us/articles/360012-Return-an-item",
    "author_id": 1,
    "comments_disabled": True,
    "draft": False,
    "promoted": False,
    "position": 0,
    "vote_sum": 3,
    "vote_count": 5,
    "section_id": 77,
    "created_at": "2024-01-02T03:04:05Z",
    "updated_at": "2024-01-02T03:04:05Z",
    "name": "Return an item",
    "title": "Return an item",
    "source_locale": "en-us",
    "locale": "en-us",
    "outdated": False,
    "outdated_locales": [],
    "edited_at": "2024-01-02T03:04:05Z",
    "user_segment_id": None,
    "permission_group_id": 2,
    "content_tag_ids": [],
    "label_names": ["returns", "parcel"],
    "body": '<p>Pack it. See <a href="/hc/en-us/articles/360013">refunds</a> and '
    '<a href="https://shop.example/terms">terms</a>.</p><p><img src="/hc/article_attachments/9/label.png" alt="L"></p>',
}
REFUNDS = RETURNS | {
    "id": 360013,
    "html_url": f"{HC}/en-us/articles/360013-Refunds",
    "title": "Refunds",
    "body": "<p>Within five days.</p>",
    "user_segment_id": 5,
    "draft": True,
    "translations": [
        {"locale": "en-us", "title": "Refunds", "body": "<p>Within five days.</p>", "draft": True},
        {
            "locale": "de",
            "title": "Erstattung",
            "body": "<p>In fünf Tagen.</p>",
            "html_url": f"{HC}/de/articles/360013-Erstattung",
        },
        {"locale": "fr", "title": "Remboursement", "body": "<p>Cinq jours.</p>"},
    ],
}
SECTIONS = [{"id": 77, "category_id": 7, "name": "Returns & Refunds", "locale": "en-us", "position": 0}]
ONE_CATEGORY = [{"id": 7, "name": "General", "locale": "en-us"}]
TRANSLATED = {"source_id": 360012, "source_type": "Article", "locale": "de", "title": "Rückgabe", "body": "<p>Ja.</p>"}


def export(**lists: Any) -> str:
    return json.dumps({"count": 1, "page": 1, "next_page": None, **lists})


def test_zendesks_articles_come_with_sections_translations_and_links(tmp_path: Path, site: Site) -> None:
    (tmp_path / "zendesk.zip").write_bytes(
        packed(
            {
                "export/articles-1.json": export(articles=[RETURNS]),
                "export/articles-2.json": export(articles=[REFUNDS, RETURNS]),
                "export/sections.json": export(sections=SECTIONS),
                "export/categories.json": export(categories=ONE_CATEGORY),
                "export/translations/360012.json": export(translations=[{"id": 1, **TRANSLATED}]),
                "export/article_attachments/9/label.png": picture(),
                "export/article_attachments/8/label.png": picture("red"),
            }
        )
    )
    source = opened(tmp_path / "zendesk.zip", tmp_path)
    found = all_of(source)

    returns, rueckgabe, refunds, erstattung, french = found
    assert returns.text is not None
    assert ("zendesk-360012", "en", "Return an item") == (returns.text.id, returns.text.locale, returns.text.title)
    assert ("returns-refunds", ("returns", "parcel")) == (returns.text.category, returns.text.tags)
    assert ("/hc/en-us/articles/360012-Return-an-item", "/hc/en-us/articles/360012") == returns.text.aliases
    [label] = returns.pictures
    assert (
        "Pack it. See [refunds](article:zendesk-360013) and [terms](https://shop.example/terms).\n\n"
        f"![L](picture:{label.stored_name})"
    ) == returns.text.body
    with Image.open(label.path) as shown:
        assert (0, 128, 128) == shown.convert("RGB").getpixel((0, 0))
    assert rueckgabe.text is not None
    assert ("zendesk-360012", "de", "Rückgabe") == (rueckgabe.text.id, rueckgabe.text.locale, rueckgabe.text.title)
    assert refunds.text is not None
    assert erstattung.text is not None
    assert (True, False) == (refunds.is_draft, erstattung.is_draft)
    assert refunds.text.internal
    assert "/hc/de/articles/360013-Erstattung" in erstattung.text.aliases
    assert "It is written in 'fr'; articles here are in English or German." == str(french.problem)
    assert [("returns-refunds", "Returns & Refunds")] == [(one.key, one.name("en")) for one in source.categories]


def test_where_zendesk_has_several_categories_they_are_ours(tmp_path: Path) -> None:
    categories = [
        ONE_CATEGORY[0],
        {
            "id": 8,
            "name": "Payment",
            "locale": "en-us",
            "translations": [{"locale": "de", "title": "Zahlung"}],
        },
    ]
    sections = [*SECTIONS, {"id": 78, "category_id": 8, "name": "Invoices", "locale": "en-us"}]
    articles = [RETURNS, RETURNS | {"id": 2, "section_id": 78}, RETURNS | {"id": 3, "section_id": 79}]
    path = tmp_path / "all.json"
    path.write_text(export(articles=articles, sections=sections, categories=categories))
    source = opened(path, tmp_path)
    assert ["general", "payment", "general"] == [one.text.category for one in all_of(source) if one.text]
    assert {"en": "Payment", "de": "Zahlung"} == {key: text.name for key, text in source.categories[1].texts.items()}


INTERCOM = {
    "type": "list",
    "pages": {"type": "pages", "page": 1, "per_page": 25, "total_pages": 1},
    "total_count": 2,
    "data": [
        {
            "id": "6871119",
            "type": "article",
            "workspace_id": "hfi1bx4l",
            "title": "Return an item",
            "description": "How it works",
            "body": '<p class="no-margin">See <a href="https://help.fennimor.example/en/articles/6871120-refunds">this'
            '</a>.</p><div class="intercom-interblocks-callout"><p>Keep the box</p></div>',
            "author_id": 991,
            "state": "published",
            "created_at": 1672928359,
            "updated_at": 1672928610,
            "url": "https://help.fennimor.example/en/articles/6871119-return-an-item",
            "parent_id": 146,
            "parent_ids": [145, 146],
            "parent_type": "collection",
            "default_locale": "en",
            "translated_content": {
                "type": "article_translated_content",
                "de": {
                    "type": "article_content",
                    "title": "Rückgabe",
                    "description": "",
                    "body": "<p>So geht es.</p>",
                    "state": "draft",
                    "url": "https://help.fennimor.example/de/articles/6871119-ruckgabe",
                },
                "fr": None,
            },
        },
        {
            "id": "6871120",
            "type": "article",
            "workspace_id": "hfi1bx4l",
            "title": "Refunds",
            "body": None,
            "state": "published",
            "url": None,
            "parent_id": None,
            "default_locale": "en",
        },
    ],
}
COLLECTIONS = {
    "type": "list",
    "data": [
        {
            "id": "145",
            "workspace_id": "hfi1bx4l",
            "name": "Orders",
            "default_locale": "en",
            "parent_id": None,
            "translated_content": {"type": "group_translated_content", "de": {"type": "group_content", "name": "Kauf"}},
        },
        {"id": "146", "workspace_id": "hfi1bx4l", "name": "Returns", "default_locale": "en", "parent_id": "145"},
    ],
}


def test_intercoms_articles_come_with_collections_and_translations(tmp_path: Path) -> None:
    (tmp_path / "intercom.zip").write_bytes(
        packed({"articles.json": json.dumps(INTERCOM), "collections.json": json.dumps(COLLECTIONS)})
    )
    source = opened(tmp_path / "intercom.zip", tmp_path)
    returns, rueckgabe, refunds = all_of(source)
    assert returns.text is not None
    assert "See [this](article:intercom-6871120).\n\n> [!NOTE]\n> Keep the box" == returns.text.body
    assert ("intercom-6871119", "orders") == (returns.text.id, returns.text.category)
    assert ("/en/articles/6871119-return-an-item",) == returns.text.aliases
    assert rueckgabe.text is not None
    assert ("de", True) == (rueckgabe.text.locale, rueckgabe.is_draft)
    assert refunds.text is not None
    assert ("general", "Refunds", "") == (refunds.text.category, refunds.text.short_answer, refunds.text.body)
    assert ["Kauf"] == [one.name("de") for one in source.categories]


def test_pictures_are_fetched_or_taken_from_the_text_and_a_bad_one_is_a_link(tmp_path: Path, site: Site) -> None:
    within = base64.b64encode(picture("red")).decode()
    site.put("/a.png", picture(), "image/png")
    site.put("/b.svg", "<svg onload='alert(1)'/>", "image/svg+xml")
    body = (
        f'<p><img src="/a.png"></p><p><img src="data:image/png;base64,{within}"></p>'
        '<p><img src="/b.svg" alt="B"></p><p><img src="/gone.png"></p><p><img src="data:image/svg+xml,x" alt="S"></p>'
    )
    path = tmp_path / "a.json"
    path.write_text(export(articles=[RETURNS | {"body": body, "html_url": f"{site.address}/hc/en-us/articles/360012"}]))
    [found] = all_of(opened(path, tmp_path))
    assert found.text is not None
    one, two = (one.stored_name for one in found.pictures)
    assert (
        f"![](picture:{one})\n\n![](picture:{two})\n\n![B]({site.address}/b.svg)\n\n![]({site.address}/gone.png)\n\nS"
    ) == found.text.body
    assert [True, True, True] == ["A picture is a link only" in str(note) for note in found.notes]
    assert 1 == site.asked.count("/a.png")


def test_a_picture_cant_be_fetched_from_the_own_network(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(export(articles=[RETURNS | {"body": '<img src="http://169.254.169.254/latest/meta-data/x.png">'}]))
    [found] = all_of(opened(path, tmp_path))
    assert () == found.pictures
    assert "is not an address of the public web" in str(found.notes[0])


@pytest.mark.parametrize(
    ("content", "format", "reason"),
    [
        ("{", "", "a.json is not JSON"),
        ("[" * 100_000, "", "a.json is not JSON"),
        ('{"hello": 1}', "", "neither of Zendesk's API nor of Intercom's"),
        ("[1, null]", "", "neither of Zendesk's API nor of Intercom's"),
        ("é".encode("latin-1"), "zendesk", r"a\.json: It is not UTF-8"),
    ],
)
def test_what_is_no_export_is_said(tmp_path: Path, content: str | bytes, format: Format, reason: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ArticleError, match=reason):
        opened(path, tmp_path, format)


@pytest.mark.parametrize(
    "odd",
    [
        {"title": 5},
        {"body": None, "title": ""},
        {"label_names": "x", "title": ""},
        {"locale": ["en"]},
        {"translations": [None, "x", {"locale": "de"}]},
        {"html_url": "http://[", "body": '<a href="http://[">x</a><img src="http://[">'},
    ],
)
def test_an_odd_article_is_refused_or_taken_and_the_rest_is_taken(tmp_path: Path, odd: dict[str, Any]) -> None:
    path = tmp_path / "a.json"
    path.write_text(export(articles=[RETURNS | odd | {"id": 1}, REFUNDS]))
    found = {one.text.id for one in all_of(opened(path, tmp_path)) if one.text}
    assert "zendesk-360013" in found
