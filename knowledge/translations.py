"""Whether an article says the same in both languages: what is missing, and what has fallen behind.

A text agrees with the publication in the other language that was live when it was published, or when somebody said
that it is still right (`Translation.seen_revision_id`). It is outdated once the words that are live there are others
than those. Who publishes what was outdated or new has caught up: then the other one agrees with it, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from knowledge.articles import Revision, Translation
from knowledge.locales import LOCALES

TranslationState = Literal["current", "outdated", "missing"]
Key = tuple[str, str]
"""Article and locale."""
WORDS = ("title", "short_answer", "body")
"""What has to be translated again when it changes."""


def translation_state(session: Session, article_id: str, locale: str) -> TranslationState:
    """Of one article in one language. What is live nowhere, or archived, lacks nothing."""
    if (article_id, locale) in outdated(session, article_id):
        return "outdated"
    return "missing" if (article_id, locale) in missing(session, article_id) else "current"


def outdated(session: Session, *article_ids: str) -> set[Key]:
    """What is live and says something else than the other language by now; of these articles, or of all."""
    mine, other, theirs, seen = aliased(Translation), aliased(Translation), aliased(Revision), aliased(Revision)
    query = (
        select(mine.article_id, mine.locale)
        .join(other, (other.article_id == mine.article_id) & (other.locale != mine.locale))
        .join(theirs, theirs.id == other.live_revision_id)
        .join(seen, seen.id == mine.seen_revision_id)
        .where(mine.live_revision_id.isnot(None), seen.id != theirs.id, _differ(theirs, seen))
    )
    return _keys(session, query.where(mine.article_id.in_(article_ids)) if article_ids else query)


def missing(session: Session, *article_ids: str) -> set[Key]:
    """The languages in which an article is not live, while it is in another one; of these articles, or of all."""
    return {(found, locale) for locale in LOCALES for found in session.scalars(_live_without(locale, article_ids))}


def _live_without(locale: str, article_ids: Sequence[str]) -> Any:
    """Of those that are live somewhere, the ones that are neither live nor archived in a language."""
    there, here = aliased(Translation), aliased(Translation)
    cared_for = select(here.article_id).where(
        here.article_id == there.article_id,
        here.locale == locale,
        or_(here.live_revision_id.isnot(None), here.archived_at.isnot(None)),
    )
    query = select(there.article_id).where(there.live_revision_id.isnot(None), ~cared_for.exists())
    return query.where(there.article_id.in_(article_ids)) if article_ids else query


def agree(session: Session, translation: Translation) -> None:
    """Says that a live text says what the other language says today."""
    if other := _live_other(session, translation):
        translation.seen_revision_id = other.live_revision_id


def catch_up(session: Session, translation: Translation) -> None:
    """Says with what a text agrees that has just gone live in place of another one, or as the first of its language."""
    other = _live_other(session, translation)
    if other is None:
        return
    if _was_behind(session, translation, other):
        other.seen_revision_id = translation.live_revision_id
    translation.seen_revision_id = other.live_revision_id


def _live_other(session: Session, translation: Translation) -> Translation | None:
    query = select(Translation).where(
        Translation.article_id == translation.article_id,
        Translation.locale != translation.locale,
        Translation.live_revision_id.isnot(None),
    )
    found: Translation | None = session.scalars(query).first()
    return found


def _was_behind(session: Session, translation: Translation, other: Translation) -> bool:
    if translation.seen_revision_id is None:
        return True
    seen, theirs = (session.get(Revision, one) for one in (translation.seen_revision_id, other.live_revision_id))
    return any(getattr(seen, name) != getattr(theirs, name) for name in WORDS)


def _differ(one: Any, another: Any) -> Any:
    return or_(*(getattr(one, name) != getattr(another, name) for name in WORDS))


def _keys(session: Session, query: Any) -> set[Key]:
    return {(found, locale) for found, locale in session.execute(query)}
