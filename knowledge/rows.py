"""Rows that may be there already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_new(session: Session, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows; one whose key is there, or is being put there by somebody else, is left as it is."""
    if rows:
        dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))
