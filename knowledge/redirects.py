"""Keys that categories had before: each leads straight to the one of today, however often it was changed.

What was published names the category by the key of that day and is never written again: the key of today is looked up
when it is read. So a category of any size moves at once, and history stays as it was.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session

from db import Base, column


class CategoryRedirect(Base):
    __tablename__ = "category_redirect"

    old_key: Mapped[str] = column(String(64), primary_key=True)
    """Of a category that was given another key, or became part of another one."""
    key: Mapped[str] = column(String(64), index=True)
    """Never itself an old one."""


def today(old: Any) -> Any:
    """The key by which a column's category is known today, in SQL."""
    found = select(CategoryRedirect.key).where(CategoryRedirect.old_key == old)
    return func.coalesce(found.correlate_except(CategoryRedirect).scalar_subquery(), old)


def key_today(session: Session, key: str) -> str:
    """The same of one key; one that nobody knows stays as it is."""
    found = session.scalar(select(CategoryRedirect.key).where(CategoryRedirect.old_key == key)) if key else None
    return found or key


def redirects(session: Session) -> dict[str, str]:
    """Today's key of each old one."""
    return {one.old_key: one.key for one in session.scalars(select(CategoryRedirect))}


def lead(session: Session, old: str, new: str) -> None:
    """From now on one key leads to another, and so does all that led to it. `new` is no old key any more."""
    _change(session, update(CategoryRedirect).where(CategoryRedirect.key == old).values(key=new))
    _change(session, delete(CategoryRedirect).where(CategoryRedirect.old_key == new))
    session.add(CategoryRedirect(old_key=old, key=new))
    session.flush()


def forget(session: Session, key: str) -> None:
    """Nothing leads any more to a category that is gone."""
    _change(session, delete(CategoryRedirect).where(CategoryRedirect.key == key))


def _change(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session="fetch"))
