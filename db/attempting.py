"""A transaction that is tried again where the database says that it would work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.database import Database

T = TypeVar("T")

AGAIN = ("40001", "40P01")
"""PostgreSQL's serialization_failure and deadlock_detected: the transaction was rolled back and may be tried again
(https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html)."""
TRIES = 3


def attempt(database: Database, act: Callable[[Session], T]) -> T:
    """Does it in a transaction; once or twice more if PostgreSQL has sent us away. What it does must stay in there."""
    for _ in range(TRIES - 1):
        try:
            with database.transaction() as session:
                return act(session)
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) not in AGAIN:
                raise
    with database.transaction() as session:
        return act(session)
