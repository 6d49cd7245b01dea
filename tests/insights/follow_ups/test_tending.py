"""No low score is forgotten: a reminder before the deadline, supervisors after it, and the customer asked again."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rounds import go_round
from db import Database
from handoff.acting import resolve
from handoff.replying import Writing, reply
from insights.follow_ups.asking_again import ask_those_closed
from insights.follow_ups.assigning import take
from insights.follow_ups.closing import Closing, close
from insights.follow_ups.opening import open_follow_up
from insights.follow_ups.reaching import reach_out
from insights.follow_ups.tending import tend_follow_ups
from insights.surveys.survey import Survey
from staff.people import User
from tests.cast import MONDAY, anna, says
from tests.handoff.at_work import events, hire
from tests.handoff.people import works_in_leipzig
from tests.insights.scores import LATER, do, follow_up, followed, talked

NEARLY = LATER + timedelta(hours=6)
DUE = LATER + timedelta(hours=22)
"""Eight hours in which somebody is there: the next morning."""


@pytest.fixture(autouse=True)
def hours(database: Database) -> None:
    works_in_leipzig(database)


def happened(database: Database, one: str) -> list[str]:
    return [kind.removeprefix("follow_up_") for kind in events(database, one) if kind.startswith("follow_up_")]


def test_whoever_has_not_closed_it_is_reminded_once_and_then_supervisors_are_told_once(database: Database) -> None:
    one = talked(database)
    opened = followed(database, one, LATER)
    assert [] == tend_follow_ups(database, NEARLY - timedelta(seconds=1))
    assert [one] == tend_follow_ups(database, NEARLY)
    assert [] == tend_follow_ups(database, NEARLY + timedelta(minutes=1))
    told: list[str] = []
    go_round(database, DUE, told.append)
    assert [one] == told
    assert [] == tend_follow_ups(database, DUE + timedelta(days=9))

    after = follow_up(database, opened)
    assert (NEARLY, DUE) == (after.reminded_at, after.escalated_at)
    assert ["opened", "reminded", "escalated"] == happened(database, one)


def test_what_was_late_before_anybody_looked_is_not_said_to_become_late(database: Database) -> None:
    one = talked(database)
    followed(database, one, LATER)
    tend_follow_ups(database, DUE + timedelta(days=1))
    assert ["opened", "escalated"] == happened(database, one)


def test_of_what_is_closed_nobody_is_reminded(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = talked(database)
    opened = followed(database, one, LATER)
    do(database, close, mira, opened, Closing("policy"), LATER)
    assert [] == tend_follow_ups(database, DUE)


def test_two_processes_remind_once(database: Database) -> None:
    one = talked(database)
    followed(database, one, LATER)
    start = Barrier(2)

    def look() -> None:
        start.wait()
        tend_follow_ups(database, NEARLY)

    threads = [Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ["opened", "reminded"] == happened(database, one)


def test_when_somebody_first_wrote_to_the_customer_is_kept(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = talked(database)
    opened = followed(database, one, LATER)
    do(database, reach_out, mira, opened, LATER)
    assert [] == tend_follow_ups(database, LATER)
    for minutes in (5, 7):
        writes(database, mira, one, LATER + timedelta(minutes=minutes))
    assert [one] == tend_follow_ups(database, LATER + timedelta(minutes=8))
    assert [] == tend_follow_ups(database, LATER + timedelta(minutes=8))
    assert LATER + timedelta(minutes=5) == follow_up(database, opened).reached_at


def writes(database: Database, user: User, one: str, now: datetime) -> None:
    with database.transaction() as session:
        reply(session, user, one, Writing("What was hard?", "web", seen_seq=99), now)


class Asked:
    """Stands for the question: remembers of which conversations it was asked."""

    def __init__(self, *, state: str = "asked") -> None:
        self.state = state
        self.of: list[str] = []

    def __call__(self, session: Session, conversation_id: str, now: datetime) -> Survey | None:
        self.of.append(conversation_id)
        if self.state == "":
            return None
        survey = Survey(
            kind="ces",
            touchpoint="follow_up",
            conversation_id=conversation_id,
            state=self.state,
            decided_at=now,
            lowest=1,
            highest=7,
        )
        session.add(survey)
        session.flush()
        return survey


def closed_by(database: Database, user: User, *, asks_again: bool = True) -> tuple[str, str]:
    one = talked(database)
    opened = followed(database, one, LATER)
    do(database, take, user, opened, LATER)
    do(database, close, user, opened, Closing("policy", asks_again=asks_again), LATER)
    return one, opened


def test_the_customer_is_asked_again_once(database: Database) -> None:
    one, opened = closed_by(database, hire(database, "Mira Kern"))
    ask = Asked()
    assert [one] == ask_those_closed(database, LATER, ask)
    assert [] == ask_those_closed(database, LATER + timedelta(days=1), ask)
    assert [one] == ask.of
    with database.reading() as session:
        assert (
            session.scalars(select(Survey.id).filter_by(touchpoint="follow_up")).one()
            == follow_up(database, opened).asked_again_id
        )


def test_a_customer_who_is_still_talked_with_is_asked_when_that_has_ended(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = talked(database)
    opened = followed(database, one, LATER)
    newer = says(database, anna("Something else"), LATER).conversation_id
    do(database, reach_out, mira, opened, LATER)
    do(database, close, mira, opened, Closing("policy"), LATER)
    ask = Asked()
    assert [] == ask_those_closed(database, LATER, ask)
    with database.transaction() as session:
        resolve(session, mira, newer, "solved", LATER + timedelta(hours=1))
    assert [newer] == ask_those_closed(database, LATER + timedelta(hours=2), ask)


def test_somebody_who_is_better_left_alone_is_not_asked(database: Database) -> None:
    closed_by(database, hire(database, "Mira Kern"), asks_again=False)
    ask = Asked()
    ask_those_closed(database, LATER, ask)
    assert [] == ask.of


def test_where_it_was_decided_to_ask_nobody_that_is_not_thought_over_each_second(database: Database) -> None:
    one, opened = closed_by(database, hire(database, "Mira Kern"))
    ask = Asked(state="")
    assert [] == ask_those_closed(database, LATER, ask) == ask_those_closed(database, LATER, ask)
    assert ([one], None) == (ask.of, follow_up(database, opened).asked_again_id)


def test_a_low_score_after_that_is_followed_up_but_not_asked_about_for_ever(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one, _ = closed_by(database, mira)
    ask = Asked()
    ask_those_closed(database, LATER, ask)
    with database.transaction() as session:
        again = session.scalars(select(Survey).filter_by(touchpoint="follow_up")).one()
        again.state, again.score, again.answered_at = "answered", 1, LATER
        second = open_follow_up(session, again, LATER)
        assert second
    do(database, close, mira, second.id, Closing("product"), LATER)
    assert [] == ask_those_closed(database, LATER + timedelta(hours=1), ask)
    assert [one] == ask.of


def test_long_after_it_was_closed_nobody_is_asked(database: Database) -> None:
    closed_by(database, hire(database, "Mira Kern"))
    ask = Asked()
    ask_those_closed(database, MONDAY + timedelta(days=30), ask)
    assert [] == ask.of
