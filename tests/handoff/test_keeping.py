"""What customers say while they wait for a person, and what they are told."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from channels.conversation import BOT, CLOSED, QUEUE
from channels.inbound import Inbound
from channels.outbox import Delivery
from db import Database
from handoff import acting
from handoff.desk_settings import DeskSettings, keep_desk_settings
from handoff.foretelling import BACK_TO_BOT, LEAVE_NUMBER
from handoff.handoffs import Handoff
from handoff.presence import OFF_AFTER
from handoff.turn import take_turn, waiting_conversations
from handoff.waiting import tell_who_waits, wake_snoozed
from tests.cast import MONDAY, anna, echo, says
from tests.handoff.at_work import comes, conversation, events, hire, past, person_wanted, thread, waits

LATER = MONDAY + timedelta(minutes=1)


def writes(database: Database, one: str, text: str) -> None:
    says(database, anna(text), LATER)
    while one in waiting_conversations(database, LATER):
        take_turn(database, echo, one, LATER)


def said_last(database: Database, one: str) -> tuple[str, str]:
    return thread(database, one)[-1]


def handoff(database: Database) -> Handoff:
    with database.reading() as session:
        return session.scalars(select(Handoff).order_by(Handoff.id.desc())).first()  # type: ignore[return-value]


def test_whoever_waits_is_answered_once_that_it_is_kept_and_not_by_the_bot(database: Database) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    writes(database, one, "It is order FN-204518")
    writes(database, one, "from May")

    assert [BOT, "customer", BOT, "customer"] == [author for author, _ in thread(database, one)][1:]
    assert (BOT, "Thank you, I've put that with your question.") == thread(database, one)[3]
    assert (QUEUE, MONDAY) == (conversation(database, one).owner, conversation(database, one).owed_since)


@pytest.mark.parametrize("text", [BACK_TO_BOT, "Back to the assistant", "2"])
def test_whoever_waits_can_go_back_to_the_bot(database: Database, text: str) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    writes(database, one, text)
    writes(database, one, "How long is delivery?")

    assert (BOT, None) == (conversation(database, one).owner, conversation(database, one).owed_since)
    assert "You are talking with the assistant again. What would you like to know?" == thread(database, one)[3][1]
    assert "How long is delivery?" in said_last(database, one)[1]
    assert ("left", LATER) == (handoff(database).ended_as, handoff(database).ended_at)


def test_what_is_asked_in_one_breath_with_going_back_is_answered_by_the_bot(database: Database) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    says(database, anna(BACK_TO_BOT), LATER)
    writes(database, one, "How long is delivery?")

    assert "How long is delivery?" in said_last(database, one)[1]


@pytest.mark.parametrize(
    "text",
    ["never mind, bye", "forget it, I don't need it any more. bye", "no thanks, that was all", "hat sich erledigt"],
)
def test_whoever_needs_nobody_any_more_leaves_the_queue_and_it_is_over(database: Database, text: str) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    writes(database, one, text)

    found = conversation(database, one)
    assert (CLOSED, "done", LATER, None, None) == (
        found.owner,
        found.close_reason,
        found.closed_at,
        found.queued_at,
        found.owed_since,
    )
    assert ("left", LATER) == (handoff(database).ended_as, handoff(database).ended_at)
    assert handoff(database).claimed_at is None
    assert said_last(database, one)[1].startswith("All right, then nobody gets back to you")
    assert "left_queue" in events(database, one)


@pytest.mark.parametrize(
    "text", ["bye", "ok, thanks", "no", "never mind the first one, it is the second", "that's all"]
)
def test_whoever_says_anything_else_goes_on_waiting(database: Database, text: str) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    writes(database, one, text)

    assert (QUEUE, None) == (conversation(database, one).owner, conversation(database, one).closed_at)


def test_who_withdraws_and_then_asks_goes_on_waiting(database: Database) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    says(database, anna("never mind"), LATER)
    writes(database, one, "but where is my parcel")

    assert (QUEUE, None) == (conversation(database, one).owner, conversation(database, one).closed_at)


def test_who_withdraws_in_two_messages_leaves(database: Database) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    says(database, anna("ok never mind"), LATER)
    writes(database, one, "bye")

    assert CLOSED == conversation(database, one).owner


def test_what_is_said_to_an_agent_is_for_the_agent(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    one = waits(database)
    with database.transaction() as session:
        acting.claim(session, mira, one, LATER)
    writes(database, one, "never mind, bye")

    assert (f"agent:{mira.id}", None) == (conversation(database, one).owner, conversation(database, one).closed_at)
    assert ("customer", "never mind, bye") == said_last(database, one)


def test_whoever_waits_can_leave_a_number(database: Database) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    writes(database, one, LEAVE_NUMBER)
    writes(database, one, "my number is +49 341 5550190")

    assert "+493415550190" == handoff(database).callback
    assert "+49 341 5550190" in said_last(database, one)[1]
    assert "callback" in events(database, one)


def test_what_is_no_number_is_kept_and_said_to_be_none(database: Database) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    writes(database, one, LEAVE_NUMBER)
    writes(database, one, "the one you know, 4711")

    assert handoff(database).callback is None
    assert "can't read a phone number" in said_last(database, one)[1]
    assert (QUEUE, MONDAY) == (conversation(database, one).owner, conversation(database, one).owed_since)


def test_who_has_mistyped_their_number_may_write_it_again(database: Database) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    for text in (LEAVE_NUMBER, "0341", "+49 341 5550190"):
        writes(database, one, text)

    assert "+493415550190" == handoff(database).callback


def test_who_was_told_no_time_hears_again_all_the_same(database: Database) -> None:
    hire(database, "Mira Kern")
    one = waits(database)

    assert [] == tell_who_waits(database, MONDAY + timedelta(minutes=10))
    assert [one] == tell_who_waits(database, MONDAY + timedelta(minutes=20))
    assert "Your question is not forgotten" in said_last(database, one)[1]


def test_an_order_number_is_no_phone_number(database: Database) -> None:
    hire(database, "Mira Kern")
    one = waits(database)
    writes(database, one, "+49 341 5550190 is printed on the parcel")

    assert handoff(database).callback is None


def test_who_waits_by_sms_is_offered_no_number_to_leave(database: Database) -> None:
    hire(database, "Mira Kern")
    received = says(database, Inbound("sms", "+4915112345678", "A person", "SM1", sender="+4915735980001"))
    take_turn(database, person_wanted, received.conversation_id, MONDAY)

    with database.reading() as session:
        assert ["sms"] == list(session.scalars(select(Delivery.channel)))
    assert "this chat" not in said_last(database, received.conversation_id)[1]


def test_whoever_waits_longer_than_foretold_is_told_so_and_not_too_often(database: Database) -> None:
    past(database, 3, 4, 5, 30, 35, 40)
    mira = hire(database, "Mira Kern")
    comes(database, mira)
    before = conversation_of_past(database)
    with database.transaction() as session:
        acting.resolve(session, mira, before, "solved", MONDAY)
    one = waits(database)
    assert "about 20 minutes" in said_last(database, one)[1]
    told = []
    for minutes in range(0, 120, 5):
        now = MONDAY + timedelta(minutes=minutes)
        comes(database, mira, now)
        told += [minutes] * len(tell_who_waits(database, now))

    assert 1 <= len(told) <= DeskSettings.most_times
    assert all(later - earlier > DeskSettings.again_minutes for earlier, later in pairwise(told))
    assert "It takes longer than I said" in said_last(database, one)[1]


def conversation_of_past(database: Database) -> str:
    with database.reading() as session:
        return str(session.scalars(select(Handoff.conversation_id).limit(1)).one())


def test_who_was_taken_is_told_nothing_more(database: Database) -> None:
    past(database, 3, 4, 5)
    mira = hire(database, "Mira Kern")
    comes(database, mira)
    one = waits(database)
    with database.transaction() as session:
        acting.claim(session, mira, one, LATER)

    assert [] == [each for each in tell_who_waits(database, MONDAY + timedelta(hours=2)) if each == one]


def test_at_night_customers_hear_when_somebody_is_back(database: Database) -> None:
    hire(database, "Mira Kern")
    night = MONDAY.replace(hour=22)
    received = says(database, anna("A person, please"), night)
    take_turn(database, person_wanted, received.conversation_id, night)

    assert "We are back tomorrow at 9:00; your question is kept" in said_last(database, received.conversation_id)[1]


def test_on_friday_evening_they_hear_of_monday(database: Database) -> None:
    hire(database, "Mira Kern")
    friday = MONDAY.replace(hour=18) + timedelta(days=4)
    received = says(database, anna("A person, please"), friday)
    take_turn(database, person_wanted, received.conversation_id, friday)

    assert "on Monday at 9:00" in said_last(database, received.conversation_id)[1]


def test_what_was_put_aside_comes_back_by_itself(database: Database) -> None:
    from handoff import marking

    mira = hire(database, "Mira Kern")
    one = waits(database)
    with database.transaction() as session:
        marking.snooze(session, mira, one, MONDAY + OFF_AFTER, MONDAY)

    assert [] == wake_snoozed(database, MONDAY)
    assert [one] == wake_snoozed(database, MONDAY + OFF_AFTER)
    assert [] == wake_snoozed(database, MONDAY + OFF_AFTER)
    assert "woken" == events(database, one)[-1]


def sets(database: Database, **values: Any) -> None:
    with database.transaction() as session:
        keep_desk_settings(session, DeskSettings(**values))


def asks_at_night(database: Database, text: str = "A person, please") -> str:
    night = MONDAY.replace(hour=22)
    received = says(database, anna(text), night)
    take_turn(database, person_wanted, received.conversation_id, night)
    return said_last(database, received.conversation_id)[1]


def test_at_night_the_companys_own_sentence_comes_last(database: Database) -> None:
    hire(database, "Mira Kern")
    sets(database, closed={"en": "Is water running? Call +49 341 5550 199."})
    said = asks_at_night(database)

    assert "We are back tomorrow at 9:00" in said
    assert said.endswith(" Is water running? Call +49 341 5550 199.")


def test_at_night_a_sentence_of_another_language_is_left_out(database: Database) -> None:
    hire(database, "Mira Kern")
    sets(database, closed={"de": "Läuft Wasser aus? Rufen Sie an."})

    assert "Wasser" not in asks_at_night(database)


def test_in_opening_hours_the_sentence_for_outside_them_is_not_said(database: Database) -> None:
    hire(database, "Mira Kern")
    sets(database, closed={"en": "Call the night line."})

    assert "night line" not in said_last(database, waits(database))[1]


def hears(database: Database, minutes: int) -> list[int]:
    """When somebody who was told no time hears again."""
    return [at for at in range(minutes) if tell_who_waits(database, MONDAY + timedelta(minutes=at))]


def test_who_waits_hears_as_often_as_is_set(database: Database) -> None:
    hire(database, "Mira Kern")
    waits(database)
    sets(database, again_minutes=40, most_times=2)
    told = hears(database, 200)

    assert 2 == len(told)
    assert told[1] - told[0] > 40


def test_where_it_is_set_so_nobody_hears_again(database: Database) -> None:
    hire(database, "Mira Kern")
    waits(database)
    sets(database, most_times=0)

    assert [] == hears(database, 120)
