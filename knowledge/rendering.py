"""Markdown to the HTML a page may show: nothing in it can run, and links between articles lead somewhere."""

from __future__ import annotations

from urllib.parse import quote, unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

ARTICLE_SCHEME = "article:"
"""`[text](article:return-an-item)` links to an article by its id, whatever it is called."""

BLOCKS = {"p", "hr", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "li"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
INLINE = {"br", "strong", "em", "s", "del", "code", "a", "img"}
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def article_path(locale: str, article_id: str) -> str:
    """The path of an article's page on this installation."""
    return f"/help/{quote(locale)}/{quote(article_id)}"


def render_html(markdown: str, locale: str) -> str:
    """Safe HTML. Headings begin at level 2: the page's title is the level above."""
    tokens = _markdown.parse(markdown)
    for token in tokens:
        _lower_heading(token)
        for child in token.children or []:
            _resolve_link(child, locale)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return nh3.clean(
        html,
        tags=BLOCKS | TABLES | INLINE,
        attributes=ATTRIBUTES,
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto", "tel"},
    )


def _lower_heading(token: Token) -> None:
    if token.tag == "h1":
        token.tag = "h2"


def _resolve_link(token: Token, locale: str) -> None:
    href = token.attrGet("href") if token.type == "link_open" else None
    if isinstance(href, str) and href.startswith(ARTICLE_SCHEME):
        # The parser has percent-encoded the address already.
        token.attrSet("href", article_path(locale, unquote(href.removeprefix(ARTICLE_SCHEME))))
