"""Presence: what was chosen, as long as somebody is heard of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from db import Database
from handoff.presence import AWAY_AFTER, OFF_AFTER, Presence, State, choose_presence, present, seen, state_of
from tests.cast import MONDAY
from tests.staff import jonas, mira

A_MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("chosen", "unheard", "state"),
    [
        ("online", timedelta(), "online"),
        ("online", AWAY_AFTER, "online"),
        ("online", AWAY_AFTER + A_MOMENT, "away"),
        ("online", OFF_AFTER, "away"),
        ("online", OFF_AFTER + A_MOMENT, "off"),
        ("away", timedelta(), "away"),
        ("away", OFF_AFTER + A_MOMENT, "off"),
        ("off", timedelta(), "off"),
    ],
)
def test_a_closed_laptop_becomes_away_and_then_off(chosen: State, unheard: timedelta, state: State) -> None:
    assert state == state_of(Presence(user_id="mira", chosen=chosen, seen_at=MONDAY), MONDAY + unheard)


def test_who_never_opened_the_desk_is_off(database: Database) -> None:
    user = mira(database)
    with database.reading() as session:
        assert {user.id: "off"} == present(session, [user.id], MONDAY)


def test_who_opens_the_desk_is_online_until_they_say_otherwise(database: Database) -> None:
    user, other = mira(database), jonas(database)
    with database.transaction() as session:
        assert "online" == seen(session, user.id, MONDAY)
        choose_presence(session, user.id, "away", MONDAY)
        assert "away" == seen(session, user.id, MONDAY + A_MOMENT)
        assert {user.id: "away", other.id: "off"} == present(session, [user.id, other.id], MONDAY)


def test_who_comes_back_is_as_they_chose(database: Database) -> None:
    user = mira(database)
    with database.transaction() as session:
        choose_presence(session, user.id, "online", MONDAY)
        assert "online" == seen(session, user.id, MONDAY + 2 * OFF_AFTER)


def test_what_is_no_presence_is_refused(database: Database) -> None:
    user = mira(database)
    with database.transaction() as session, pytest.raises(ValueError, match="asleep"):
        choose_presence(session, user.id, "asleep", MONDAY)  # type: ignore[arg-type]


def test_pages_that_open_at_once_are_one_person(database: Database) -> None:
    user = mira(database)
    together = Barrier(6)

    def opens(_: int) -> None:
        together.wait()
        with database.transaction() as session:
            seen(session, user.id, MONDAY)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(opens, range(6)))

    with database.reading() as session:
        assert [user.id] == list(session.scalars(select(Presence.user_id)))
