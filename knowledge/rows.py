"""Writing rows that may be there already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_new(session: Session, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows; one whose key is there, or is being put there by somebody else, is left as it is."""
    if rows:
        session.execute(_insert(session, table).on_conflict_do_nothing(), list(rows))


def upsert(session: Session, table: Any, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Inserts a row, or sets the values of the one with this key."""
    statement = _insert(session, table).values(**key, **values)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def upsert_selected(session: Session, table: Any, query: Any, values: dict[str, Any]) -> None:
    """Inserts the rows that a query finds, its columns named as theirs, or sets the values of those that are there.

    The query must have a condition: SQLite takes what follows for one of its own.
    """
    statement = _insert(session, table).from_select([one.name for one in query.selected_columns], query)
    keys = [one.name for one in table.__table__.primary_key]
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))


def count_one(session: Session, table: Any, key: dict[str, Any], counter: str) -> None:
    """Adds 1 to the counter of the row with this key, which is inserted if it isn't there."""
    count(session, table, key, counter, 1)


def count(session: Session, table: Any, key: dict[str, Any], counter: str, more: int) -> None:
    """Adds so many to the counter of the row with this key, which is inserted if it isn't there."""
    statement = _insert(session, table).values(**key, **{counter: more})
    counted = {counter: getattr(table, counter) + more}
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=counted))


def _insert(session: Session, table: Any) -> Any:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
