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
"""Articles that are found by an id or a draft's title at most."""


def find_articles(session: Session, house: House, typed: str, locale: str) -> list[Key]:
    """Best first: what customers would find, what only colleagues find, then ids and the titles of drafts."""
    internal = Catalogue(house.knowledge.internal, ())
    found = [
        *_by_meaning(house, house.centre.catalogue, typed, locale),
        *_by_meaning(house, internal, typed, locale),
        *_by_letters(session, typed),
    ]
    return list(dict.fromkeys(found))


def _by_meaning(house: House, catalogue: Catalogue, typed: str, locale: str) -> Iterator[Key]:
    knowledge = house.knowledge
    results = searching.search(catalogue, knowledge.embedder, typed, locale, knowledge.answered_from)
    yield from (result.article.key for result in results.results)
    yield from (article.key for article in catalogue.titles(locale).matching(typed, BY_LETTERS))


def _by_letters(session: Session, typed: str) -> Iterator[Key]:
    of_draft = (ArticleDraft.article_id == Translation.article_id) & (ArticleDraft.locale == Translation.locale)
    met = or_(
        Translation.article_id.contains(typed.lower(), autoescape=True),
        func.lower(ArticleDraft.title).contains(typed.lower(), autoescape=True),
    )
    query = select(Translation.article_id, Translation.locale).outerjoin(ArticleDraft, of_draft).where(met)
    for article_id, locale in session.execute(query.order_by(Translation.article_id).limit(BY_LETTERS)):
        yield article_id, locale
