"""HTML becomes the Markdown that an author here would have written, and nothing in it can do harm."""

from __future__ import annotations

import time

import pytest

from knowledge.article_text import ArticleError
from knowledge.rendering import render_html
from knowledge.sources.html import markdown_of
from knowledge.sources.page import page_of


def as_markdown(html: str) -> str:
    return markdown_of(html, lambda link: link, lambda picture: f"picture:{picture}")


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2>Send it <em>back</em></h2><p>Pack <strong>well</strong>.</p>", "## Send it *back*\n\nPack **well**."),
        ("<ul><li>One<ul><li>Two</li></ul></li><li><p>Three</p></li></ul>", "- One\n  - Two\n- Three"),
        ("<ol start=3><li>a<li>b</ol>", "3. a\n4. b"),
        ("one<br>two", "one\\\ntwo"),
        ('<a href="/a b(1)">x</a>', "[x](/a%20b%281%29)"),
        ('<pre><code class="language-sh">ls *\n</code></pre>', "```sh\nls *\n```"),
        ("<table><tr><th>A<th>B<tr><td>1|2<td><p>3</table>", "| A | B |\n| --- | --- |\n| 1\\|2 | 3 |"),
        ("<table><tr><td>A<td>B</table>", "| A | B |\n| --- | --- |"),
        ('<div class="callout callout--warning"><p>Hot</p></div>', "> [!WARNING]\n> Hot"),
        ('<p class="note">Hm</p>', "> [!NOTE]\n> Hm"),
        ('<img src="a.png" alt="A  cup">', "![A cup](picture:a.png)"),
        ("<figure><img src=a.png><figcaption>Cup</figcaption></figure>", "![](picture:a.png)\n\n*Cup*"),
        ("<dl><dt>Term<dd>What it is</dl>", "**Term**\n\nWhat it is"),
        ("<details><summary>More</summary>Text</details>", "**More**\n\nText"),
        ('<iframe src="https://v.example/1" title="Film"></iframe>', "[Film](https://v.example/1)"),
        ("<p><b>T</b> - 5 &gt; 3, a_b, Q&amp;A, 7 * 8</p>", "**T** - 5 > 3, a_b, Q&A, 7 * 8"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    assert markdown == as_markdown(html)


@pytest.mark.parametrize(
    "text",
    [
        *("1. no list", "# no heading", "- no item", "+ no item", "> no quote", "---", "===", "*x*", "_x_", "`x`"),
        *("[x](https://evil.example)", "~~x~~", "&lt;b&gt;", "<b>x</b>", "![x](picture:y)", "[x]: https://y.example"),
    ],
)
def test_what_is_text_in_html_stays_text(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"<p>{escaped}</p>\n" == render_html(as_markdown(f"<p>{escaped}</p>"), "en")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script><a xlink:href=javascript:alert(1)>x</a></svg>",
        "<a href=' javascript:alert(1)'>x</a>",
        "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<iframe src='javascript:alert(1)'></iframe>",
        "<style>@import 'x'</style><base href='https://evil.example/'><meta http-equiv=refresh content=0>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<form action=x><input><button>b</button></form>",
    ],
)
def test_hostile_html_cant_run(html: str) -> None:
    shown = render_html(as_markdown(f"<p>before</p>{html}<p>after</p>"), "en").lower()
    for harm in ("<script", "<svg", "<img", "<iframe", "<style", "<form", 'href="javascript', 'href="data'):
        assert harm not in shown
    assert "before" in shown


@pytest.mark.parametrize(
    ("html", "times"), [("<div>", 90_000), ("<ul><li>", 5_000), ("<b><p>", 50_000), ("<blockquote>", 300)]
)
def test_html_nested_without_end_is_refused_at_once(html: str, times: int) -> None:
    begun = time.thread_time()
    with pytest.raises(ArticleError, match="nested deeper"):
        as_markdown(html * times + "x\n" * 1_000)
    assert time.thread_time() - begun < 20


def test_html_that_is_too_long_is_refused() -> None:
    with pytest.raises(ArticleError, match="longer than 1,000,000 characters"):
        as_markdown("x" * 1_000_001)


PAGE = """<!doctype html><html lang="de-AT"><head><title>Rückgabe | Laden</title><script>x</script></head>
<body><header><a href="/">Laden</a></header><nav>Menü</nav>
<main><h1>Rückgabe</h1><p>Sie haben 30 Tage Zeit, etwas zurückzugeben.</p><nav>Mehr</nav><form>Suche</form></main>
<footer>Impressum</footer></body></html>"""


@pytest.mark.parametrize(("encoding", "charset"), [("utf-8", ""), ("utf-8", "utf-8"), ("iso-8859-1", "iso-8859-1")])
def test_of_a_page_the_main_part_is_taken(encoding: str, charset: str) -> None:
    page = page_of(PAGE.encode(encoding), charset)
    assert ("Rückgabe", "de-AT", "de") == (page.title, page.language, page.locale)
    assert "Sie haben 30 Tage Zeit, etwas zurückzugeben." == as_markdown(page.html)


def test_a_page_of_several_articles_is_taken_whole() -> None:
    page = page_of(b"<h1>Home</h1><article>First of the two articles</article><article>Second of them</article>", "")
    assert "First of the two articles\n\nSecond of them" == as_markdown(page.html)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "is no text"),
        (b"<html><body><div id=app></div><script>render()</script></body></html>", "no text on the page"),
        (b"<div>" * 3_000, "nested deeper"),
    ],
)
def test_what_is_no_page_with_text_is_said(content: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        page_of(content, "")
