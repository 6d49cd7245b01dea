"""What PostgreSQL sends away is tried again, and nothing else is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from channels.customer import Customer
from db import Database, attempt
from tests.cast import MONDAY


class SentAway(Exception):
    """As the driver says it."""

    def __init__(self, pgcode: str) -> None:
        super().__init__(pgcode)
        self.pgcode = pgcode


@pytest.mark.parametrize(
    ("pgcode", "times", "tries"), [("40P01", 2, 3), ("40001", 1, 2), ("40P01", 9, 3), ("53300", 9, 1)]
)
def test_a_deadlock_is_tried_again_twice_and_what_was_written_before_is_gone(
    sqlite_database: Database, pgcode: str, times: int, tries: int
) -> None:
    done: list[int] = []

    def act(session: Session) -> None:
        session.add(Customer(created_at=MONDAY))
        session.flush()
        done.append(1)
        if len(done) <= times:
            raise OperationalError("locked", None, SentAway(pgcode))

    if times < tries:
        attempt(sqlite_database, act)
    else:
        with pytest.raises(OperationalError):
            attempt(sqlite_database, act)

    assert tries == len(done)
    with sqlite_database.reading() as session:
        assert int(times < tries) == len(session.scalars(select(Customer)).all())


def test_two_who_wait_for_each_other_both_come_through(database: Database) -> None:
    if database.is_sqlite:  # One writer at a time: nobody can wait for each other.
        return
    with database.transaction() as session:
        session.add_all(Customer(id=name, created_at=MONDAY) for name in ("anna", "ben"))
    both = Barrier(2)

    def name_both(first: str, second: str) -> None:
        tries: list[int] = []

        def act(session: Session) -> None:
            tries.append(1)
            _lock(session, first).name = first
            session.flush()
            if len(tries) == 1:
                both.wait(timeout=30)
            _lock(session, second).email = first

        attempt(database, act)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(name_both, ("anna", "ben"), ("ben", "anna")))
    with database.reading() as session:
        named = {(one.name, one.email) for one in session.scalars(select(Customer))}
    assert {("anna", "ben"), ("ben", "anna")} == named


def _lock(session: Session, name: str) -> Customer:
    return session.scalars(select(Customer).filter_by(id=name).with_for_update()).one()
