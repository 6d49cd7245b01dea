"""Drafts that go live by themselves at a time somebody set."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from db import Database
from knowledge.drafts import ArticleDraft, find_draft
from knowledge.library import Knowledge
from knowledge.life.going_live import Rules, publish_draft
from knowledge.life.opened import Shown, finished, note_of, noted, open_draft
from knowledge.life.refusals import Refused
from knowledge.life.reviewing import may_publish
from staff.audit import record
from staff.people import User

LATEST = timedelta(days=366)
"""Nobody remembers longer what they have set a time for."""
CLAIM = timedelta(seconds=60)
"""So long a process has for a publication; then another one tries."""

Key = tuple[str, str]
"""Article and locale."""


def moment_entered(text: str, zone: str) -> datetime:
    """What somebody means by `2026-11-30T09:00` in a time zone such as `Europe/Berlin`, in UTC. Raises Refused.

    Of an hour that comes twice, when clocks are put back, the first is meant.
    """
    place = _zone(zone.strip())
    try:
        local = datetime.fromisoformat(text.strip())
        moment = local.replace(tzinfo=place).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise Refused("no_time") from None
    if local.tzinfo is not None:
        raise Refused("no_time")
    if moment.astimezone(place).replace(tzinfo=None) != local:
        raise Refused("hour_left_out")
    return moment


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # As the library finds no file, a strange path, or a folder.
        raise Refused("no_zone", zone=name[:60]) from None


def publish_at(
    session: Session,
    article_id: str,
    locale: str,
    user: User,
    now: datetime,
    at: datetime,
    *,
    note: str | None = None,
    shown: Shown | None = None,
    must_be_reviewed: bool = False,
) -> None:
    """Sets the time at which a draft goes live by itself; whoever changes its text takes it away again."""
    draft = open_draft(session, article_id, locale, user, shown)
    if not may_publish(draft, user, must_be_reviewed=must_be_reviewed):
        raise Refused("must_be_approved")
    if not now < at <= now + LATEST:
        raise Refused("time_past" if at <= now else "time_far")
    finished(draft)
    draft.publish_at, draft.publish_by, draft.claimed_until, draft.stopped = at, user.id, None, None
    draft.note = draft.note if note is None else note_of(note)
    noted(session, "article_scheduled", article_id, locale, user, now, at=at.isoformat())


def cancel_time(session: Session, article_id: str, locale: str, user: User, now: datetime) -> None:
    draft = open_draft(session, article_id, locale, user)
    if draft.publish_at is None:
        raise Refused("no_time_set")
    forget_time(draft)
    noted(session, "article_time_cancelled", article_id, locale, user, now)


def forget_time(draft: ArticleDraft) -> None:
    draft.publish_at = draft.publish_by = draft.claimed_until = None


def publish_due(knowledge: Knowledge, now: datetime, rules: Rules) -> int:
    """Publishes one draft whose time has come; whether there was one. Any number of processes may ask at once."""
    due = _claim(knowledge.database, now)
    if due is None:
        return 0
    key, at, user_id = due
    with knowledge.database.reading() as session:
        user = session.get(User, user_id)
    try:
        if user is None:
            raise Refused("no_right")
        publish_draft(knowledge, *key, user, now, rules, due=at)
    except Refused as refused:
        _stop(knowledge.database, key, at, refused, now)
    return 1


def stopped_drafts(session: Session) -> list[ArticleDraft]:
    """Those that should have gone live and could not, the last one first."""
    found = list(session.scalars(select(ArticleDraft).where(ArticleDraft.stopped.isnot(None))))
    return sorted(found, key=lambda draft: str((draft.stopped or {}).get("at")), reverse=True)


def _claim(database: Database, now: datetime) -> tuple[Key, datetime, str] | None:
    """One that is due: for a while it is this process's alone."""
    due = (
        ArticleDraft.publish_at <= now,
        or_(ArticleDraft.claimed_until.is_(None), ArticleDraft.claimed_until <= now),
    )
    with database.reading() as session:
        draft = session.scalars(select(ArticleDraft).where(*due).order_by(ArticleDraft.publish_at)).first()
    if draft is None:
        return None
    key = (draft.article_id, draft.locale)
    this_one = (ArticleDraft.article_id == key[0], ArticleDraft.locale == key[1])
    with database.transaction() as session:
        claimed = update(ArticleDraft).where(*this_one, *due).values(claimed_until=now + CLAIM)
        won: Any = session.execute(claimed.execution_options(synchronize_session=False))
    return (key, draft.publish_at, draft.publish_by) if won.rowcount else None


def _stop(database: Database, key: Key, at: datetime, refused: Refused, now: datetime) -> None:
    """It stays a draft, and says why."""
    with database.transaction() as session:
        draft = find_draft(session, *key, lock=True)
        if draft is None or draft.publish_at != at:
            return  # Somebody has published, changed or cancelled it meanwhile: nothing is owed any more.
        reason: dict[str, Any] = {"reason": refused.reason, "values": refused.values, "at": now.isoformat()}
        draft.stopped = reason | {"by": draft.publish_by}
        forget_time(draft)
        subject = f"{key[1]}/{key[0]}"
        record(session, "publication_stopped", now, user_id=draft.publish_by, subject=subject, reason=refused.reason)
