"""One-time links: to choose a first password, or a new one, or to make the first admin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, Session

from db import Base, Database, UTCDateTime, column, lock
from staff.attempts import by_account, by_account_here, forget_attempts
from staff.audit import record
from staff.entered import email_entered, locale_entered, name_entered
from staff.passwords import check_password, hash_password
from staff.people import ADMIN, User
from staff.refusals import Refused
from staff.sessions import end_sessions
from staff.signing_in import Visit
from staff.tokens import fingerprint, new_token

RESET_WITHIN = timedelta(hours=24)
INVITED_FOR = timedelta(days=7)
KEPT = timedelta(days=30)
"""So long it is known of a used link that it was one."""


class OneTimeLink(Base):
    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = column(String(64), primary_key=True)
    user_id: Mapped[str | None] = column(ForeignKey("staff_user.id"), nullable=True, index=True)
    """Whose password it sets; None: it makes the first admin."""
    expires_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    used_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)


def link_path(token: str) -> str:
    return f"/staff/link/{token}"


def make_link(session: Session, user: User, now: datetime) -> str:
    """The token of a link with which a user chooses a password; the one before is worth nothing any more."""
    lasts = RESET_WITHIN if user.password_hash else INVITED_FOR
    return _make(session, user.id, now + lasts)


def make_first_link(session: Session) -> str | None:
    """The token of the link that makes the first admin; None if somebody works here."""
    return None if _somebody(session) else _make(session, None, None)


def look_at(session: Session, token: str, now: datetime) -> User | None:
    """Whose link it is; None: that of the first admin. Raises Refused if it leads nowhere."""
    link = session.get(OneTimeLink, fingerprint(token))
    user = session.get(User, link.user_id) if link and link.user_id else None
    if link and link.used_at:
        raise Refused("link_used")
    if link is None or (user and not user.is_active) or (user is None and _somebody(session)):
        raise Refused("link_unknown")
    if link.expires_at and link.expires_at <= now:
        raise Refused("link_expired")
    return user


def choose_password(database: Database, token: str, password: str, visit: Visit, now: datetime) -> None:
    """Of whose link it is; all their sessions end, and they can sign in from here at once. Raises Refused."""
    with database.reading() as session:
        user = look_at(session, token, now)
    if user is None:
        raise Refused("link_unknown")
    check_password(password, user.name, user.email)
    password_hash = hash_password(password)
    with database.transaction() as session:
        _use(session, token, now)
        session.execute(update(User).filter_by(id=user.id).values(password_hash=password_hash))
        end_sessions(session, user.id)
        forget_attempts(session, by_account(user.email), by_account_here(user.email, visit.network))
        record(session, "password_chosen", now, user_id=user.id)


def make_first_admin(
    database: Database, token: str, email: str, name: str, password: str, locale: str, now: datetime
) -> None:
    """Raises Refused."""
    email, name = email_entered(email), name_entered(name)
    check_password(password, name, email)
    password_hash = hash_password(password)
    with database.transaction() as session:
        if look_at(session, token, now) is not None:
            raise Refused("link_unknown")
        _use(session, token, now)
        admin = User(email=email, name=name, role=ADMIN, locale=locale_entered(locale), created_at=now)
        admin.password_hash = password_hash
        session.add(admin)
        session.flush()
        record(session, "first_admin_made", now, user_id=admin.id)


def forget_links_of(session: Session, user: User) -> None:
    session.execute(delete(OneTimeLink).filter_by(user_id=user.id, used_at=None))


def forget_links(session: Session, now: datetime) -> None:
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now - KEPT))


def _make(session: Session, user_id: str | None, expires_at: datetime | None) -> str:
    session.execute(delete(OneTimeLink).filter_by(user_id=user_id, used_at=None))
    token = new_token()
    session.add(OneTimeLink(token_hash=fingerprint(token), user_id=user_id, expires_at=expires_at))
    return token


def _use(session: Session, token: str, now: datetime) -> None:
    """Once: of two at the same moment, one is refused."""
    lock(session, "one_time_link")
    look_at(session, token, now)
    unused = update(OneTimeLink).filter_by(token_hash=fingerprint(token), used_at=None)
    used: Any = session.execute(unused.values(used_at=now).execution_options(synchronize_session=False))
    if not used.rowcount:
        raise Refused("link_used")


def _somebody(session: Session) -> bool:
    return session.scalars(select(User.id).limit(1)).first() is not None
