"""Finds help articles for agents, and puts them in a form that goes into a reply."""

from __future__ import annotations

from handoff.desk.inserting import Articles, Passage
from knowledge.help.centre import HelpCentre
from knowledge.help.searching import QUERY_LENGTH, Result, cleaned, search, suggest
from knowledge.index import ArticleView

FEW = 3
"""So many words are half a title rather than a question."""


def articles_of(centre: HelpCentre) -> Articles:
    def find(words: str, locale: str, limit: int) -> list[Passage]:
        knowledge, catalogue = centre.knowledge, centre.catalogue
        asked = cleaned(words)[:QUERY_LENGTH]
        where = (catalogue, knowledge.embedder, asked, locale, knowledge.answered_from)
        found = suggest(*where) if len(asked.split()) <= FEW else list(search(*where).results)
        return [_passage(result) for result in found[:limit]]

    return find


def _passage(result: Result) -> Passage:
    return Passage(result.article.title, result.sentence, _text(result.article), result.article.url)


def _text(article: ArticleView) -> str:
    """Its short answer, and beneath it where the rest stands."""
    return f"{article.short_answer.strip()}\n\n[{article.title}]({article.url})"
