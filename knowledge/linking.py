"""Links between articles by their ids, which stay whatever the articles are called and wherever they are shelved."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from knowledge.article_text import ArticleError, checked_id
from knowledge.index.records import ArticleView, Key
from knowledge.locales import LOCALES
from knowledge.markdown import PARSER

SCHEME = "article:"
"""`[text](article:return-an-item)` links to an article, `[](article:return-an-item)` by the title it has now,
`[text](article:return-an-item#label)` to one of its headings."""


UNNAMED = re.compile(r"(?<!!)\[\](?=\(article:([^)\s#]+))")
"""A link that is named by the title of its article."""
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\[]`*_<"})


@dataclass(frozen=True)
class Target:
    """What a link leads to."""

    url: str
    title: str


Find = Callable[[str], Target | None]
"""From an article's id; None if readers can't be led there."""


def linked(href: str) -> tuple[str, str] | None:
    """The id and the heading that a link names, as the parser gives it; None if it is no link to an article."""
    if not href.startswith(SCHEME):
        return None
    name, _, heading = href.removeprefix(SCHEME).partition("#")
    try:
        return checked_id(unquote(name)), unquote(heading)
    except ArticleError:
        return None


def find_in(articles: Mapping[Key, ArticleView], locale: str) -> Find:
    """In the reader's language if it is there in it, otherwise in another one."""

    def find(article_id: str) -> Target | None:
        found = (articles.get((article_id, one)) for one in (locale, *LOCALES))
        view = next((one for one in found if one is not None), None)
        return Target(view.url, view.title) if view else None

    return find


def linked_articles(body: str) -> Iterator[str]:
    """The ids of the articles that a body links to, each once."""
    return iter(dict.fromkeys(found[0] for href in _hrefs(body) if (found := linked(href))))


def heading_id(text: str) -> str:
    """What a heading is called in its page's address: `section-` keeps it apart from the ids of the page itself."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "section-" + (re.sub(r"[^\w]+", "-", plain).strip("-")[:80] or "x")


def with_heading(url: str, heading: str) -> str:
    return f"{url}#{heading_id(heading.removeprefix('section-'))}" if heading else url


def _hrefs(body: str) -> Iterator[str]:
    if SCHEME not in body:
        return
    for token in PARSER.parse(body):
        yield from (str(child.attrGet("href") or "") for child in token.children or [] if child.type == "link_open")


def unnamed_links(body: str) -> set[str]:
    """The ids of the articles that a body links to by their titles."""
    return {unquote(name) for name in UNNAMED.findall(body)} if SCHEME in body else set()


def named_links(body: str, titles: Mapping[str, str]) -> str:
    """A body whose links have the titles of their articles as text, for whoever reads it without the links."""
    return UNNAMED.sub(lambda found: f"[{titles.get(unquote(found[1]), '').translate(_ESCAPED)}]", body)
