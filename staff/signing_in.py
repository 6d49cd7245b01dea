"""Signing in: a password, then a code where there is a second factor; slower with each failure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import Database
from staff.attempts import (
    Counted,
    block_of,
    by_account,
    by_account_here,
    by_codes,
    by_network,
    count_attempt,
    forget_attempts,
)
from staff.audit import AuditEntry, record
from staff.entered import EMAIL
from staff.passwords import hash_password, is_outdated, is_password
from staff.people import User
from staff.refusals import Refused
from staff.sealing import Seal
from staff.second_factor import take_code
from staff.sessions import begin_session, end_session, user_of
from staff.tokens import fingerprint

SIGNED_IN = "signed_in"
KNOWN_FOR = timedelta(days=30)
"""So long a network from which somebody has signed in is theirs: others' guesses don't lock them out there."""


@dataclass(frozen=True)
class Visit:
    """From where somebody knocks."""

    network: str
    browser: str = ""


@dataclass(frozen=True)
class Entered:
    token: str
    """For the browser's cookie."""
    needs_code: bool


def sign_in(database: Database, email: str, password: str, visit: Visit, now: datetime) -> Entered:
    """Begins a session. Raises Refused, as fast and in the same words if nobody has this address."""
    email = email.strip().lower()
    user = user_by_email(database, email)
    attempt(database, user, _counted(database, user, email, visit, now), visit, now)
    is_right = is_password(user.password_hash if user else None, password)
    if user is None or not is_right or not user.is_active:
        keep_failure(database, user, "sign_in_failed", visit, now)
        raise Refused("wrong_password")
    with database.transaction() as session:
        return _enter(session, user, password, visit, now)


def attempt(database: Database, user: User | None, counted: list[Counted], visit: Visit, now: datetime) -> None:
    """Counts an attempt, to be looked at now. Raises Refused if it must wait."""
    with database.transaction() as session:
        outcome = count_attempt(session, counted, now)
        if outcome.is_first_lock:
            record(session, "locked_out", now, subject=user.id if user else "", network=visit.network)
    if outcome.wait:
        raise Refused("too_many_attempts", wait=_in_words(outcome.wait), seconds=ceil(outcome.wait.total_seconds()))


def _in_words(wait: timedelta) -> str:
    seconds = ceil(wait.total_seconds())
    return f"{seconds} s" if seconds < 90 else f"{ceil(seconds / 60)} min"


def user_by_email(database: Database, email: str) -> User | None:
    if not EMAIL.fullmatch(email):
        return None  # What is no address is nobody's, and may hold what no database takes.
    with database.reading() as session:
        return session.scalars(select(User).filter_by(email=email)).one_or_none()


def _counted(database: Database, user: User | None, email: str, visit: Visit, now: datetime) -> list[Counted]:
    here = [by_account_here(email, visit.network), by_network(visit.network)]
    return here if _is_known(database, user, visit, now) else [*here, by_account(email)]


def _is_known(database: Database, user: User | None, visit: Visit, now: datetime) -> bool:
    lately = select(AuditEntry.subject).where(
        AuditEntry.user_id == (user.id if user else ""),
        AuditEntry.action == SIGNED_IN,
        AuditEntry.at > now - KNOWN_FOR,
    )
    with database.reading() as session:
        return block_of(visit.network) in map(block_of, session.scalars(lately.distinct()))


def _enter(session: Session, known: User, password: str, visit: Visit, now: datetime) -> Entered:
    user = session.get(User, known.id, with_for_update=True)
    if user is None or user.password_hash is None or user.password_hash != known.password_hash:
        raise Refused("wrong_password")  # It was changed in this very moment.
    forget_attempts(session, by_account(user.email), by_account_here(user.email, visit.network))
    if is_outdated(user.password_hash):
        user.password_hash = hash_password(password)
    needs_code = user.totp_secret is not None
    if not needs_code:
        record(session, SIGNED_IN, now, user_id=user.id, subject=visit.network)
    return Entered(begin_session(session, user, visit.browser, now, needs_code=needs_code), needs_code)


def enter_code(database: Database, token: str, code: str, seal: Seal, visit: Visit, now: datetime) -> Entered:
    """Begins the session of somebody whose password was right. Raises Refused."""
    with database.reading() as session:
        user = user_of(session, token, now, needs_code=True)
    if user is None:
        raise Refused("code_too_late")
    attempt(database, user, [by_codes(user.id)], visit, now)
    with database.transaction() as session:
        entered = _enter_with_code(session, user.id, token, code, seal, visit, now)
    if entered is None:
        keep_failure(database, user, "code_failed", visit, now)
        raise Refused("wrong_code")
    return entered


def _enter_with_code(
    session: Session, user_id: str, token: str, code: str, seal: Seal, visit: Visit, now: datetime
) -> Entered | None:
    user = session.get(User, user_id, with_for_update=True)
    taken = take_code(session, user, code, seal, now) if user else None
    if user is None or taken is None or not end_session(session, user_id, fingerprint(token)):
        return None
    forget_attempts(session, by_codes(user_id))
    record(session, SIGNED_IN, now, user_id=user_id, subject=visit.network, second_factor=taken)
    return Entered(begin_session(session, user, visit.browser, now), needs_code=False)


def keep_failure(database: Database, user: User | None, action: str, visit: Visit, now: datetime) -> None:
    with database.transaction() as session:
        # Not the address that was typed: it may be somebody's password.
        record(session, action, now, subject=user.id if user else "", network=visit.network)


def sign_out(database: Database, user: User, token: str, now: datetime) -> None:
    with database.transaction() as session:
        end_session(session, user.id, fingerprint(token))
        record(session, "signed_out", now, user_id=user.id)
