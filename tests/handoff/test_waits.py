"""Waits: what the queue's own history says about the next one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from db import Database
from handoff.opening import Calendar
from handoff.waits import Wait, as_said, expected_wait
from staff.people import User
from staff.teams import Team, default_team
from tests.cast import MONDAY
from tests.handoff.people import add_agent, add_team, add_waiting, claim, handoff_of, works_in_leipzig

MINUTE = timedelta(minutes=1)
FRIDAY = MONDAY - timedelta(days=3)


@pytest.fixture(autouse=True)
def _open(database: Database) -> None:
    works_in_leipzig(database)


def waited(session: Session, user: User, minutes: float, at: datetime = FRIDAY, team: Team | None = None) -> None:
    """One who stood in the queue and was taken."""
    conversation = add_waiting(session, at, team)
    claim(session, conversation, user, at + minutes * MINUTE)


def with_history(session: Session, *minutes: float, team: Team | None = None) -> User:
    """An agent, who took one after the other, each alone in the queue."""
    mira = add_agent(session, "Mira", *([team] if team else []))
    for number, each in enumerate(minutes):
        waited(session, mira, each, FRIDAY + number * timedelta(hours=1), team)
    return mira


def expect(session: Session, now: datetime = MONDAY, conversation: Conversation | None = None) -> Wait:
    session.flush()
    return expected_wait(session, default_team(session).id, now, conversation)


def test_without_a_history_nothing_is_foretold(database: Database) -> None:
    with database.transaction() as session:
        with_history(session, 5, 5)

        assert Wait(None, None, 1) == expect(session)


def test_the_next_one_waits_as_long_as_those_before(database: Database) -> None:
    with database.transaction() as session:
        with_history(session, 4, 4.5, 5, 3, 50)

        assert Wait(5, None, 1) == expect(session)


def test_who_stands_behind_others_waits_for_them_too(database: Database) -> None:
    with database.transaction() as session:
        with_history(session, 4, 5, 6)
        first = add_waiting(session, MONDAY - 3 * MINUTE)
        second = add_waiting(session, MONDAY - 2 * MINUTE)

        assert Wait(15, None, 3) == expect(session)
        assert Wait(5, None, 1) == expect(session, conversation=first)
        assert Wait(10, None, 2) == expect(session, conversation=second)


def test_the_urgent_stand_before_the_others_and_the_snoozed_before_nobody(database: Database) -> None:
    with database.transaction() as session:
        usual = add_waiting(session, MONDAY - 3 * MINUTE)
        urgent = add_waiting(session, MONDAY - 2 * MINUTE, priority=3)
        low = add_waiting(session, MONDAY - 5 * MINUTE, priority=0)
        add_waiting(session, MONDAY - 9 * MINUTE).snoozed_until = MONDAY + MINUTE
        positions = [expect(session, conversation=one).position for one in (urgent, usual, low)]

        assert [1, 2, 3] == positions
        assert 3 == expect(session).position


def test_a_wait_in_a_full_queue_is_counted_by_place(database: Database) -> None:
    with database.transaction() as session:
        mira = add_agent(session, "Mira")
        for place in range(1, 5):
            waited(session, mira, 10 * place, FRIDAY + place * timedelta(seconds=1))

        assert 10 == expect(session).minutes


def test_an_afternoon_on_which_nobody_comes_is_not_foretold_from_a_better_one(database: Database) -> None:
    with database.transaction() as session:
        with_history(session, 2, 2, 2)
        still = [add_waiting(session, MONDAY - 60 * MINUTE - place * timedelta(seconds=1)) for place in range(4)]

        assert 15 == expect(session, conversation=still[-1]).minutes


def test_a_night_in_the_queue_counts_only_what_was_open(database: Database) -> None:
    with database.transaction() as session:
        mira = add_agent(session, "Mira")
        for second in range(3):
            evening = FRIDAY.replace(hour=16, minute=58, second=second) - second * timedelta(days=1)
            waited(session, mira, 15 * 60 + 8 - 12, evening - timedelta(days=1))
        session.flush()

        # From two minutes before closing until shortly before nine, an hour after opening.
        assert 60 == expect(session).minutes


def test_outside_opening_hours_it_is_said_when_somebody_will_be_there(database: Database) -> None:
    night = MONDAY + timedelta(hours=12)
    with database.transaction() as session:
        with_history(session, 5, 5, 5)
        tuesday = datetime.fromisoformat("2026-11-17T08:00+01:00")

        assert Wait(None, tuesday, 1, is_open=False, is_somebody_there=False) == expect(session, night)


def test_whose_turn_comes_after_closing_is_told_of_tomorrow(database: Database) -> None:
    nearly_closed = datetime.fromisoformat("2026-11-16T17:55+01:00")
    with database.transaction() as session:
        with_history(session, 20, 20, 20)
        wait = expect(session, nearly_closed)

    assert (None, datetime.fromisoformat("2026-11-17T08:00+01:00")) == (wait.minutes, wait.opens_at)
    assert wait.is_open


def test_a_team_that_is_always_there_knows_no_tomorrow(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Calendar).values(week=[[["00:00", "24:00"]]] * 7, country=None))
        with_history(session, 20, 20, 20)
        wait = expect(session, datetime.fromisoformat("2026-11-16T23:55+01:00"))

    assert (20, None) == (wait.minutes, wait.opens_at)


def test_a_lunch_break_is_waited_through(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Calendar).values(week=[[["08:00", "12:00"], ["12:30", "18:00"]]] * 7, country=None))
        with_history(session, 5, 5, 5)

        assert 45 == expect(session, datetime.fromisoformat("2026-11-16T11:59+01:00")).minutes


def test_it_is_said_when_nobody_is_there(database: Database) -> None:
    with database.transaction() as session:
        jonas = add_agent(session, "Jonas", chosen="away")
        assert not expect(session).is_somebody_there

        add_agent(session, "Mira")
        assert expect(session).is_somebody_there
        assert not expect(session, MONDAY + 2 * MINUTE).is_somebody_there
        assert jonas.is_active


def test_each_team_has_its_own_history(database: Database) -> None:
    with database.transaction() as session:
        experts = add_team(session, "Experts")
        with_history(session, 45, 45, 45, team=experts)
        session.flush()

        assert expect(session).minutes is None
        assert 45 == expected_wait(session, experts.id, MONDAY).minutes


def test_what_an_agent_took_by_themselves_is_no_wait(database: Database) -> None:
    with database.transaction() as session:
        mira = with_history(session, 30, 30, 30)
        for number in range(5):
            conversation = add_waiting(session, FRIDAY + number * MINUTE)
            handoff_of(session, conversation).reason = "agent"
            claim(session, conversation, mira, FRIDAY + number * MINUTE)

        assert 30 == expect(session).minutes


def test_an_old_history_says_nothing_about_today(database: Database) -> None:
    with database.transaction() as session:
        with_history(session, 5, 5, 5)

        assert expect(session, MONDAY + timedelta(days=28)).minutes is None


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, 1), (1, 1), (1.2, 2), (4, 5), (5.1, 10), (12, 15), (21, 30), (31, 45), (59, 60), (100, 120), (130, 180)],
)
def test_minutes_are_rounded_as_a_person_would_say_them(minutes: float, said: int) -> None:
    assert said == as_said(minutes)
