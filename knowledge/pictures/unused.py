"""Pictures that nothing shows are removed after a while: what was pasted and thought better of."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db import Database
from knowledge.articles import Revision
from knowledge.drafts import ArticleDraft
from knowledge.pictures.bodies import SCHEME, STORED
from knowledge.pictures.kept import Picture, PictureStore, lock_pictures

KEPT_UNUSED = timedelta(days=7)
"""Long enough for a text that was pasted into a page and not saved, or for one that is taken back."""


def remove_unused(database: Database, store: PictureStore, now: datetime) -> int:
    """How many were removed. What a draft or any revision ever published shows is never one of them."""
    with database.transaction() as session:
        lock_pictures(session)
        shown = _shown(session)
        _mark(session, shown, now)
        due = select(Picture).where(Picture.unused_since <= now - KEPT_UNUSED)
        forgotten = session.scalars(due.order_by(Picture.sha256)).all()
        store.remove(session, forgotten)
        return len(forgotten)


def _mark(session: Session, shown: set[str], now: datetime) -> None:
    """Notes since when each is not used. One that is used again begins anew when it no longer is."""
    for sha256, since in session.execute(select(Picture.sha256, Picture.unused_since)).all():
        if (sha256 in shown) != (since is None):
            value = None if sha256 in shown else now
            changed = update(Picture).where(Picture.sha256 == sha256).values(unused_since=value)
            session.execute(changed.execution_options(synchronize_session=False))


def _shown(session: Session) -> set[str]:
    """The SHA-256 of everything that any text names, in whatever way."""
    return {
        found[1]
        for table in (Revision, ArticleDraft)
        for body in session.scalars(select(table.body).where(table.body.contains(SCHEME)))
        for found in STORED.finditer(body)
    }
