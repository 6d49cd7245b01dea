"""What somebody changes of their own account."""

from __future__ import annotations

from datetime import datetime

from db import Database
from staff.attempts import by_account_here, forget_attempts
from staff.audit import record
from staff.entered import locale_entered, name_entered
from staff.links import forget_links_of
from staff.passwords import check_password, hash_password, is_password
from staff.people import CHOICES, User
from staff.refusals import Refused
from staff.sessions import begin_session, end_session, end_sessions
from staff.signing_in import Visit, attempt


def change_person(database: Database, user: User, name: str, locale: str, chosen: set[str], now: datetime) -> None:
    """Raises Refused."""
    name, locale = name_entered(name), locale_entered(locale)
    with database.transaction() as session:
        own = session.get(User, user.id, with_for_update=True)
        assert own is not None  # noqa: S101 nobody is ever deleted
        own.name, own.locale = name, locale
        own.settings = own.settings | {choice: choice in chosen for choice in CHOICES}
        if name != user.name:
            record(session, "user_changed", now, user_id=user.id, subject=user.id, fields=["name"])


def change_password(database: Database, user: User, old: str, new: str, visit: Visit, now: datetime) -> str:
    """Ends all sessions; the token of the one that goes on. Raises Refused."""
    check_password(new, user.name, user.email)
    prove(database, user, old, visit, now)
    password_hash = hash_password(new)
    with database.transaction() as session:
        own = session.get(User, user.id, with_for_update=True)
        assert own is not None  # noqa: S101 nobody is ever deleted
        own.password_hash = password_hash
        end_sessions(session, user.id)
        forget_links_of(session, user)
        record(session, "password_changed", now, user_id=user.id)
        return begin_session(session, own, visit.browser, now)


def prove(database: Database, user: User, password: str, visit: Visit, now: datetime) -> None:
    """That it is still them: a stolen session alone changes nothing that keeps others out. Raises Refused."""
    counted = by_account_here(user.email, visit.network)
    attempt(database, user, [counted], visit, now)
    if not is_password(user.password_hash, password):
        raise Refused("wrong_old_password")
    with database.transaction() as session:
        forget_attempts(session, counted)


def close_session(database: Database, user: User, token_hash: str, now: datetime) -> None:
    with database.transaction() as session:
        if end_session(session, user.id, token_hash):
            record(session, "session_ended", now, user_id=user.id, subject=user.id)


def close_other_sessions(database: Database, user: User, this: str, now: datetime) -> None:
    with database.transaction() as session:
        end_sessions(session, user.id, but=this)
        record(session, "sessions_ended", now, user_id=user.id, subject=user.id)
