"""Recovery codes: each opens the second factor's door once, when the phone with the codes is gone."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from secrets import choice
from typing import Any

from sqlalchemy import ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column

CODES = 10
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are read as another."""
GROUPS, GROUP = 4, 4


class RecoveryCode(Base):
    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = column(String(64), primary_key=True)
    user_id: Mapped[str] = column(ForeignKey("staff_user.id"), index=True)
    used_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)


def make_recovery_codes(session: Session, user_id: str) -> list[str]:
    """New ones, to be shown once; those before are worth nothing any more."""
    forget_recovery_codes(session, user_id)
    codes = ["-".join("".join(choice(SIGNS) for _ in range(GROUP)) for _ in range(GROUPS)) for _ in range(CODES)]
    session.add_all(RecoveryCode(code_hash=_hash(user_id, code), user_id=user_id) for code in codes)
    return codes


def take_recovery_code(session: Session, user_id: str, code: str, now: datetime) -> bool:
    """Whether it is one of theirs that was not used yet; now it is."""
    unused = update(RecoveryCode).filter_by(code_hash=_hash(user_id, code), user_id=user_id, used_at=None)
    taken: Any = session.execute(unused.values(used_at=now).execution_options(synchronize_session=False))
    return bool(taken.rowcount)


def recovery_codes_left(session: Session, user_id: str) -> int:
    left = select(func.count()).select_from(RecoveryCode).filter_by(user_id=user_id, used_at=None)
    return int(session.scalar(left) or 0)


def forget_recovery_codes(session: Session, user_id: str) -> None:
    session.execute(delete(RecoveryCode).filter_by(user_id=user_id))


def _hash(user_id: str, code: str) -> str:
    typed = "".join(sign for sign in code.lower() if sign in SIGNS)
    return sha256(f"{user_id}:{typed}".encode()).hexdigest()
