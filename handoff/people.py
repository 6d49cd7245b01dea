"""Whether there is anybody to hand over to."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from staff.people import DESK, User

# Asked in every turn: made once.
_SOMEBODY = (
    select(User.id)
    .where(User.is_active.is_(True), User.password_hash.isnot(None), User.role.in_(sorted(DESK)))
    .limit(1)
)


def is_staffed(session: Session) -> bool:
    """Whether somebody works at the desk at all, now or tomorrow: an installation without staff has no queue."""
    return session.scalars(_SOMEBODY).first() is not None
