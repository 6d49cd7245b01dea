"""Attempts that failed slow the next ones down, for as long as it takes and no longer."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from db import Database
from staff.attempts import (
    EVERYWHERE,
    HERE,
    LONGEST_WAIT,
    NETWORK,
    FailedAttempts,
    block_of,
    by_account,
    by_account_here,
    by_network,
    count_attempt,
    forget_old_attempts,
    wait_after,
)
from staff.refusals import Refused
from staff.signing_in import Visit, sign_in
from tests.cast import MONDAY
from tests.staff import PASSWORD, mira

OFFICE, CAFE = Visit("203.0.113.7"), Visit("198.51.100.9")
MIRA = "mira@fennimor.example"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("count", "seconds"), [(0, 0), (5, 0), (6, 5), (7, 10), (8, 20), (11, 160), (13, 640), (14, 900), (10_000, 900)]
)
def test_each_failure_beyond_the_free_ones_doubles_the_wait(count: int, seconds: int) -> None:
    assert timedelta(seconds=seconds) == wait_after(count, HERE)


def tries(database: Database, email: str, password: str, visit: Visit = OFFICE, now=MONDAY) -> str:  # type: ignore[no-untyped-def]
    try:
        sign_in(database, email, password, visit, now)
    except Refused as refused:
        return refused.reason
    return "in"


def test_a_password_cant_be_guessed_for_long(database: Database) -> None:
    mira(database)
    outcomes = [tries(database, MIRA, f"guess number {number}") for number in range(10)]

    assert ["wrong_password"] * 6 + ["too_many_attempts"] * 4 == outcomes
    assert "too_many_attempts" == tries(database, MIRA, PASSWORD)  # Nor does the right one open then.
    assert "in" == tries(database, MIRA, PASSWORD, now=MONDAY + 5 * SECOND)


def test_guessing_cant_tell_whether_an_address_exists(database: Database) -> None:
    mira(database)
    known, unknown = (
        [tries(database, email, f"guess number {number}") for number in range(10)]
        for email in (MIRA, "nobody@fennimor.example")
    )
    assert known == unknown


def test_a_success_clears_what_was_counted(database: Database) -> None:
    mira(database)
    for _ in range(3):
        for number in range(5):
            assert "wrong_password" == tries(database, MIRA, f"guess number {number}")
        assert "in" == tries(database, MIRA, PASSWORD)


def test_whoever_guesses_cant_lock_her_out_of_the_network_she_works_in(database: Database) -> None:
    mira(database)
    assert "in" == tries(database, MIRA, PASSWORD, OFFICE)
    for number in range(200):  # From everywhere, all day long.
        tries(database, MIRA, f"guess number {number}", Visit(f"198.51.100.{number}"), MONDAY + number * MINUTE)

    assert "in" == tries(database, MIRA, PASSWORD, OFFICE, MONDAY + 200 * MINUTE)


def test_whoever_guesses_cant_lock_her_out_of_her_ipv6_network_whatever_address_she_has_today(
    database: Database,
) -> None:
    mira(database)
    assert "in" == tries(database, MIRA, PASSWORD, Visit("2001:db8:1:2::1"))
    for number in range(30):
        tries(database, MIRA, f"guess number {number}", Visit(f"198.51.100.{number}"))

    assert "too_many_attempts" == tries(database, MIRA, PASSWORD, Visit("2001:db8:1:3::1"))
    assert "in" == tries(database, MIRA, PASSWORD, Visit("2001:db8:1:2:a:b:c:d"))


def test_another_ipv4_address_of_her_neighbourhood_is_not_her_network(database: Database) -> None:
    mira(database)
    assert "in" == tries(database, MIRA, PASSWORD, OFFICE)
    for number in range(30):
        tries(database, MIRA, f"guess number {number}", Visit(f"198.51.100.{number}"))

    assert "too_many_attempts" == tries(database, MIRA, PASSWORD, Visit("203.0.113.8"))


@pytest.mark.parametrize(
    ("network", "block"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:a:b:c:d", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_network_is_a_64_of_ipv6_and_a_whole_address_of_ipv4(network: str, block: str) -> None:
    assert block == block_of(network)


def test_many_networks_together_cant_guess_one_password_for_long(database: Database) -> None:
    mira(database)
    outcomes = [tries(database, MIRA, "a guess", Visit(f"198.51.100.{number}")) for number in range(30)]

    assert EVERYWHERE.free + 1 == outcomes.count("wrong_password")


def test_one_network_cant_try_one_password_on_everybody(database: Database) -> None:
    outcomes = [tries(database, f"person{number}@fennimor.example", "a guess", CAFE) for number in range(40)]

    assert NETWORK.free + 1 == outcomes.count("wrong_password")
    mira(database)
    assert "in" == tries(database, MIRA, PASSWORD, OFFICE)


def test_an_attacker_cant_take_another_address_of_the_same_ipv6_network(database: Database) -> None:
    outcomes = [tries(database, MIRA, "a guess", Visit(f"2001:db8:1:2::{number:x}")) for number in range(10)]

    assert "too_many_attempts" == outcomes[-1]
    assert "wrong_password" == tries(database, MIRA, "a guess", Visit("2001:db8:1:3::1"))


def test_failures_are_forgiven_one_by_one(database: Database) -> None:
    counted = [by_account_here(MIRA, "203.0.113.7")]

    def attempt(now):  # type: ignore[no-untyped-def]
        with database.transaction() as session:
            return count_attempt(session, counted, now).wait

    now = MONDAY
    for _ in range(6):
        assert not attempt(now)
    assert 5 * SECOND == attempt(now)
    now += 2 * HERE.forgiven_after
    assert not attempt(now)
    assert not attempt(now)
    assert attempt(now) > timedelta(0)


def test_the_wait_never_grows_beyond_a_quarter_of_an_hour(database: Database) -> None:
    now = MONDAY
    for _ in range(40):
        with database.transaction() as session:
            outcome = count_attempt(session, [by_account(MIRA), by_network("203.0.113.7")], now)
        assert outcome.wait <= LONGEST_WAIT
        now += LONGEST_WAIT


def test_a_hundred_guesses_at_once_cant_all_be_looked_at(database: Database) -> None:
    counted, looked_at = [by_account_here(MIRA, "203.0.113.7")], []

    def guess() -> None:
        with database.transaction() as session:
            outcome = count_attempt(session, counted, MONDAY)
        if not outcome.wait:
            looked_at.append(1)

    threads = [Thread(target=guess) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert HERE.free + 1 == len(looked_at)


def test_old_rows_are_forgotten(database: Database) -> None:
    tries(database, MIRA, "a guess")
    with database.transaction() as session:
        forget_old_attempts(session, MONDAY + timedelta(days=4))
    with database.reading() as session:
        assert [] == session.scalars(select(FailedAttempts)).all()
