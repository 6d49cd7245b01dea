"""A web page: its main part, without what stands on every page around it."""

from __future__ import annotations

from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from knowledge.article_text import ArticleError
from knowledge.locales import known_locale
from knowledge.sources.html import check_depth

AROUND = (
    *("script", "style", "noscript", "template", "nav", "footer", "form", "dialog", "[hidden]", "[aria-hidden=true]"),
    *("[role=navigation]", "[role=banner]", "[role=contentinfo]", "[role=search]", "[role=complementary]"),
)
"""What is not the text, wherever it stands."""
MAIN = ("[itemprop=articleBody]", ".article-body", ".article__body", "main article", "article", "main", "[role=main]")
"""Where the text is, the most certain first; a page that has several of a kind is a list of articles."""
ENOUGH = 20
"""Characters, below which something is no text."""


@dataclass(frozen=True)
class Page:
    title: str
    html: str
    language: str
    """As it says of itself; empty: it says nothing."""
    locale: str | None
    """The one of ours that this is."""


def page_of(content: bytes, charset: str) -> Page:
    """Raises ArticleError for what is no text. `charset`: as the server says; empty: as the page says."""
    if b"\0" in content[:4096] and "16" not in charset:
        raise ArticleError("The page is no text.", "Die Seite ist kein Text.")
    soup = BeautifulSoup(content, "html.parser", from_encoding=charset or None)
    check_depth(soup)
    language = str(soup.html.get("lang") or "") if soup.html else ""
    title = _title(soup)
    for element in soup.select(", ".join(AROUND)):
        element.decompose()
    main = _main(soup)
    for heading in main.find_all("h1"):
        if _text(heading) == title:
            heading.decompose()
    if len(_text(main)) < ENOUGH:
        raise ArticleError(
            "There is no text on the page; perhaps a script puts it there, and no script is run here.",
            "Auf der Seite steht kein Text; vielleicht setzt ihn ein Skript ein, und hier läuft keines.",
        )
    return Page(title, str(main), language, known_locale(language))


def _title(soup: BeautifulSoup) -> str:
    """Its only first heading; otherwise what the browser's tab says."""
    headings = [text for heading in soup.find_all("h1") if (text := _text(heading))]
    if len(headings) == 1:
        return headings[0]
    return _text(soup.title) if soup.title else ""


def _main(soup: BeautifulSoup) -> Tag:
    for selector in MAIN:
        found = soup.select(selector)
        if len(found) == 1 and len(_text(found[0])) >= ENOUGH:
            return found[0]
    return soup.body or soup


def _text(element: Tag) -> str:
    return " ".join(element.get_text(" ").split())
