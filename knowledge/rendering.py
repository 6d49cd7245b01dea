"""Markdown to the HTML a page may show: nothing in it can run, and links between articles lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.addresses import article_path, picture_path
from knowledge.callouts import callouts
from knowledge.linking import SCHEME as ARTICLE_SCHEME
from knowledge.linking import Find, Target, heading_id, linked, with_heading
from knowledge.pictures import SCHEME as PICTURE_SCHEME
from knowledge.pictures import Size

STAFF_PICTURES = "/editor/pictures/"
IN_CONTENTS = ("h2", "h3")
"""Headings that a table of contents names."""

BLOCKS = {"p", "hr", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "li", "div", "figure", "figcaption"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
INLINE = {"br", "strong", "em", "s", "del", "code", "a", "img"}
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
ATTRIBUTES = {
    "a": {"href", "title", "class", "aria-label"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "ol": {"start"},
    "th": {"align"},
    "td": {"align"},
    "p": {"class"},
    "pre": {"tabindex"},
    "div": {"class", "role", "tabindex", "aria-label"},
    **{heading: {"id"} for heading in HEADINGS},
}

WORDS = {
    "en": {
        "note": "Note",
        "tip": "Tip",
        "important": "Important",
        "warning": "Warning",
        "caution": "Caution",
        "table": "Table",
        "anchor": "Link to: {heading}",
    },
    "de": {
        "note": "Hinweis",
        "tip": "Tipp",
        "important": "Wichtig",
        "warning": "Achtung",
        "caution": "Vorsicht",
        "table": "Tabelle",
        "anchor": "Link zu: {heading}",
    },
}
LOOKS_LIKE = {"caution": "warning"}
"""Callouts that look like another kind."""

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"]).use(callouts)


@dataclass(frozen=True)
class Heading:
    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Rendered:
    html: str
    headings: tuple[Heading, ...]
    """Those that a table of contents names."""


@dataclass
class _Page:
    """What is rendered, for whom, and the headings so far."""

    locale: str
    pictures: Mapping[str, Size]
    has_anchors: bool
    find: Find
    pictures_at: str
    ids: dict[str, int] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    last: Heading = Heading(2, "", "")

    @property
    def words(self) -> Mapping[str, str]:
        return WORDS.get(self.locale, WORDS["en"])


def render_html(markdown: str, locale: str) -> str:
    """Safe HTML. Headings begin at level 2: the page's title is the level above."""
    return render(markdown, locale).html


def render(
    markdown: str,
    locale: str,
    pictures: Mapping[str, Size] | None = None,
    *,
    has_anchors: bool = False,
    find: Find | None = None,
    is_for_staff: bool = False,
) -> Rendered:
    """Safe HTML and its headings.

    `pictures`: the sizes of those that are kept with us, by `sha256.kind`; others become links. With
    `has_anchors`, each heading has a link to itself. `find`: knows which articles readers can be led to; to others
    there is no link. Without it, every link to an article is one. `is_for_staff`: pictures are shown that customers
    can't see yet.
    """
    pictures_at = STAFF_PICTURES if is_for_staff else ""
    page = _Page(locale, pictures or {}, has_anchors, find or _anywhere(locale), pictures_at)
    tokens = _blocks(_markdown.parse(markdown), page)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return Rendered(_clean(html), tuple(page.headings))


def _anywhere(locale: str) -> Find:
    return lambda article_id: Target(article_path(locale, article_id), article_id)


def _clean(html: str) -> str:
    # What an author writes comes through the parser as text; this holds even if the parser has a hole.
    return nh3.clean(
        html,
        tags=BLOCKS | TABLES | INLINE,
        attributes=ATTRIBUTES,
        attribute_filter=_only_ours,
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto", "tel"},
    )


OUR_CLASSES = re.compile(r"callout callout-(note|tip|important|warning)|callout-title|table-scroll|heading|anchor")
OUR_IDS = re.compile(r"section-[\w-]+")
OUR_PICTURES = re.compile(r"/(help|editor)/pictures/[0-9a-f]{64}\.[a-z]+")


def _only_ours(_tag: str, attribute: str, value: str) -> str | None:
    patterns = {"class": OUR_CLASSES, "id": OUR_IDS, "src": OUR_PICTURES}
    pattern = patterns.get(attribute)
    return value if pattern is None or pattern.fullmatch(value) else None


def _blocks(tokens: Sequence[Token], page: _Page) -> list[Token]:
    """The tokens with what Markdown has no marks for put around them."""
    found: list[Token] = []
    open_quotes: list[bool] = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            found.append(_opened_heading(token, tokens[at + 1], page))
        elif token.type == "heading_close":
            found.append(_closed_heading(token, page))
        elif token.type == "blockquote_open":
            open_quotes.append("callout" in token.meta)
            found.append(_opened_callout(token, page) if open_quotes[-1] else token)
        elif token.type == "blockquote_close":
            found.append(_html("</div>\n") if open_quotes.pop() else token)
        elif token.type == "table_open":
            found += [_html(f'<div class="table-scroll" role="group" tabindex="0" aria-label="{page.words["table"]}">')]
            found.append(token)
        elif token.type == "table_close":
            found += [token, _html("</div>\n")]
        elif token.type in ("fence", "code_block"):
            found.append(_html(f'<pre tabindex="0"><code>{escape(token.content, quote=False)}</code></pre>\n'))
        else:
            _finish(token, page)
            found.append(token)
            if _is_captioned(tokens, at):
                _make_figure(tokens, at)
    return found


def _is_captioned(tokens: Sequence[Token], at: int) -> bool:
    """Whether a token is a paragraph's text that is nothing but a picture with a title."""
    children = tokens[at].children or []
    return len(children) == 1 and bool(children[0].meta.get("caption")) and not tokens[at - 1].hidden


def _make_figure(tokens: Sequence[Token], at: int) -> None:
    tokens[at - 1].tag = tokens[at + 1].tag = "figure"
    [picture] = tokens[at].children or []
    picture.content += f"<figcaption>{escape(str(picture.meta['caption']))}</figcaption>"


def _html(html: str) -> Token:
    return Token("html_block", "", 0, content=html)


def _finish(token: Token, page: _Page) -> None:
    style = token.attrGet("style")
    if isinstance(style, str):  # of a cell: the policy forbids styles
        token.attrs = {"align": style.removeprefix("text-align:")}
    if token.type == "inline":
        token.children = [_inline(child, page) for child in _linked(token.children or [], page)]


def _opened_heading(token: Token, inline: Token, page: _Page) -> Token:
    tag = _below_title(token.tag)
    text = _plain(inline.children or [])
    heading = Heading(int(tag[1]), _free_id(text, page), text)
    if tag in IN_CONTENTS:
        page.headings.append(heading)
    page.last = heading
    opened = f'<{tag} id="{heading.id}">'
    return _html(f'<div class="heading">{opened}' if page.has_anchors else opened)


def _closed_heading(token: Token, page: _Page) -> Token:
    closed = f"</{_below_title(token.tag)}>"
    if not page.has_anchors:
        return _html(f"{closed}\n")
    label = escape(page.words["anchor"].format(heading=page.last.text))
    return _html(f'{closed}<a class="anchor" href="#{page.last.id}" aria-label="{label}"></a></div>\n')


def _below_title(tag: str) -> str:
    return "h2" if tag == "h1" else tag


def _opened_callout(token: Token, page: _Page) -> Token:
    kind = str(token.meta["callout"])
    look = LOOKS_LIKE.get(kind, kind)
    return _html(f'<div class="callout callout-{look}"><p class="callout-title">{page.words[kind]}</p>\n')


def _free_id(text: str, page: _Page) -> str:
    """A heading's id, which no other one of the page has."""
    slug = heading_id(text)
    page.ids[slug] = page.ids.get(slug, 0) + 1
    return slug if page.ids[slug] == 1 else f"{slug}-{page.ids[slug]}"


def _inline(token: Token, page: _Page) -> Token:
    if token.type == "link_open":
        token.attrSet("href", _address(str(token.attrGet("href") or ""), page))
    if token.type == "image":
        return _picture(token, page)
    return token


def _address(href: str, page: _Page) -> str:
    return _picture_path(href.removeprefix(PICTURE_SCHEME), page) if href.startswith(PICTURE_SCHEME) else href


def _picture_path(name: str, page: _Page) -> str:
    return f"{page.pictures_at}{quote(name)}" if page.pictures_at else picture_path(name)


def _linked(children: Sequence[Token], page: _Page) -> list[Token]:
    """With links to articles led to where those are; to one that readers can't see, nothing leads."""
    found: list[Token] = []
    are_kept: list[bool] = []
    for at, token in enumerate(children):
        if token.type == "link_close" and not are_kept.pop():
            continue
        if token.type == "link_open":
            opened = _opened_link(token, children[at + 1], page)
            are_kept.append(bool(opened))
            found += opened
        else:
            found.append(token)
    return found


def _opened_link(token: Token, following: Token, page: _Page) -> list[Token]:
    href = str(token.attrGet("href") or "")
    if not href.startswith(ARTICLE_SCHEME):
        return [token]
    named = linked(href)
    target = page.find(named[0]) if named else None
    if named is None or target is None:
        return []
    token.attrSet("href", with_heading(target.url, named[1]))
    return [token, _text(target.title)] if following.type == "link_close" else [token]


def _picture(token: Token, page: _Page) -> Token:
    """A picture of ours; the link to one of somebody else's; of one that isn't there, what it would have shown."""
    source = str(token.attrGet("src") or "")
    alt = _plain(token.children or [])
    name = source.removeprefix(PICTURE_SCHEME)
    if name != source:
        size = page.pictures.get(name)
        return _shown(_picture_path(name, page), alt, size, token.attrGet("title")) if size else _text(alt)
    if source.startswith(("https://", "http://")):
        return _html(f'<a href="{escape(source)}">{escape(alt or source)}</a>')
    return _text(alt)


def _shown(path: str, alt: str, size: Size, caption: object) -> Token:
    sides = f'width="{size.width}" height="{size.height}"'
    shown = _html(f'<img src="{path}" alt="{escape(alt)}" {sides} loading="lazy" decoding="async">')
    shown.meta["caption"] = caption
    return shown


def _plain(children: Sequence[Token]) -> str:
    breaks = {"softbreak": " ", "hardbreak": " "}
    return "".join(breaks.get(child.type) or child.content for child in children).strip()


def _text(text: str) -> Token:
    return Token("text", "", 0, content=text)
