"""What was published of an article, one after the other; any of it can be brought back as a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.articles import Revision, Translation
from knowledge.drafts import ArticleDraft, fields_of, find_draft, save_draft
from knowledge.life.opened import Shown, may_edit, noted, shown_now
from knowledge.life.refusals import Refused
from knowledge.publishing import live_of
from staff.people import User

PAGE = 50


@dataclass(frozen=True)
class Publication:
    revision: Revision
    author: str
    """Their name; empty: an import or the command line."""
    approver: str
    is_live: bool


def publications(session: Session, article_id: str, locale: str, page: int = 1) -> tuple[list[Publication], int]:
    """A page of them, the newest first, and how many there are in all."""
    same = (Revision.article_id == article_id, Revision.locale == locale)
    count = session.scalar(select(func.count(Revision.id)).where(*same)) or 0
    query = select(Revision).where(*same).order_by(Revision.number.desc()).limit(PAGE).offset(PAGE * (page - 1))
    found = list(session.scalars(query))
    names = names_of(session, {one for each in found for one in (each.author_id, each.approved_by)})
    translation = session.get(Translation, (article_id, locale))
    live_id = translation.live_revision_id if translation else None
    return [_publication(one, names, live_id) for one in found], count


def names_of(session: Session, ids: set[str | None]) -> dict[str | None, str]:
    query = select(User.id, User.name).where(User.id.in_({one for one in ids if one}))
    return {user_id: name for user_id, name in session.execute(query)}  # noqa: C416  a row is no pair to mypy


def revision_of(session: Session, article_id: str, locale: str, number: int) -> Revision:
    """Raises Refused if the article never had so many publications."""
    query = select(Revision).filter_by(article_id=article_id, locale=locale, number=number)
    found: Revision | None = session.scalars(query).one_or_none() if 0 < number < 2**31 else None
    if found is None:
        raise Refused("no_publication")
    return found


def restore(
    session: Session,
    article_id: str,
    locale: str,
    user: User,
    now: datetime,
    number: int,
    *,
    note: str = "",
    shown: Shown | None = None,
) -> ArticleDraft:
    """Makes a draft of what was published, in place of whatever draft there is; what is live stays until it is
    published."""
    may_edit(user)
    revision = revision_of(session, article_id, locale, number)
    draft = find_draft(session, article_id, locale, lock=True)
    if shown is not None and shown != shown_now(session, article_id, locale):
        raise Refused("changed_meanwhile")
    live = live_of(session, article_id, locale)
    if draft is None and live is not None and live.id == revision.id:
        raise Refused("is_live")
    restored = save_draft(session, article_id, locale, fields_of(revision), now=now, user_id=user.id)
    restored.note = note
    noted(session, "article_restored", article_id, locale, user, now, number=number)
    return restored


def _publication(revision: Revision, names: dict[str | None, str], live_id: int | None) -> Publication:
    author, approver = names.get(revision.author_id, ""), names.get(revision.approved_by, "")
    return Publication(revision, author, approver, revision.id == live_id)
