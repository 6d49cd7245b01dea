"""Lists of addresses: as somebody writes them, and as a sitemap has them (sitemaps.org, version 0.9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from knowledge.article_text import ArticleError
from knowledge.sources.fetching import BYTES, Fetcher, unpacked
from knowledge.sources.public_addresses import target_of

MOST = 2_000
"""Pages of one import."""
SITEMAPS = 50
"""That one names."""
GZIP = b"\x1f\x8b"


def addresses_in(lines: Iterable[str], fetcher: Fetcher) -> list[str]:
    """The pages that are meant: an address that ends in .xml is a sitemap, whose pages are meant.

    Raises ArticleError if there is none, there are too many, or a sitemap can't be read.
    """
    found: dict[str, None] = {}
    for line in lines:
        if url := line.strip():
            target_of(url)
            found |= dict.fromkeys(_listed(url, fetcher) if _is_sitemap(url) else [url])
            _check_count(len(found))
    if not found:
        raise ArticleError("There is no address in it.", "Es enthält keine Adresse.")
    return list(found)


def _is_sitemap(url: str) -> bool:
    return urlsplit(url).path.lower().endswith((".xml", ".xml.gz"))


def _listed(url: str, fetcher: Fetcher, depth: int = 0) -> Iterator[str]:
    """The pages of a sitemap and of those it names; no page of another site, which nobody may aim us at."""
    root, found_at = _fetched(url, fetcher)
    host = urlsplit(found_at).hostname
    locations = [one for one in _locations(root) if _hosted(one) == host]
    if _name(root) != "sitemapindex":
        yield from locations
        return
    if depth or len(locations) > SITEMAPS:
        raise ArticleError(
            f"The sitemap names more than {SITEMAPS} others, or those name others again.",
            f"Die Sitemap nennt mehr als {SITEMAPS} weitere, oder diese nennen wieder andere.",
        )
    for one in locations:
        yield from _listed(one, fetcher, depth + 1)


def _fetched(url: str, fetcher: Fetcher) -> tuple[Element, str]:
    kinds = ("application/xml", "text/xml", "application/x-gzip", "application/gzip", "application/rss", "text/plain")
    fetched = fetcher.fetch(url, kinds)
    content = fetched.content
    try:
        if content.startswith(GZIP):
            content = b"".join(unpacked(iter([content]), BYTES))
            if len(content) > BYTES:
                raise ArticleError("The sitemap is too large.", "Die Sitemap ist zu groß.")
        # What a sitemap needs has no DTD, and a DTD can unpack to more than any memory holds.
        return fromstring(content, forbid_dtd=True), fetched.url
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        raise ArticleError(
            f"{url[:200]} is not a sitemap that can be read.", f"{url[:200]} ist keine lesbare Sitemap."
        ) from None


def _locations(root: Element) -> Iterator[str]:
    for entry in root:
        for child in entry:
            if _name(child) == "loc" and child.text:
                yield child.text.strip()


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _hosted(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _check_count(count: int) -> None:
    if count > MOST:
        raise ArticleError(
            f"There are more than {MOST} addresses; please import them in parts.",
            f"Es sind mehr als {MOST} Adressen; bitte importieren Sie sie in Teilen.",
        )
