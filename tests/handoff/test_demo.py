"""The demo's desk: the invented company's opening hours, targets and canned replies, where nobody set any before."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db import Database
from handoff.admin.planning.promising import change_targets
from handoff.admin.planning.scheduling import change_hours, company_calendar, entry_of
from handoff.admin.replies.writing import VARIABLES, Entry, all_replies, delete_reply, write_reply
from handoff.canned import CannedReply
from handoff.clocks import Targets
from handoff.demo.loading import load_demo_desk
from handoff.desk.inserting import filled
from handoff.hours import load_hours
from handoff.sla import load_targets
from staff.audit import AuditEntry
from staff.teams import default_team
from staff.words import LANGUAGES
from tests.cast import MONDAY
from tests.staff import ada

ONE = Entry("hello", "", {"en": "Hello"}, {"en": "Hello {customer}"})


def replies(database: Database) -> list[Entry]:
    with database.reading() as session:
        return all_replies(session)


def test_the_company_has_its_hours_targets_and_replies(database: Database) -> None:
    assert load_demo_desk(database, MONDAY)

    with database.reading() as session:
        team = default_team(session).id
        hours = load_hours(session, team)
        assert Targets(60, 120, 1200) == load_targets(session, team, 1)
        assert all(load_targets(session, team, priority) != Targets() for priority in range(4))
    assert ("Europe/Berlin", "DE", "SN", ((480, 1080),)) == (
        hours.time_zone,
        hours.country,
        hours.subdivision,
        hours.week[0],
    )
    repentance_day = MONDAY + timedelta(days=2)  # A holiday in Saxony alone.
    assert (True, False) == (hours.is_open(MONDAY), hours.is_open(repentance_day))
    assert 8 <= len(replies(database)) <= 10


def test_each_reply_is_one_that_an_admin_could_write_in_both_languages(database: Database) -> None:
    load_demo_desk(database, MONDAY)
    user = ada(database)
    before = replies(database)
    for one in before:
        assert set(LANGUAGES) == set(one.titles) == set(one.texts)
        write_reply(database, user.id, one.shortcut, one, MONDAY)

    assert before == replies(database)
    assert set(VARIABLES) == set(re.findall(r"\{(\w+)\}", str(before)))


def test_no_reply_reads_wrong_where_the_name_is_not_known(database: Database) -> None:
    load_demo_desk(database, MONDAY)
    with database.reading() as session:
        texts = [filled(one, {"customer": ""}) for one in session.scalars(select(CannedReply.text))]

    assert [] == [text for text in texts if re.search(r" [,.:]|,[.:,]", text)]


def test_a_second_start_changes_nothing(database: Database) -> None:
    load_demo_desk(database, MONDAY)
    delete_reply(database, ada(database).id, "hello", MONDAY)
    before = replies(database)

    assert not load_demo_desk(database, MONDAY)
    assert before == replies(database)
    with database.reading() as session:
        assert ["demo_loaded", "reply_deleted"] == list(session.scalars(select(AuditEntry.action)))


def sets_hours(database: Database, by: str) -> None:
    with database.reading() as session:
        entry = entry_of(company_calendar(session), "en")
    change_hours(database, by, None, replace(entry, time_zone="Europe/Vienna"), MONDAY)


def sets_targets(database: Database, by: str) -> None:
    with database.reading() as session:
        team = default_team(session).id
    change_targets(database, by, team, {1: {"first_reply": "30"}}, MONDAY)


def writes_a_reply(database: Database, by: str) -> None:
    write_reply(database, by, "", ONE, MONDAY)


@pytest.mark.parametrize("change", [sets_hours, sets_targets, writes_a_reply])
def test_where_somebody_has_set_something_all_is_left_as_it_is(database: Database, change: Any) -> None:
    change(database, ada(database).id)
    before = replies(database)

    assert not load_demo_desk(database, MONDAY)
    assert before == replies(database)
    with database.reading() as session:
        assert "Europe/Berlin" != load_hours(session, None).time_zone
