"""The categories are arranged: made, renamed, put in order, moved to another key, made one, deleted.

Each verb takes the session of a transaction and raises ArticleError. Whoever commits refreshes the index afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from knowledge.article_text import ArticleError
from knowledge.articles import Revision, Translation
from knowledge.categories import (
    CATEGORIES,
    Category,
    checked_category,
    store_categories,
    stored_categories,
)
from knowledge.drafts import ArticleDraft
from knowledge.publishing import count_on, tell_category
from knowledge.redirects import forget, lead, redirects
from staff.audit import record

Follow = Callable[[Session, str, str, bool], None]
"""What else is kept by the key of a category goes along: told the session, the key before and the one after, and
whether another category takes it in. Raises ArticleError if that can't be."""


@dataclass(frozen=True)
class Arranger:
    """Who arranges, when."""

    session: Session
    user_id: str
    now: datetime
    follow: Follow = lambda _session, _old, _new, _merged: None

    def record(self, action: str, key: str, **details: str) -> None:
        record(self.session, action, self.now, user_id=self.user_id, subject=key, **details)


def add(arranger: Arranger, category: Category) -> None:
    """At the end."""
    session = arranger.session
    known = _standing(session)
    category = checked_category(category)
    _check_free(session, category.key, known)
    if len(known) >= CATEGORIES:
        raise ArticleError(
            f"There are {len(known)} categories already; at most {CATEGORIES} are allowed.",
            f"Es gibt schon {len(known)} Kategorien; höchstens {CATEGORIES} sind erlaubt.",
        )
    store_categories(session, [*known, category])
    arranger.record("category_added", category.key)


def change(arranger: Arranger, key: str, category: Category) -> None:
    """Its icon and names, and its key if that is another one. One that only articles name is given an entry."""
    session = arranger.session
    known = _standing(session)
    category = checked_category(category)
    found = _found(session, key, known)
    if category.key != key:
        _check_free(session, category.key, known, own=key)
    if category == found and found in known:
        return
    there = known if found in known else [*known, found]
    store_categories(session, [category if one.key == key else one for one in there])
    if replace(category, key=key) != found:
        arranger.record("category_changed", category.key)
    if category.key != key:
        _move(arranger, key, category.key, merged=False)
        arranger.record("category_key_changed", category.key, before=key)


def order(arranger: Arranger, keys: Sequence[str]) -> None:
    """Those named, in this order; those that are not, which somebody else added meanwhile, after them."""
    known = {one.key: one for one in _standing(arranger.session)}
    wanted = [known[key] for key in dict.fromkeys(keys) if key in known]
    ordered = [*wanted, *(one for one in known.values() if one not in wanted)]
    if ordered != list(known.values()):
        store_categories(arranger.session, ordered)
        arranger.record("categories_ordered", "")


def shift(arranger: Arranger, key: str, step: int) -> None:
    """One place up (-1) or down (1)."""
    keys = [one.key for one in stored_categories(arranger.session)]
    if key in keys and 0 <= (to := keys.index(key) + step) < len(keys):
        at = keys.index(key)
        keys[at], keys[to] = keys[to], keys[at]
        order(arranger, keys)


def merge(arranger: Arranger, key: str, into: str) -> None:
    """All its articles, and its addresses, are those of another one from now on."""
    session = arranger.session
    known = _standing(session)
    _found(session, key, known)
    if into == key or into not in [one.key for one in known]:
        raise ArticleError(
            "Please choose the category that takes its articles.",
            "Bitte wählen Sie die Kategorie, die ihre Artikel aufnimmt.",
        )
    store_categories(session, [one for one in known if one.key != key])
    _move(arranger, key, into, merged=True)
    arranger.record("categories_merged", into, before=key)


def delete(arranger: Arranger, key: str) -> None:
    """Only an empty one; its addresses lead nowhere afterwards."""
    session = arranger.session
    known = _standing(session)
    _found(session, key, known)
    if filled := articles_by_category(session).get(key):
        raise ArticleError(
            f"There are {len(filled)} articles in it. Move them first, or merge it into another category.",
            f"Es sind {len(filled)} Artikel darin. Verschieben Sie sie zuerst, oder legen Sie sie mit einer anderen"
            " Kategorie zusammen.",
        )
    store_categories(session, [one for one in known if one.key != key])
    forget(session, key)
    arranger.record("category_deleted", key)


def articles_by_category(session: Session) -> Mapping[str, set[str]]:
    """The ids of the articles that are live or drafted in each, in whatever language."""
    live = select(Revision.category, Revision.article_id).join(Translation, Translation.live_revision_id == Revision.id)
    found: dict[str, set[str]] = {}
    for query in (live, select(ArticleDraft.category, ArticleDraft.article_id)):
        for key, article_id in session.execute(query):
            found.setdefault(key, set()).add(article_id)
    return found


def all_categories(session: Session) -> list[Category]:
    """In their order; those without an entry, which only articles name, after them, by key."""
    known = stored_categories(session)
    named = articles_by_category(session).keys() - {one.key for one in known} - {""}
    return [*known, *map(Category, sorted(named))]


def _standing(session: Session) -> list[Category]:
    """Those with an entry; nobody else changes them until this is committed."""
    count_on(session)
    return stored_categories(session)


def _found(session: Session, key: str, known: Sequence[Category]) -> Category:
    found = next((one for one in known if one.key == key), None)
    if found is None and key not in articles_by_category(session):
        raise ArticleError(
            "This category is not there any more; somebody else has changed it meanwhile.",
            "Diese Kategorie gibt es nicht mehr; jemand anderes hat sie inzwischen geändert.",
        )
    return found or Category(key)


def _check_free(session: Session, key: str, known: Sequence[Category], own: str = "") -> None:
    """`own`: the key until now, of a category that takes one that it had before."""
    if key in {one.key for one in known} | articles_by_category(session).keys():
        raise ArticleError(
            f"There is a category with the address {key!r} already.",
            f"Eine Kategorie mit der Adresse „{key}“ gibt es schon.",
        )
    # What was published under that address would leave its category.
    if (today := redirects(session).get(key, own)) != own:
        raise ArticleError(
            f"The address {key!r} leads to the category {today!r}, which had it before.",
            f"Die Adresse „{key}“ führt zur Kategorie „{today}“, die sie früher hatte.",
        )


def _move(arranger: Arranger, old: str, new: str, *, merged: bool) -> None:
    """What is published, what is being written, and what else is kept by its key, goes along."""
    session = arranger.session
    lead(session, old, new)
    drafts = update(ArticleDraft).where(ArticleDraft.category == old).values(category=new)
    session.execute(drafts.execution_options(synchronize_session="fetch"))
    tell_category(session, new)
    arranger.follow(session, old, new, merged)
