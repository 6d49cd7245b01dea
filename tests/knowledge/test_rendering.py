"""Markdown becomes HTML in which nothing runs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.rendering import render, render_html


def test_headings_stand_below_the_pages_title() -> None:
    assert '<h2 id="section-delivery">Delivery</h2>' in render_html("# Delivery", "en")


def test_a_link_to_an_article_leads_to_its_page_in_the_same_language() -> None:
    assert 'href="/help/de/articles/refund-time"' in render_html("[Erstattung](article:refund-time)", "de")


def test_an_article_id_cant_leave_its_path() -> None:
    assert 'href="/help/en/articles/%22%20onclick%3D%22x"' in render_html('[x](<article:" onclick="x>)', "en")


def test_tables_lists_quotes_and_code_are_kept() -> None:
    html = render_html("| a | b |\n|---|---|\n| 1 | 2 |\n\n- x\n\n> note\n\n`E05`", "en")

    assert all(tag in html for tag in ("<table>", "<td>1</td>", "<li>x</li>", "<blockquote>", "<code>E05</code>"))


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<iframe src=https://a.example></iframe>",
        "<svg><a href='javascript:alert(1)'>x</a></svg>",
        "<style>*{display:none}</style>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_markup_cant_run_anything(attack: str) -> None:
    html = render_html(attack, "en")

    assert not re.search(r"<(script|iframe|svg|style)|<[^>]+\son\w+=|(href|src)=\"(javascript|data):", html, re.I)


@given(st.text(max_size=300))
def test_any_text_at_all_is_rendered_without_a_script(text: str) -> None:
    assert not re.search(r"<script|<[^>]+\son\w+\s*=", render_html(text, "en"), re.I)


@pytest.mark.parametrize(
    ("kind", "look", "said"),
    [
        ("NOTE", "note", "Hinweis"),
        ("tip", "tip", "Tipp"),
        ("IMPORTANT", "important", "Wichtig"),
        ("WARNING", "warning", "Achtung"),
        ("CAUTION", "warning", "Vorsicht"),
    ],
)
def test_a_quote_that_begins_with_its_kind_is_a_callout(kind: str, look: str, said: str) -> None:
    html = render_html(f"> [!{kind}]\n> Kein **Essig**.\n>\n> - nie", "de")

    assert f'<div class="callout callout-{look}"><p class="callout-title">{said}</p>\n<p>Kein <strong>' in html
    assert html.rstrip().endswith("</ul>\n</div>")


@pytest.mark.parametrize("text", ["> [!NOPE]\n> x", "> x [!NOTE]", "[!NOTE]\nx", "> [!NOTE] x", "> > x"])
def test_another_quote_stays_a_quote(text: str) -> None:
    assert "callout" not in render_html(text, "en")


def test_callouts_in_callouts_and_empty_ones_are_closed() -> None:
    html = render_html("> [!NOTE]\n> > [!TIP]\n> > x\n>\n> y\n\n> [!TIP]\n\nz", "en")

    assert 3 == html.count("<div") == html.count("</div>")
    assert html.endswith("<p>z</p>\n")


def test_headings_have_addresses_of_their_own() -> None:
    page = render("# A & `b`\n\n## A b\n\n#### deep\n\n### Größe?\n\n# !", "en", has_anchors=True)

    assert ["section-a-b", "section-a-b-2", "section-größe", "section-x"] == [one.id for one in page.headings]
    assert [2, 2, 3, 2] == [one.level for one in page.headings]
    assert '<a class="anchor" href="#section-a-b" aria-label="Link to: A &amp; b"' in page.html


def test_an_author_cant_take_an_id_or_class_of_the_page() -> None:
    html = render_html('## main\n\n<div id=main class=help-feedback onclick=x>\n\n```x" onclick=y\ncode\n```', "en")

    assert 'id="main"' not in html
    assert not re.search(r"<[^>]+(onclick|help-feedback)", html)


def test_cells_keep_their_side_without_a_style() -> None:
    html = render_html("| a | b |\n|:-:|--:|\n| 1 | 2 |", "en")

    assert '<th align="center">a</th>' in html
    assert '<td align="right">2</td>' in html
    assert "style" not in html
