"""Intercom: what its API returns for articles and collections, saved as files.

As in `GET /articles` and `GET /help_center/collections` (developers.intercom.com, REST API 2.x: Articles, Help Center).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.categories import Category
from knowledge.locales import known_locale
from knowledge.sources.exports import Piece, Thing, address, distinct, found_of, pages_of, text, things
from knowledge.sources.found import NO_CATEGORY, Found, Source
from knowledge.sources.gallery import Gallery
from knowledge.sources.naming import category_key, category_named


def is_export(loaded: list[Any]) -> bool:
    return any("workspace_id" in one or "translated_content" in one for one in _articles(loaded))


def open_export(loaded: list[Any], gallery: Gallery, locale: str, category: str = NO_CATEGORY) -> Source:
    """`locale`: of articles that name none; `category`: of those that lie in no collection of the export."""
    shelves = _shelves(loaded, locale)
    pieces = distinct(piece for one in _articles(loaded) for piece in _pieces(one, shelves, locale, category))
    pages = pages_of(pieces)

    def read(begin: int) -> Iterator[Found]:
        return (found_of(piece, pages, gallery) for piece in pieces[begin:])

    return Source(len(pieces), read, list({one.key: one for one in shelves.values()}.values()))


def _articles(loaded: list[Any]) -> list[Thing]:
    """The API calls its lists `data`, whatever is in them."""
    listed = {str(one.get("id")): one for one in things(loaded, "data", "article") if "title" in one}
    return list(
        {str(one.get("id")): one for one in (*listed.values(), *things(loaded, "articles", "article"))}.values()
    )


def _shelves(loaded: list[Any], locale: str) -> dict[str, Category]:
    """By collection, the outermost one around it: a topic of the help centre."""
    found = [*things(loaded, "data", "collection"), *things(loaded, "collections", "collection")]
    collections = {str(one.get("id")): one for one in found if "name" in one}
    return {key: _category(_outermost(one, collections), locale) for key, one in collections.items()}


def _outermost(collection: Thing, collections: Mapping[str, Thing]) -> Thing:
    seen: set[str] = set()
    while (parent := str(collection.get("parent_id"))) in collections and parent not in seen:
        seen.add(parent)
        collection = collections[parent]
    return collection


def _category(collection: Thing, locale: str) -> Category:
    names = {known_locale(collection.get("default_locale")) or locale: text(collection, "name")}
    for language, content in _contents(collection):
        if known := known_locale(language):
            names.setdefault(known, text(content, "name"))
    return category_named(category_key(text(collection, "name")) or NO_CATEGORY, names)


def _contents(thing: Thing) -> Iterator[tuple[str, Thing]]:
    """By language what is translated; `type` is among the keys and no language."""
    content = thing.get("translated_content")
    for language, one in content.items() if isinstance(content, dict) else ():
        if isinstance(one, dict):
            yield language, one


def _pieces(article: Thing, shelves: Mapping[str, Category], locale: str, category: str) -> Iterator[Piece]:
    first = text(article, "default_locale") or locale
    for language, one in ((first, article), *_contents(article)):
        if text(one, "title"):
            yield _piece(article, one, language, shelves, category)


def _piece(article: Thing, one: Thing, language: str, shelves: Mapping[str, Category], category: str) -> Piece:
    number = article.get("id")
    parents = [article.get("parent_id"), *(article.get("parent_ids") or [])]
    shelf = next((shelves[str(parent)] for parent in parents if str(parent) in shelves), None)
    return Piece(
        where=f"Intercom {number} ({language})",
        id=f"intercom-{number}",
        language=language,
        title=text(one, "title"),
        html=text(one, "body"),
        url=address(one, "url") or address(article, "url"),
        category=shelf.key if shelf else category,
        is_draft=one.get("state") == "draft",
    )
