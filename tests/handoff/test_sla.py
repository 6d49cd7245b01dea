"""Targets: due times follow what happens, warnings come before and marks after, each once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import Conversation, Event
from db import Database
from handoff import acting
from handoff.desk_settings import DeskSettings, keep_desk_settings
from handoff.sla import mark_sla, set_due
from tests.cast import MONDAY
from tests.handoff.people import (
    add_agent,
    add_team,
    add_waiting,
    asks,
    claim,
    handoff_of,
    promise,
    replies,
    works_in_leipzig,
)


def later(minutes: float) -> datetime:
    """So many minutes after ten on Monday, Leipzig's time."""
    return MONDAY + timedelta(minutes=minutes)


@pytest.fixture(autouse=True)
def _open(database: Database) -> None:
    works_in_leipzig(database)


def waits(database: Database, **minutes: int) -> str:
    """The id of a conversation that was given to people, who promised to be so fast."""
    with database.transaction() as session:
        promise(session, **minutes)
        conversation = add_waiting(session)
        set_due(session, conversation, MONDAY)
        return conversation.id


def change(database: Database, conversation_id: str, now: datetime, *verbs: Callable[..., None]) -> None:
    with database.transaction() as session:
        conversation = found(session, conversation_id)
        for verb in verbs:
            verb(session, conversation, now)
        set_due(session, conversation, now)


def found(session: Session, conversation_id: str) -> Conversation:
    return session.scalars(select(Conversation).filter_by(id=conversation_id)).one()


def due(database: Database, conversation_id: str) -> tuple[datetime | None, datetime | None]:
    with database.reading() as session:
        conversation = found(session, conversation_id)
        return conversation.reply_due_at, conversation.resolve_due_at


def marks(database: Database) -> list[tuple[str, str, datetime]]:
    with database.reading() as session:
        events = session.scalars(select(Event).where(Event.kind.startswith("sla_")).order_by(Event.id))
        return [(event.kind, event.details["which"], datetime.fromisoformat(event.details["due"])) for event in events]


def mira_replies(session: Session, conversation: Conversation, now: datetime) -> None:
    mira = add_agent(session, "Mira")
    claim(session, conversation, mira, now)
    replies(session, conversation, mira, now)


def ends(session: Session, conversation: Conversation, now: datetime) -> None:
    handoff_of(session, conversation).ended_at = now


def test_due_times_follow_what_is_said(database: Database) -> None:
    conversation = waits(database, first_reply=30, next_reply=60, resolution=240)
    assert (later(30), later(240)) == due(database, conversation)

    change(database, conversation, later(10), mira_replies)
    assert (None, None) == due(database, conversation)

    change(database, conversation, later(40), asks)
    assert (later(100), later(270)) == due(database, conversation)

    change(database, conversation, later(50), ends)
    assert (None, None) == due(database, conversation)
    assert [] == marks(database)


def test_without_targets_nothing_is_due(database: Database) -> None:
    with database.transaction() as session:
        conversation = add_waiting(session)
        set_due(session, conversation, MONDAY)
        assert (None, None) == (conversation.reply_due_at, conversation.resolve_due_at)


def test_another_priority_and_another_team_are_other_promises(database: Database) -> None:
    conversation = waits(database, first_reply=30)

    def hurries(session: Session, conversation: Conversation, now: datetime) -> None:
        promise(session, priority=3, first_reply=10)
        conversation.priority = 3

    def goes_to_experts(session: Session, conversation: Conversation, now: datetime) -> None:
        experts = add_team(session, "Experts")
        promise(session, experts, priority=3, first_reply=90)
        conversation.team_id = experts.id

    change(database, conversation, later(1), hurries)
    assert (later(10), None) == due(database, conversation)
    change(database, conversation, later(2), goes_to_experts)
    assert (later(90), None) == due(database, conversation)


def test_a_warning_comes_before_and_a_mark_after_each_once(database: Database) -> None:
    conversation = waits(database, first_reply=60)

    assert [] == mark_sla(database, later(44))
    assert [conversation] == mark_sla(database, later(45))
    assert [] == mark_sla(database, later(46))
    assert [] == mark_sla(database, later(60))
    assert [conversation] == mark_sla(database, later(61))
    assert [] == mark_sla(database, later(62))
    assert [("sla_warned", "first_reply", later(60)), ("sla_missed", "first_reply", later(60))] == marks(database)


def test_a_warning_comes_as_early_as_is_set(database: Database) -> None:
    conversation = waits(database, first_reply=240)
    with database.transaction() as session:
        keep_desk_settings(session, DeskSettings(warning_minutes=40))

    assert [] == mark_sla(database, later(199))
    assert [conversation] == mark_sla(database, later(200))


def test_both_clocks_are_marked(database: Database) -> None:
    conversation = waits(database, first_reply=10, resolution=20)

    assert [conversation] == mark_sla(database, later(15))
    assert [conversation] == mark_sla(database, later(25))
    kinds = [(kind, which) for kind, which, _ in marks(database)]
    assert [("sla_missed", "first_reply"), ("sla_warned", "resolution"), ("sla_missed", "resolution")] == kinds


def test_each_next_reply_is_a_clock_of_its_own(database: Database) -> None:
    conversation = waits(database, next_reply=20)
    change(database, conversation, later(1), mira_replies)
    change(database, conversation, later(10), asks)
    assert [conversation] == mark_sla(database, later(31))

    def answers(session: Session, conversation: Conversation, now: datetime) -> None:
        replies(session, conversation, add_agent(session, "Jonas"), now)

    change(database, conversation, later(40), answers)
    change(database, conversation, later(50), asks)
    assert [conversation] == mark_sla(database, later(71))
    assert [("sla_missed", "next_reply", later(30)), ("sla_missed", "next_reply", later(70))] == marks(database)


def test_a_clock_that_ran_out_while_nobody_looked_is_marked_when_it_ends(database: Database) -> None:
    conversation = waits(database, first_reply=10, resolution=20)
    change(database, conversation, later(30), mira_replies)

    expected = [("sla_missed", "first_reply", later(10)), ("sla_missed", "resolution", later(20))]
    assert expected == marks(database)
    assert (None, None) == due(database, conversation)


def test_what_was_resolved_too_late_is_marked(database: Database) -> None:
    conversation = waits(database, resolution=20)
    change(database, conversation, later(30), ends)

    assert [("sla_missed", "resolution", later(20))] == marks(database)


def test_an_earlier_due_time_after_it_was_missed_is_no_second_miss(database: Database) -> None:
    conversation = waits(database, first_reply=10)
    mark_sla(database, later(11))

    def hurries(session: Session, conversation: Conversation, now: datetime) -> None:
        promise(session, priority=3, first_reply=5)
        conversation.priority = 3

    change(database, conversation, later(12), hurries)
    assert [] == mark_sla(database, later(13))
    assert [("sla_missed", "first_reply", later(10))] == marks(database)


def test_a_warning_before_the_weekend_is_of_monday_s_first_minutes(database: Database) -> None:
    friday = MONDAY + timedelta(days=4, hours=7, minutes=20)  # 17:20 in Leipzig
    with database.transaction() as session:
        promise(session, first_reply=45)
        conversation = add_waiting(session, friday)
        set_due(session, conversation, friday)
        conversation_id = conversation.id

    assert [] == mark_sla(database, friday + timedelta(minutes=29))
    assert [conversation_id] == mark_sla(database, friday + timedelta(minutes=35))


def test_processes_that_look_at_once_mark_once(database: Database) -> None:
    conversation = waits(database, first_reply=10, resolution=10)
    together = Barrier(6)

    def look(_: int) -> list[str]:
        together.wait()
        return mark_sla(database, later(11))

    with ThreadPoolExecutor(6) as pool:
        marked = [one for found in pool.map(look, range(6)) for one in found]

    assert [conversation] == marked
    assert 2 == len(marks(database))


def test_what_was_marked_costs_no_transaction_any_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    waits(database, first_reply=10)
    mark_sla(database, later(11))
    monkeypatch.setattr(database, "transaction", None)

    assert [] == mark_sla(database, later(12))


def closed_and_opened_again(database: Database, conversation_id: str, *before: Callable[..., None]) -> None:
    """After whatever happened `before`, closed after 20 minutes, and opened again after an hour."""
    change(database, conversation_id, later(10), *before)
    with database.transaction() as session:
        susanne = add_agent(session, "Susanne")
        acting.resolve(session, susanne, conversation_id, "solved", later(20))
    with database.transaction() as session:
        acting.reopen(session, susanne, conversation_id, later(60))


def test_opened_again_after_a_reply_the_next_reply_is_due_and_no_first_one(database: Database) -> None:
    conversation = waits(database, first_reply=30, next_reply=60)
    closed_and_opened_again(database, conversation, mira_replies, asks)

    assert (later(120), None) == due(database, conversation)
    assert [conversation] == mark_sla(database, later(121))
    assert ("sla_missed", "next_reply") == marks(database)[-1][:2]


def test_opened_again_without_anything_owed_no_reply_is_due_until_they_write(database: Database) -> None:
    conversation = waits(database, first_reply=30, next_reply=60)
    closed_and_opened_again(database, conversation, mira_replies)
    assert (None, None) == due(database, conversation)

    change(database, conversation, later(70), asks)
    assert (later(130), None) == due(database, conversation)


def test_opened_again_without_a_reply_the_first_one_is_due(database: Database) -> None:
    conversation = waits(database, first_reply=30, next_reply=60)
    closed_and_opened_again(database, conversation)

    assert (later(90), None) == due(database, conversation)
