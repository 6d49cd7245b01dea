"""A signed-in browser: a row that ends when it is signed out, too old, or unused for too long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, ForeignKey, String, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session

from db import Base, Database, UTCDateTime, column
from staff.people import User
from staff.tokens import fingerprint, new_token

UNUSED_FOR = timedelta(hours=12)
OLDEST = timedelta(days=7)
CODE_WITHIN = timedelta(minutes=10)
"""How long the password alone is remembered, until the code follows."""
SEEN_EVERY = timedelta(minutes=1)
"""Use is written down no more often than this."""
BROWSER_CHARS = 60


class StaffSession(Base):
    __tablename__ = "staff_session"

    token_hash: Mapped[str] = column(String(64), primary_key=True)
    """SHA-256 of what the cookie holds: who reads the database can't sign in with it."""
    user_id: Mapped[str] = column(ForeignKey("staff_user.id"), index=True)
    created_at: Mapped[datetime] = column(UTCDateTime)
    seen_at: Mapped[datetime] = column(UTCDateTime)
    needs_code: Mapped[bool] = column(Boolean, default=False)
    """The password was right; nothing is opened until the second factor's code is."""
    browser: Mapped[str] = column(String(BROWSER_CHARS), default="")
    """Such as `Firefox, Linux`: by which its owner knows it."""

    def has_ended(self, now: datetime) -> bool:
        longest = CODE_WITHIN if self.needs_code else OLDEST
        return now - self.created_at >= longest or now - self.seen_at >= UNUSED_FOR


def begin_session(session: Session, user: User, browser: str, now: datetime, *, needs_code: bool = False) -> str:
    """A new session's token, for the browser's cookie alone."""
    token = new_token()
    session.add(
        StaffSession(
            token_hash=fingerprint(token),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            needs_code=needs_code,
            browser=browser[:BROWSER_CHARS],
        )
    )
    return token


def find_session(session: Session, token: str, now: datetime, *, needs_code: bool = False) -> StaffSession | None:
    """The living session of a token; with `needs_code`, one that still waits for its code."""
    found = session.get(StaffSession, fingerprint(token))
    return None if found is None or found.needs_code != needs_code or found.has_ended(now) else found


def user_of(session: Session, token: str, now: datetime, *, needs_code: bool = False) -> User | None:
    """Who is signed in with this token."""
    found = find_session(session, token, now, needs_code=needs_code)
    user = session.get(User, found.user_id) if found else None
    return user if user and user.is_active else None


def see_session(database: Database, seen: StaffSession, now: datetime) -> None:
    """It was used just now."""
    if now - seen.seen_at >= SEEN_EVERY:
        with database.transaction(durable=False) as session:
            session.execute(update(StaffSession).filter_by(token_hash=seen.token_hash).values(seen_at=now))


def sessions_of(session: Session, user_id: str, now: datetime) -> list[StaffSession]:
    """Those that are open, the last used first."""
    rows = session.scalars(select(StaffSession).filter_by(user_id=user_id, needs_code=False))
    return sorted((row for row in rows if not row.has_ended(now)), key=lambda row: row.seen_at, reverse=True)


def end_session(session: Session, user_id: str, token_hash: str) -> bool:
    """Whether it was there, and theirs."""
    ended: Any = session.execute(delete(StaffSession).filter_by(user_id=user_id, token_hash=token_hash))
    return bool(ended.rowcount)


def end_sessions(session: Session, user_id: str, but: str = "") -> None:
    """All of somebody's, but the one with this fingerprint."""
    session.execute(delete(StaffSession).where(StaffSession.user_id == user_id, StaffSession.token_hash != but))


def forget_sessions(session: Session, now: datetime) -> None:
    """Those that have ended by themselves."""
    is_over = or_(StaffSession.seen_at < now - UNUSED_FOR, StaffSession.created_at < now - OLDEST)
    session.execute(delete(StaffSession).where(is_over))
