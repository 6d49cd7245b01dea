"""What the help centre holds at one moment: its shelves, what changed last, and old addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest
from urllib.parse import unquote

from knowledge.categories import Category
from knowledge.help.titles import Titles
from knowledge.index import ArticleView, Snapshot
from knowledge.locales import LOCALES
from knowledge.pictures.bodies import named_pictures

RECENT = 50


@dataclass(frozen=True)
class Shelf:
    """A category with its articles in one language, by title."""

    category: Category
    articles: tuple[ArticleView, ...]


class Catalogue:
    """Made once for a snapshot; never changed."""

    def __init__(
        self, snapshot: Snapshot, categories: Sequence[Category], moved: Mapping[str, str] | None = None
    ) -> None:
        """`moved`: by the key that a category had before, the one of today."""
        self.snapshot = snapshot
        self._moved = moved or {}
        self._categories = {category.key: category for category in categories}
        views = snapshot.articles.values()
        self._shelves = {locale: self._shelved(v for v in views if v.locale == locale) for locale in LOCALES}

    def shelves(self, locale: str) -> Sequence[Shelf]:
        """Those that are not empty, in the order of the categories; those without an entry after them, by key."""
        return [shelf for shelf in self._shelves[locale].values() if shelf.articles]

    def shelf(self, locale: str, key: str) -> Shelf | None:
        """Of a category that has an entry or, in whatever language, an article."""
        if shelf := self._shelves[locale].get(key):
            return shelf
        known = any(key in shelves for shelves in self._shelves.values())
        return Shelf(self.category(key), ()) if known else None

    def moved(self, key: str) -> str | None:
        """The key of today of a category that had this one before."""
        return self._moved.get(key)

    def category(self, key: str) -> Category:
        return self._categories.get(key) or Category(key)

    def recent(self, locale: str, limit: int) -> Sequence[ArticleView]:
        """What changed last, last first."""
        return self._recent[locale][:limit]

    def likely(self, locale: str, limit: int) -> list[ArticleView]:
        """What may be wanted when nothing is known of what is read: of each category the article asked for in most
        ways, then the next of each."""
        by_questions = (sorted(shelf.articles, key=_most_questions) for shelf in self.shelves(locale))
        in_turn = chain.from_iterable(zip_longest(*by_questions))
        return [article for article in in_turn if article is not None][:limit]

    def at_alias(self, path: str) -> ArticleView | None:
        """The article that could be found at a path elsewhere."""
        return self._aliases.get(_plain(path))

    def titles(self, locale: str) -> Titles:
        return self._titles[locale]

    def _shelved(self, views: Iterable[ArticleView]) -> dict[str, Shelf]:
        by_key = defaultdict(list)
        for view in views:
            by_key[view.category].append(view)
        keys = [*self._categories, *sorted(by_key.keys() - self._categories.keys())]
        return {key: Shelf(self.category(key), tuple(sorted(by_key[key], key=_title))) for key in keys}

    @cached_property
    def pictures(self) -> frozenset[str]:
        """Those that articles name, by `sha256.kind`."""
        return frozenset(chain.from_iterable(named_pictures(view.body) for view in self.snapshot.articles.values()))

    @cached_property
    def _recent(self) -> Mapping[str, Sequence[ArticleView]]:
        views = sorted(self.snapshot.articles.values(), key=lambda view: (view.updated, view.id), reverse=True)
        return {locale: [view for view in views if view.locale == locale][:RECENT] for locale in LOCALES}

    @cached_property
    def _aliases(self) -> Mapping[str, ArticleView]:
        order = {locale: at for at, locale in enumerate(LOCALES)}
        views = sorted(self.snapshot.articles.values(), key=lambda view: (order[view.locale], view.id), reverse=True)
        return {_plain(alias): view for view in views for alias in view.aliases}

    @cached_property
    def _titles(self) -> Mapping[str, Titles]:
        views = self.snapshot.articles.values()
        return {locale: Titles([view for view in views if view.locale == locale]) for locale in LOCALES}


def _title(view: ArticleView) -> tuple[str, str]:
    return view.title.casefold(), view.id


def _most_questions(view: ArticleView) -> tuple[int, str]:
    return -len(view.questions), view.title.casefold()


def _plain(path: str) -> str:
    return unquote(path).rstrip("/").casefold()
