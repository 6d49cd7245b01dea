"""What each page of the help centre shows, as values for its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.addresses import article_path, category_path, home_path, search_path
from knowledge.help import structured
from knowledge.help.catalogue import Shelf
from knowledge.help.centre import HelpCentre
from knowledge.help.searching import Results
from knowledge.help.words import ONLY_IN, OPEN_GRAPH, WORDS
from knowledge.index import ArticleView
from knowledge.locales import LANGUAGES, LOCALES
from knowledge.rendering import Rendered

CONTENTS_FROM = 3
"""Headings from which a page has a table of contents."""
RECENT = 6
NEIGHBOURS = 16
PER_PAGE = 40
"""Articles of a category on one page."""
DESCRIPTION = 160
"""Characters of a description that search engines show."""

Values = dict[str, Any]


@dataclass(frozen=True)
class Feedback:
    """What the question whether an article helped looks like now."""

    state: str = "ask"
    """`ask`, `why`, `thanks_yes` or `thanks_no`."""
    id: str = ""
    error: str = ""
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Pages:
    centre: HelpCentre
    company: str
    default_locale: str

    def home(self, site: str, locale: str) -> Values:
        catalogue, path = self.centre.catalogue, home_path(locale)
        description = WORDS[locale]["meta_home"].format(company=self.company)
        return {
            **self._frame(site, locale, path, description, {one: home_path(one) for one in LOCALES}),
            "shelves": catalogue.shelves(locale),
            "popular": self.centre.popular(locale),
            "recent": catalogue.recent(locale, RECENT),
            "data": [structured.website(site, locale, self.company, path)],
        }

    def category(self, site: str, locale: str, shelf: Shelf, number: int = 1) -> Values:
        """`number`: 1, 2, 3 … of the pages that a long category has."""
        pages = max(1, -(-len(shelf.articles) // PER_PAGE))
        number = min(max(1, number), pages)
        shown = shelf.articles[(number - 1) * PER_PAGE : number * PER_PAGE]
        key, name = shelf.category.key, shelf.category.name(locale)
        crumbs = [(WORDS[locale]["home"], home_path(locale)), (name, category_path(locale, key))]
        with_articles = [one for one in LOCALES if (found := self._shelf(one, key)) and found.articles]
        description = shelf.category.description(locale) or ", ".join(view.title for view in shelf.articles)
        languages = {one: category_path(one, key) for one in with_articles}
        data = [structured.breadcrumbs(site, crumbs)]
        if shown:
            data.append(structured.questions(shown))
        path = category_path(locale, key) + (f"?page={number}" if number > 1 else "")
        return {
            **self._frame(site, locale, path, description, languages),
            "shelf": shelf,
            "shown": shown,
            "number": number,
            "pages": pages,
            "shelves": self.centre.catalogue.shelves(locale),
            "crumbs": crumbs,
            "data": data,
            "is_hidden": not shelf.articles,
        }

    def article(self, site: str, article: ArticleView, feedback: Feedback, wanted: str = "") -> Values:
        """`wanted`: the language the reader asked for, if the article is not there in it."""
        return {
            **self._written(site, article, self.centre.page(article), feedback, wanted),
            "neighbours": self._neighbours(article),
            "related": self.centre.related(article),
        }

    def draft(self, site: str, article: ArticleView, page: Rendered) -> Values:
        """An article that is not live, as its page will be; what stands around it is not known yet."""
        return {**self._written(site, article, page, Feedback()), "neighbours": (), "related": ()}

    def _written(self, site: str, article: ArticleView, page: Rendered, feedback: Feedback, wanted: str = "") -> Values:
        locale = article.locale
        others = {one.locale: one.url for one in self.centre.other_languages(article.id, locale)}
        category = self.centre.catalogue.category(article.category)
        crumbs = [
            (WORDS[locale]["home"], home_path(locale)),
            (category.name(locale), category_path(locale, category.key)),
            (article.title, article.url),
        ]
        return {
            **self._frame(site, locale, article.url, article.short_answer, {locale: article.url, **others}),
            "article": article,
            "body": page.html,
            "contents": page.headings if len(page.headings) >= CONTENTS_FROM else (),
            "category": category,
            "crumbs": crumbs,
            "feedback": feedback,
            "wanted": wanted if wanted not in others else "",
            "only_in": ONLY_IN.get((wanted, locale), ""),
            "data": [structured.article(site, self.company, article), structured.breadcrumbs(site, crumbs)],
        }

    def search(self, site: str, locale: str, results: Results, error: str = "") -> Values:
        path = search_path(locale)
        return {
            **self._frame(
                site, locale, path, WORDS[locale]["search_label"], {one: search_path(one) for one in LOCALES}
            ),
            "languages": [(one, LANGUAGES[one], search_path(one, results.query)) for one in LOCALES if one != locale],
            "results": results,
            "error": error,
            "shelves": self.centre.catalogue.shelves(locale) if not results.results else (),
            "popular": self.centre.popular(locale) if not results.results else (),
            "is_hidden": results.kind in ("nothing", "too_long"),
            "category_name": lambda key: self.centre.catalogue.category(key).name(locale),
        }

    def missing(self, site: str, locale: str) -> Values:
        return {
            **self._frame(site, locale, home_path(locale), "", {}),
            "popular": self.centre.popular(locale),
            "is_hidden": True,
        }

    def gone(self, site: str, locale: str, article_id: str) -> Values:
        instead = self.centre.instead_of(article_id, locale)
        return {
            **self.missing(site, locale),
            "is_related": bool(instead),
            "popular": instead or self.centre.popular(locale),
        }

    def _frame(self, site: str, locale: str, path: str, description: str, in_languages: Mapping[str, str]) -> Values:
        """What every page says of itself. `in_languages`: its path in each language in which it is there."""
        alternates = [(one, site + in_languages[one]) for one in LOCALES if one in in_languages]
        if self.default_locale in in_languages:
            alternates.append(("x-default", site + in_languages[self.default_locale]))
        others = [one for one in LOCALES if one != locale]
        return {
            "site": site,
            "locale": locale,
            "w": WORDS[locale],
            "canonical": site + path,
            "description": _cut(description),
            "open_graph_locale": OPEN_GRAPH[locale],
            "alternates": alternates if len(in_languages) > 1 else [],
            "languages": [(one, LANGUAGES[one], in_languages.get(one, home_path(one))) for one in others],
            "data": [],
            "is_hidden": False,
        }

    def _shelf(self, locale: str, key: str) -> Shelf | None:
        return self.centre.catalogue.shelf(locale, key)

    def _neighbours(self, article: ArticleView) -> Sequence[ArticleView]:
        """The articles that stand around this one on its shelf."""
        shelf = self._shelf(article.locale, article.category)
        if shelf is None:
            return ()
        first = max(0, min(shelf.articles.index(article) - NEIGHBOURS // 2, len(shelf.articles) - NEIGHBOURS))
        return shelf.articles[first : first + NEIGHBOURS]


def _cut(text: str) -> str:
    return text if len(text) <= DESCRIPTION else text[: DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"


def moved(article: ArticleView, wanted: str) -> str:
    """Where somebody is led who asked for an article in another language than it is there in."""
    return f"{article_path(article.locale, article.id)}?from={wanted}"
