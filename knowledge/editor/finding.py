"""Searching the list of articles: by the engine that customers search with, and by the letters of a title or an id."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from knowledge.articles import Translation
from knowledge.drafts import ArticleDraft
from knowledge.editor.house import House
from knowledge.help import searching
from knowledge.help.catalogue import Catalogue
from knowledge.index.records import Key

BY_LETTERS = 200
"""Articles that are found by the letters of a title or an id at most."""


def find_articles(session: Session, house: House, typed: str, locale: str) -> list[Key]:
    """Best first: what is called so, live or as a draft, then what customers or colleagues would find."""
    catalogues = (house.centre.catalogue, Catalogue(house.knowledge.internal, ()))
    called_so = [article.key for one in catalogues for article in one.titles(locale).matching(typed, BY_LETTERS)]
    meant = [key for one in catalogues for key in _meant(house, one, typed, locale)]
    return list(dict.fromkeys([*called_so, *_by_letters(session, typed), *meant]))


def _meant(house: House, catalogue: Catalogue, typed: str, locale: str) -> list[Key]:
    knowledge = house.knowledge
    results = searching.search(catalogue, knowledge.embedder, typed, locale, knowledge.answered_from)
    return [result.article.key for result in results.results]


def _by_letters(session: Session, typed: str) -> Iterator[Key]:
    of_draft = (ArticleDraft.article_id == Translation.article_id) & (ArticleDraft.locale == Translation.locale)
    met = or_(
        Translation.article_id.contains(typed.lower(), autoescape=True),
        func.lower(ArticleDraft.title).contains(typed.lower(), autoescape=True),
    )
    query = select(Translation.article_id, Translation.locale).outerjoin(ArticleDraft, of_draft).where(met)
    yield from ((row[0], row[1]) for row in session.execute(query.order_by(Translation.article_id).limit(BY_LETTERS)))
