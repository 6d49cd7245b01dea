"""Pages on the web, each an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.article_text import ArticleError
from knowledge.sources.exports import Piece, found_of
from knowledge.sources.fetching import Fetcher
from knowledge.sources.found import Found, Source, refused
from knowledge.sources.gallery import Gallery
from knowledge.sources.links import Pages, alias_of, page_name
from knowledge.sources.naming import id_of_page, locale_in
from knowledge.sources.page import page_of

KINDS = ("text/html", "application/xhtml+xml")


def open_pages(urls: Sequence[str], fetcher: Fetcher, gallery: Gallery, locale: str, category: str) -> Source:
    """`locale`: of pages that don't say it."""
    by_name = {page_name(url): id_of_page(url) for url in urls}
    pages = Pages(by_name, frozenset(by_name.values()))

    def read(begin: int) -> Iterator[Found]:
        return (_found(url, fetcher, gallery, pages, locale, category) for url in urls[begin:])

    return Source(len(urls), read)


def _found(url: str, fetcher: Fetcher, gallery: Gallery, pages: Pages, locale: str, category: str) -> Found:
    try:
        fetched = fetcher.fetch(url, KINDS)
        page = page_of(fetched.content, fetched.charset)
    except ArticleError as error:
        return refused(url, error)
    piece = Piece(
        where=url,
        id=id_of_page(url),
        language=page.language or locale_in(url) or locale,
        title=page.title,
        html=page.html,
        url=fetched.url,
        category=category,
        aliases=list(dict.fromkeys([*alias_of(url), *alias_of(fetched.url)])),
    )
    return found_of(piece, pages, gallery)
