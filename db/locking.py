"""Locks by name, for what has no row yet that could be locked."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def lock(session: Session, name: str) -> None:
    """Makes everybody else who asks for the same name wait until this transaction ends."""
    # SQLite has one writer at a time anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
