"""An article is tended: withdrawn, archived, given an owner, looked at again; a draft is thrown away."""

from __future__ import annotations

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import publishing
from knowledge.articles import Revision
from knowledge.drafts import find_draft
from knowledge.life.comments import resolve_all
from knowledge.life.opened import Shown, may_edit, noted, open_draft, open_translation
from knowledge.life.refusals import Refused
from knowledge.life.scheduling import forget_time
from knowledge.translations import agree
from staff.people import EDITING, User

LONGEST_INTERVAL = 60
"""Months."""


def withdraw(session: Session, article_id: str, locale: str, user: User, now: datetime) -> None:
    """Takes a live text from the customers' sight; it stays as the draft, unless there is one.

    Whoever commits refreshes the index afterwards.
    """
    may_edit(user)
    publishing.count_on(session)  # Before the rows are locked, as every publication does.
    if open_translation(session, article_id, locale, user).live_revision_id is None:
        raise Refused("not_live")
    publishing.withdraw(session, article_id, locale, now=now)
    noted(session, "article_withdrawn", article_id, locale, user, now)


def archive(session: Session, article_id: str, locale: str, user: User, now: datetime) -> None:
    """Out of everybody's way: neither live, nor about to be. Whoever commits refreshes the index afterwards."""
    may_edit(user)
    publishing.count_on(session)
    draft = find_draft(session, article_id, locale, lock=True)
    translation = open_translation(session, article_id, locale, user)
    if translation.archived_at is not None:
        raise Refused("archived_already")
    if translation.live_revision_id is not None:
        publishing.withdraw(session, article_id, locale, now=now)
    if draft is not None:
        forget_time(draft)
    translation.archived_at = now
    noted(session, "article_archived", article_id, locale, user, now)


def unarchive(session: Session, article_id: str, locale: str, user: User, now: datetime) -> None:
    """Back among the drafts."""
    translation = open_translation(session, article_id, locale, user)
    if translation.archived_at is None:
        raise Refused("not_archived")
    translation.archived_at = None
    noted(session, "article_unarchived", article_id, locale, user, now)


def discard(
    session: Session, article_id: str, locale: str, user: User, now: datetime, shown: Shown | None = None
) -> None:
    """Throws the draft away. What was never published is gone with it."""
    draft = open_draft(session, article_id, locale, user, shown)
    session.delete(draft)
    resolve_all(session, article_id, locale, user, now)
    if not _was_ever_published(session, article_id, locale):
        session.delete(open_translation(session, article_id, locale, user))
    noted(session, "draft_discarded", article_id, locale, user, now)


def set_owner(session: Session, article_id: str, locale: str, user: User, now: datetime, owner_id: str | None) -> None:
    """Who keeps it true; None: nobody in particular."""
    translation = open_translation(session, article_id, locale, user)
    owner = session.get(User, owner_id) if owner_id else None
    if owner_id and (owner is None or not owner.may(EDITING)):
        raise Refused("no_owner")
    if translation.owner_id != (owner_id or None):
        translation.owner_id = owner_id or None
        noted(session, "article_owner_set", article_id, locale, user, now, owner=owner.name if owner else "")


def set_review(
    session: Session,
    article_id: str,
    locale: str,
    user: User,
    now: datetime,
    *,
    months: int | None,
    on: date | None = None,
) -> None:
    """How often, and when, it is looked at again. `on`: None: so many months from today, or never without them."""
    translation = open_translation(session, article_id, locale, user)
    if months is not None and not 1 <= months <= LONGEST_INTERVAL:
        raise Refused("bad_interval", most=LONGEST_INTERVAL)
    if on is not None and not now.date() <= on <= now.date() + relativedelta(months=2 * LONGEST_INTERVAL):
        raise Refused("bad_review_date")
    day = on or (now.date() + relativedelta(months=months) if months else None)
    if (translation.review_months, translation.review_on) != (months, day):
        translation.review_months, translation.review_on = months, day
        noted(session, "article_review_set", article_id, locale, user, now, months=months or 0)


def still_right(session: Session, article_id: str, locale: str, user: User, now: datetime) -> None:
    """Somebody has looked at what is live today: it says what is true, and what the other language says."""
    translation = open_translation(session, article_id, locale, user)
    if translation.live_revision_id is None:
        raise Refused("not_live")
    months = translation.review_months
    translation.review_on = now.date() + relativedelta(months=months) if months else None
    agree(session, translation)
    noted(session, "article_still_right", article_id, locale, user, now)


def _was_ever_published(session: Session, article_id: str, locale: str) -> bool:
    return session.scalars(select(Revision.id).filter_by(article_id=article_id, locale=locale)).first() is not None
