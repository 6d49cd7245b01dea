"""Attempts to sign in that failed, and how long the next one must wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import Integer, String, delete
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column, lock

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
KEPT = timedelta(days=3)


class FailedAttempts(Base):
    """One row for each thing that is counted by: an e-mail address, known or not, a network address, both together."""

    __tablename__ = "failed_attempts"

    key: Mapped[str] = column(String(64), primary_key=True)
    """A hash: what somebody typed as an address may have been a password."""
    count: Mapped[int] = column(Integer)
    last_at: Mapped[datetime] = column(UTCDateTime)
    """Until when what is forgiven by time is forgiven."""
    locked_until: Mapped[datetime | None] = column(UTCDateTime, nullable=True)


@dataclass(frozen=True)
class Limit:
    """How many attempts are free, and how long it takes until one of them is forgiven."""

    free: int
    forgiven_after: timedelta


@dataclass(frozen=True)
class Counted:
    """What an attempt is counted by."""

    key: str
    limit: Limit


HERE = Limit(5, timedelta(hours=1))
"""For one account from one network."""
EVERYWHERE = Limit(20, timedelta(minutes=30))
"""For one account from all networks: many who guess a little."""
NETWORK = Limit(30, timedelta(minutes=2))
"""For all accounts from one network: an office behind one address mistypes now and then."""
CODES = Limit(5, timedelta(hours=1))
"""For the codes of one person's second factor."""


def by_account_here(email: str, network: str) -> Counted:
    return Counted(_key("here", email, block_of(network)), HERE)


def by_account(email: str) -> Counted:
    return Counted(_key("everywhere", email), EVERYWHERE)


def by_network(network: str) -> Counted:
    return Counted(_key("network", block_of(network)), NETWORK)


def by_codes(user_id: str) -> Counted:
    return Counted(_key("codes", user_id), CODES)


def block_of(network: str) -> str:
    """One person's network addresses: of IPv6, everybody has 2^64; an IPv4 address is one in any writing."""
    try:
        address = ip_address(network)
    except ValueError:
        return network
    if not isinstance(address, IPv6Address):
        return network
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))


def wait_after(count: int, limit: Limit) -> timedelta:
    """How long the next attempt must wait after so many: nothing, then twice as long each time, at most 15 min."""
    beyond = min(count - limit.free, 30)
    return min(FIRST_WAIT * 2 ** (beyond - 1), LONGEST_WAIT) if beyond > 0 else timedelta(0)


@dataclass(frozen=True)
class Outcome:
    """What became of counting an attempt."""

    wait: timedelta = timedelta(0)
    """How long it must wait instead; then it was not counted, and must not be looked at."""
    is_first_lock: bool = False
    """From now on others must wait."""


def count_attempt(session: Session, counted: Iterable[Counted], now: datetime) -> Outcome:
    """Counts an attempt *before* it is looked at, so that a hundred at once are no hundred free ones."""
    rows = [(one, _row(session, one, now)) for one in sorted(counted, key=lambda one: one.key)]
    wait = max((row.locked_until - now for _, row in rows if row.locked_until), default=timedelta(0))
    if wait > timedelta(0):
        return Outcome(wait)
    for one, row in rows:
        row.count += 1
        row.locked_until = now + wait_after(row.count, one.limit)
    return Outcome(is_first_lock=any(row.count == one.limit.free + 1 for one, row in rows))


def forget_attempts(session: Session, *counted: Counted) -> None:
    """It was the right person after all."""
    session.execute(delete(FailedAttempts).where(FailedAttempts.key.in_([one.key for one in counted])))


def forget_old_attempts(session: Session, now: datetime) -> None:
    session.execute(delete(FailedAttempts).where(FailedAttempts.last_at < now - KEPT))


def _row(session: Session, counted: Counted, now: datetime) -> FailedAttempts:
    """The row, locked, without what is forgiven by now."""
    lock(session, counted.key)
    row = session.get(FailedAttempts, counted.key, with_for_update=True)
    if row is None:
        row = FailedAttempts(key=counted.key, count=0, last_at=now)
        session.add(row)
    forgiven = (now - row.last_at) // counted.limit.forgiven_after
    row.count = max(row.count - forgiven, 0)
    row.last_at = row.last_at + forgiven * counted.limit.forgiven_after if row.count else now
    return row


def _key(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
