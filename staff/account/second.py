"""Somebody's own second factor: switched on, off, and its recovery codes made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from db import Database
from staff.account.own import prove
from staff.attempts import by_codes, forget_attempts
from staff.audit import record
from staff.people import User
from staff.recovery import make_recovery_codes
from staff.refusals import Refused
from staff.sealing import Seal
from staff.second_factor import begin_set_up, switch_off, switch_on
from staff.sessions import end_sessions
from staff.signing_in import Visit, attempt


def begin(database: Database, user: User, password: str, seal: Seal, visit: Visit, now: datetime) -> None:
    """Raises Refused."""
    prove(database, user, password, visit, now)
    with _own(database, user) as (_, own):
        begin_set_up(own, seal)


def finish(database: Database, user: User, code: str, seal: Seal, this: str, visit: Visit, now: datetime) -> list[str]:
    """The recovery codes, to be shown once; sessions that know no code end. Raises Refused."""
    attempt(database, user, [by_codes(user.id)], visit, now)
    with _own(database, user) as (session, own):
        codes = switch_on(session, own, code, seal, now)
        forget_attempts(session, by_codes(user.id))
        end_sessions(session, user.id, but=this)
        record(session, "second_factor_on", now, user_id=user.id, subject=user.id)
    return codes


def give_up(database: Database, user: User) -> None:
    """What was begun is not finished."""
    with _own(database, user) as (_, own):
        own.totp_pending = None


def end(database: Database, user: User, password: str, visit: Visit, now: datetime) -> None:
    """Raises Refused."""
    prove(database, user, password, visit, now)
    with _own(database, user) as (session, own):
        switch_off(session, own)
        record(session, "second_factor_off", now, user_id=user.id, subject=user.id)


def renew_codes(database: Database, user: User, password: str, visit: Visit, now: datetime) -> list[str]:
    """Raises Refused."""
    prove(database, user, password, visit, now)
    with _own(database, user) as (session, own):
        if own.totp_secret is None:
            raise Refused("not_begun")
        record(session, "recovery_codes_made", now, user_id=user.id, subject=user.id)
        return make_recovery_codes(session, user.id)


@contextmanager
def _own(database: Database, user: User) -> Iterator[tuple[Session, User]]:
    with database.transaction() as session:
        own = session.get(User, user.id, with_for_update=True)
        assert own is not None  # noqa: S101 nobody is ever deleted
        yield session, own
