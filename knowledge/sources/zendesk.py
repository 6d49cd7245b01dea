"""Zendesk Guide: what its Help Center API returns, saved as files.

Articles, sections, categories and translations, as in `/api/v2/help_center/articles.json?include=translations`
(developer.zendesk.com, Help Center API: Articles, Sections, Categories, Translations).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from knowledge.categories import Category
from knowledge.locales import known_locale
from knowledge.sources.exports import Piece, Thing, address, distinct, found_of, pages_of, text, things
from knowledge.sources.found import NO_CATEGORY, Found, Source
from knowledge.sources.gallery import Gallery
from knowledge.sources.links import alias_of
from knowledge.sources.naming import category_key, category_named


def is_export(loaded: list[Any]) -> bool:
    return any("section_id" in one or "source_locale" in one for one in things(loaded, "articles", "article"))


def open_export(loaded: list[Any], gallery: Gallery, category: str = NO_CATEGORY) -> Source:
    """`category`: of articles whose section is not in the export."""
    shelves = _shelves(loaded)
    translations = _translations(loaded)
    articles = things(loaded, "articles", "article")
    pieces = distinct(piece for one in articles for piece in _pieces(one, translations, shelves, category))
    pages = pages_of(pieces)

    def read(begin: int) -> Iterator[Found]:
        return (found_of(piece, pages, gallery) for piece in pieces[begin:])

    return Source(len(pieces), read, list({one.key: one for one in shelves.values()}.values()))


def _shelves(loaded: list[Any]) -> dict[Any, Category]:
    """By section, the category its articles go to: Zendesk's own where there are several, otherwise the section."""
    categories = {one.get("id"): one for one in things(loaded, "categories", "category")}
    sections = {one.get("id"): one for one in things(loaded, "sections", "section")}
    has_several = len({one.get("category_id") for one in sections.values()} & categories.keys()) > 1
    return {
        section_id: _category(categories.get(section.get("category_id"), section) if has_several else section)
        for section_id, section in sections.items()
    }


def _category(thing: Thing) -> Category:
    names = {locale: text(thing, "name") for locale in [known_locale(thing.get("locale"))] if locale}
    for one in thing.get("translations") or []:
        if isinstance(one, dict) and (locale := known_locale(one.get("locale"))):
            names.setdefault(locale, text(one, "title"))
    return category_named(category_key(text(thing, "name")) or NO_CATEGORY, names)


def _translations(loaded: list[Any]) -> dict[Any, list[Thing]]:
    """By article, those that stand in files of their own."""
    by_article: dict[Any, list[Thing]] = {}
    for one in things(loaded, "translations", "translation"):
        if one.get("source_type", "Article") == "Article":
            by_article.setdefault(one.get("source_id"), []).append(one)
    return by_article


def _pieces(
    article: Thing, translations: Mapping[Any, list[Thing]], shelves: Mapping[Any, Category], category: str
) -> Iterator[Piece]:
    """One for each language."""
    nested = [one for one in article.get("translations") or [] if isinstance(one, dict)]
    for one in (article, *nested, *translations.get(article.get("id"), [])):
        yield _piece(article, one, text(one, "locale"), shelves, category)


def _piece(article: Thing, one: Thing, language: str, shelves: Mapping[Any, Category], category: str) -> Piece:
    number = article.get("id")
    url = address(one, "html_url") or address(article, "html_url")
    shelf = shelves.get(article.get("section_id"))
    labels = article.get("label_names")
    return Piece(
        where=f"Zendesk {number} ({language})",
        id=f"zendesk-{number}",
        language=language,
        title=text(one, "title") or text(one, "name"),
        html=text(one, "body"),
        url=url,
        category=shelf.key if shelf else category,
        tags=[label for label in labels if isinstance(label, str)] if isinstance(labels, list) else (),
        aliases=[*alias_of(url), *alias_of(_short(url, number))],
        is_draft=bool(one.get("draft")),
        # A segment is some of the customers, or agents: nobody else could read it there.
        is_internal=article.get("user_segment_id") is not None,
    )


def _short(url: str, number: object) -> str:
    """The address without the title behind the number, by which people link to it as well."""
    head, found, _ = urlsplit(url).path.partition(f"/{number}")
    return f"{head}{found}" if found else ""
