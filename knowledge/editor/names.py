"""How colleagues are called."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from staff.people import EDITING, User


def names_of(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """By id; who is None is left out."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    return {user.id: user.name for user in session.scalars(select(User).where(User.id.in_(wanted)))}


def editors(session: Session) -> list[User]:
    """Who may look after articles, by name."""
    query = select(User).where(User.is_active, User.role.in_(EDITING))
    return sorted(session.scalars(query), key=lambda user: user.name.casefold())
