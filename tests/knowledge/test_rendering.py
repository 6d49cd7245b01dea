"""Markdown becomes HTML in which nothing runs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.rendering import render_html


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
