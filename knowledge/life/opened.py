"""What every step in an article's life begins and ends with: may they, does it still stand there, who did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from knowledge.article_text import ArticleError, ArticleText
from knowledge.articles import Translation
from knowledge.drafts import NOTE_LENGTH, ArticleDraft, find_draft, text_of_draft
from knowledge.life.refusals import Refused
from knowledge.locales import LOCALES
from staff.audit import record
from staff.people import EDITING, User


@dataclass(frozen=True)
class Shown:
    """What somebody looked at when they decided: the live revision, if there was one, and the draft's version or 0."""

    live_id: int | None
    version: int


def may_edit(user: User) -> None:
    if not user.may(EDITING):
        raise Refused("no_right")


def shown_now(session: Session, article_id: str, locale: str) -> Shown:
    translation = session.get(Translation, (article_id, locale))
    draft = find_draft(session, article_id, locale)
    return Shown(translation.live_revision_id if translation else None, draft.version if draft else 0)


def open_draft(
    session: Session, article_id: str, locale: str, user: User, shown: Shown | None = None, *, lock: bool = True
) -> ArticleDraft:
    """The draft, which nobody else changes until the transaction ends.

    `shown`: what they decided upon; None: whatever stands there. Raises Refused.
    """
    may_edit(user)
    draft = find_draft(session, article_id, locale, lock=lock)
    if draft is None:
        raise Refused("no_draft")
    if shown is not None and shown != shown_now(session, article_id, locale):
        raise Refused("changed_meanwhile")
    return draft


def open_translation(session: Session, article_id: str, locale: str, user: User) -> Translation:
    """The article in a language, which nobody else changes until the transaction ends. Raises Refused."""
    may_edit(user)
    translation = session.get(Translation, (article_id, locale), with_for_update=True, populate_existing=True)
    if translation is None:
        raise Refused("no_article")
    found: Translation = translation
    return found


def finished(draft: ArticleDraft) -> ArticleText:
    """As it can be published. Raises Refused with what is still missing or wrong."""
    try:
        return text_of_draft(draft)
    except ArticleError as error:
        raise Refused("unfinished", problem={one: error.said(one) for one in LOCALES}) from None


def note_of(text: str) -> str:
    """One paragraph for colleagues, as it is kept."""
    note = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(note) > NOTE_LENGTH:
        raise Refused("note_long", longest=NOTE_LENGTH)
    return note


def noted(
    session: Session, action: str, article_id: str, locale: str, user: User, now: datetime, **details: Any
) -> None:
    """In the audit log."""
    record(session, action, now, user_id=user.id, subject=f"{locale}/{article_id}", **details)
