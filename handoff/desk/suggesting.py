"""Finds help articles for agents, and puts them in a form that goes into a reply."""

from __future__ import annotations

from itertools import chain, zip_longest

from handoff.desk.inserting import Articles, Passage
from knowledge.addresses import inside_path
from knowledge.help.catalogue import Catalogue
from knowledge.help.centre import HelpCentre
from knowledge.help.searching import QUERY_LENGTH, Result, cleaned, search, suggest
from knowledge.index import ArticleView
from knowledge.inside import Inside
from knowledge.library import Knowledge

FEW = 3
"""So many words are half a title rather than a question."""


def articles_of(centre: HelpCentre) -> Articles:
    """From those that customers can read and those for staff alone, the best of either in turn."""
    inside = Inside(centre.knowledge)

    def find(words: str, locale: str, limit: int) -> list[Passage]:
        public = map(_passage, _found(centre.knowledge, centre.catalogue, words, locale))
        internal = map(_internal, _found(centre.knowledge, inside.catalogue, words, locale))
        in_turn = chain.from_iterable(zip_longest(public, internal))
        return [one for one in in_turn if one is not None][:limit]

    return find


def _found(knowledge: Knowledge, catalogue: Catalogue, words: str, locale: str) -> list[Result]:
    asked = cleaned(words)[:QUERY_LENGTH]
    where = (catalogue, knowledge.embedder, asked, locale, knowledge.answered_from)
    return suggest(*where) if len(asked.split()) <= FEW else list(search(*where).results)


def _passage(result: Result) -> Passage:
    return Passage(result.article.title, result.sentence, _text(result.article), result.article.url)


def _internal(result: Result) -> Passage:
    """Without a text: what is for staff alone can't be sent to a customer by a slip of the hand."""
    article = result.article
    return Passage(article.title, result.sentence, "", inside_path(article.locale, article.id), internal=True)


def _text(article: ArticleView) -> str:
    """Its short answer, and beneath it where the rest stands."""
    return f"{article.short_answer.strip()}\n\n[{article.title}]({article.url})"
