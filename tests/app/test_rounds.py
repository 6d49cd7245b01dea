"""The rounds: one broken row keeps no other from its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from channels.linking.merging import MERGED
from db import Database
from handoff import joining, routing, sla, waiting
from handoff.desk_settings import desk_settings
from handoff.turn import take_turn
from insights.follow_ups import asking_again, tending
from insights.follow_ups.closing import Closing, close
from insights.surveys import ending
from staff.teams import default_team
from tests.cast import MONDAY, anna, ben, echo, says
from tests.handoff.at_work import hire
from tests.handoff.people import add_agent, add_waiting, claim, handoff_of, promise, works_in_leipzig
from tests.insights.scores import do, ended, followed

Round = Callable[[Database, datetime], list[str]]
Case = tuple[Round, Any, str, datetime]
"""The round, the room it lies in, what does one row, and when there are two to be done."""
LATER = MONDAY + timedelta(hours=3)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What goes wrong here is meant to."""
    with capture_logs() as logged:
        yield logged


@pytest.fixture(autouse=True)
def hours(database: Database) -> None:
    works_in_leipzig(database)


def two_wait(database: Database, *, who: str = "") -> None:
    """Two who wait for a person, or have told one, who is there or gone, something."""
    with database.transaction() as session:
        promise(session, first_reply=30)
        default_team(session).assigns = True
        both = [add_waiting(session, MONDAY) for _ in range(2)]
        for one in both:
            handoff = handoff_of(session, one)
            handoff.told_until = handoff.told_at = MONDAY
            one.reply_due_at = MONDAY + timedelta(minutes=30)
        if who:
            mira = add_agent(session, "Mira", now=LATER, chosen=who)
            for one in both if who == "off" else ():
                claim(session, one, mira, MONDAY)


def two_talked(database: Database) -> list[str]:
    talked = [says(database, inbound).conversation_id for inbound in (anna("My parcel?"), ben("My parcel?"))]
    for one in talked:
        take_turn(database, echo, one, MONDAY)
    return talked


def given(database: Database) -> Case:
    two_wait(database, who="online")
    return routing.route_waiting, routing, "_assign", LATER


def released(database: Database) -> Case:
    two_wait(database, who="off")
    return routing.release_left, routing, "_release", LATER


def told(database: Database) -> Case:
    two_wait(database)
    with database.reading() as session:
        assert desk_settings(session).again < LATER - MONDAY
    return waiting.tell_who_waits, waiting, "_tell", LATER


def marked(database: Database) -> Case:
    two_wait(database)
    return sla.mark_sla, sla, "_mark_conversation", LATER


def joined(database: Database) -> Case:
    with database.transaction() as session:
        for _ in range(2):
            add_waiting(session, MONDAY).close(MERGED, MONDAY)
    return joining.follow_all, joining, "_follow_customer", LATER


def silent(database: Database) -> Case:
    two_talked(database)
    return ending.end_silent, ending, "_close", LATER


def tended(database: Database) -> Case:
    for one in two_talked(database):
        followed(database, ended(database, one, MONDAY), MONDAY)
    return tending.tend_follow_ups, tending, "_tend", MONDAY + timedelta(days=2)


def asked(database: Database) -> Case:
    mira = hire(database, "Mira Kern")
    for one in two_talked(database):
        do(database, close, mira, followed(database, ended(database, one, MONDAY), MONDAY), Closing("policy"), MONDAY)
    return lambda of, now: asking_again.ask_those_closed(of, now, lambda *_: None), asking_again, "_ask", LATER


@pytest.mark.parametrize("made", [given, released, told, marked, joined, silent, tended, asked])
def test_one_broken_row_keeps_no_other_from_its_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch, made: Callable[[Database], Case]
) -> None:
    go, room, name, now = made(database)
    does, tried = getattr(room, name), []

    def breaks(of: Database, row: str, *given: Any) -> Any:
        tried.append(row)
        if row == tried[0]:
            raise ValueError("broken")
        return does(of, row, *given)

    monkeypatch.setattr(room, name, breaks)
    go(database, now)
    assert 2 == len(set(tried)) == len(tried)
    monkeypatch.setattr(room, name, does)
    # The other one is done; this one is when it is mended.
    still = []
    monkeypatch.setattr(room, name, lambda of, row, *given: still.append(row) or does(of, row, *given))
    go(database, now + timedelta(seconds=2))
    assert [tried[0]] == still
