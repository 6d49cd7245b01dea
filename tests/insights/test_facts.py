"""Facts: what a conversation is counted as, whatever happened in it, and that they follow what is corrected."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from channels.conversation import Conversation, Event, Message
from channels.outbox import Delivery
from db import Database
from handoff import acting
from handoff.handoffs import Handoff
from handoff.opening import Calendar
from insights.facts.fact import ConversationFact, FactState
from insights.facts.refreshing import rebuild, refresh
from insights.facts.store import FactStore
from insights.follow_ups.reaching import reach_out
from insights.surveys.survey import Survey
from staff.teams import Team
from tests.cast import MONDAY
from tests.handoff.at_work import hire
from tests.insights.recounting.rows import Rows
from tests.insights.recounting.stories import stories
from tests.insights.surveys.scene import Scene
from tests.insights.test_closed_loop import looked_after
from tests.insights.told import Told


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def later(minutes: float = 0, days: float = 0) -> datetime:
    """So long after ten on Monday, Leipzig's time."""
    return MONDAY + timedelta(days=days, minutes=minutes)


def test_bot_alone_answers_and_silence_follows(told: Told) -> None:
    one = told.says("anna", "Can I return it?", MONDAY)
    told.says("anna", "Where is my parcel?", later(2))
    told.ends(one, "silence", later(days=1))

    fact = told.facts(one, later(days=1))

    assert (2, 2, 2, 0, 0) == (fact.said, fact.questions, fact.answered, fact.unknown, fact.handoffs)
    assert ("silence", None, None) == (fact.resolved_by, fact.team_id, fact.reply_seconds)
    assert ("delivery", "track-order", "web") == (fact.topic, fact.article_id, fact.channels)
    # Resolved by its last answer, not by the silence after it.
    assert later(2).timestamp() + 1 == fact.resolved_at


@pytest.mark.parametrize(("text", "resolved"), [("/did_not_help", None), ("/helped", "silence"), ("Hm?", None)])
def test_silence_after_an_answer_that_did_not_help_is_no_resolution(
    told: Told, text: str, resolved: str | None
) -> None:
    one = told.says("anna", "Can I return it?", MONDAY)
    told.says("anna", text, later(1))
    told.ends(one, "silence", later(days=1))

    assert resolved == told.facts(one, later(days=1)).resolved_by


def test_a_hand_off_at_night_waits_by_the_clock_and_not_in_opening_hours(told: Told) -> None:
    mira = hire(told.database, "Mira")
    night = MONDAY.replace(hour=22)
    one = told.says("anna", "A person, please", night)
    told.replies(mira, one, night + timedelta(hours=9, minutes=30))  # 07:30 UTC is half past eight in Leipzig.

    fact = told.facts(one, later(days=1))

    assert 9.5 * 3600 - 1 == fact.reply_seconds
    assert 30 * 60 == fact.reply_open_seconds
    assert ("asked", 1, 1, 0, 1, 0) == (
        fact.reason,
        fact.handoffs,
        fact.queued,
        fact.left_queue,
        fact.ended,
        fact.unreplied,
    )


@pytest.mark.parametrize(
    "changed",
    [{"week": [[["10:00", "12:00"]]] * 7}, {"closed_on": ["2026-11-17"]}, {"time_zone": "Asia/Tokyo"}],
    ids=["hours", "holiday", "zone"],
)
def test_a_wait_in_opening_hours_stays_what_it_was_when_those_are_changed(told: Told, changed: dict[str, Any]) -> None:
    mira, night = hire(told.database, "Mira"), MONDAY.replace(hour=22)
    before, after = (told.says(who, "A person, please", night) for who in ("anna", "ben"))
    told.replies(mira, before, night + timedelta(hours=9, minutes=30))
    told.corrects(Calendar, changed, team_id=None)
    told.replies(mira, after, night + timedelta(hours=11, minutes=30))

    rebuild(told.database, later(days=2))
    # Of one that is from before it was kept, today's are all that is known.
    told.corrects(Handoff, {"reply_open_seconds": None}, conversation_id=after)
    known = told.facts(after, later(days=2)).reply_open_seconds

    assert 30 * 60 == told.facts(before, later(days=2)).reply_open_seconds
    assert {"week": 30 * 60, "closed_on": 0, "time_zone": 600 * 60}[next(iter(changed))] == known


def test_a_wait_in_opening_hours_stays_that_of_the_team_that_replied(told: Told) -> None:
    mira, _ = hire(told.database, "Mira"), hire(told.database, "Sam", team="Workshop")
    one = told.says("anna", "A person, please", MONDAY)
    told.replies(mira, one, later(30))
    with told.database.transaction() as session:
        workshop = session.scalars(select(Team).filter_by(name="Workshop")).one()
        session.add(Calendar(team_id=workshop.id, time_zone="Europe/Berlin", week=[[]] * 7))
        acting.transfer(session, mira, one, later(40), to_team=workshop.id)

    assert 30 * 60 - 1 == told.facts(one, later(50)).reply_open_seconds
    [recounted] = [each for each in stories(Rows(told.database)) if each.id == one]
    assert 30 * 60 - 1 == recounted.called[0].waited_open


def test_a_hand_off_without_reply_is_counted_as_one(told: Told) -> None:
    mira = hire(told.database, "Mira")
    left = told.says("anna", "A person, please", MONDAY)
    told.says("anna", "Back to the assistant", later(20))
    closed = told.says("ben", "A person, please", MONDAY)
    told.resolves(mira, closed, later(30), "no_reply")

    gone, unanswered = told.facts(left, later(60)), told.facts(closed, later(60))

    assert (1, 1, 1, 1) == (gone.queued, gone.left_queue, gone.ended, gone.unreplied)
    assert (1, 0, 1, 1) == (unanswered.queued, unanswered.left_queue, unanswered.ended, unanswered.unreplied)
    assert (None, None) == (gone.reply_seconds, unanswered.reply_seconds)
    assert unanswered.resolved_by is None


def test_what_still_waits_is_neither_left_nor_unreplied(told: Told) -> None:
    hire(told.database, "Mira")
    one = told.says("anna", "A person, please", MONDAY)

    fact = told.facts(one, later(5))

    assert (1, 0, 0, 0, 0) == (fact.handoffs, fact.queued, fact.left_queue, fact.ended, fact.unreplied)


def test_what_was_reopened_is_resolved_when_it_was_for_good(told: Told) -> None:
    mira = hire(told.database, "Mira")
    one = told.says("anna", "A person, please", MONDAY)
    told.replies(mira, one, later(10))
    told.resolves(mira, one, later(20))
    told.reopens(mira, one, later(days=1))
    open_again = told.facts(one, later(days=1))
    told.resolves(mira, one, later(30, days=1))

    fact = told.facts(one, later(31, days=1))

    assert (None, 1) == (open_again.resolved_at, open_again.reopens)
    assert (later(30, days=1).timestamp(), "agent") == (fact.resolved_at, fact.resolved_by)
    # That staff opened it again is no call for a person, and its first reply was the first one.
    assert (1, 599) == (fact.handoffs, fact.reply_seconds)


def test_an_agent_who_comes_by_themselves_was_not_waited_for(told: Told) -> None:
    mira = hire(told.database, "Mira", "supervisor")
    one = told.says("anna", "Can I return it?", MONDAY)
    told.replies(mira, one, later(3))

    fact = told.facts(one, later(4))

    assert (0, None, None, 1) == (fact.handoffs, fact.reason, fact.reply_seconds, fact.people_said)


def test_a_conversation_that_moved_counts_each_change_of_channel(told: Told) -> None:
    told.says("+491511234567", "Hello", MONDAY - timedelta(days=30), channel="sms")
    told.ends(told.last["+491511234567"], "silence", MONDAY - timedelta(days=27))
    one = told.says("anna", "Can I return it?", MONDAY)
    told.joins("anna", "+491511234567", later(1))
    assert one == told.says("+491511234567", "Where is my parcel?", later(2), channel="sms")
    told.says("+491511234567", "And a return?", later(3), channel="sms")
    told.says("anna", "Thank you for the parcel", later(4))

    fact = told.facts(one, later(5))

    assert ("web,sms", 2, 4) == (fact.channels, fact.switches, fact.said)


def test_who_turns_out_to_be_one_customer_came_again(told: Told) -> None:
    first = told.says("anna", "Can I return it?", MONDAY)
    told.ends(first, "done", later(5))
    second = told.says("+491511234567", "Can I return it, really?", later(days=2), channel="sms")
    told.ends(second, "silence", later(days=3))
    assert told.facts(first, later(days=3)).next_at is None

    told.joins("anna", "+491511234567", later(days=4))

    assert later(days=2).timestamp() == told.facts(first, later(days=4)).next_at
    assert told.facts(second, later(days=4)).next_at is None


def test_what_was_joined_with_another_is_no_conversation_of_its_own(told: Told) -> None:
    kept = told.says("anna", "Can I return it?", MONDAY)
    gone = told.says("+491511234567", "Hello", later(1), channel="sms")
    told.joins("anna", "+491511234567", later(2))

    assert "merged" == told.facts(gone, later(3)).close_reason
    assert told.facts(kept, later(3)).next_at is None


def test_who_is_written_to_by_us_has_not_come_again(told: Told) -> None:
    first = told.says("anna", "Can I return it?", MONDAY)
    told.ends(first, "done", later(5))
    with told.database.transaction() as session:
        before = session.get(Conversation, first)
        assert before
        ours = Conversation(before.customer_id, later(days=1))
        session.add(ours)
        session.flush()
        session.add(ours.say("agent:mira", "web", "What made it hard?", later(days=1)))
        session.add(ours.say("customer", "web", "Nothing.", later(days=2)))

    assert 1 == told.facts(ours.id, later(days=2)).by_us
    assert told.facts(first, later(days=2)).next_at is None


def test_what_was_erased_is_no_longer_counted(told: Told) -> None:
    store = FactStore(told.database)
    one, two = told.says("anna", "Can I return it?", MONDAY), told.says("ben", "Can I return it?", MONDAY)
    told.facts(one, later(1))
    assert {one, two} == set(store.facts().ids)

    with told.database.transaction() as session:
        for table in (Delivery, Event, Message, Conversation):
            session.execute(delete(table) if table is Delivery else delete(table).where(_of(table) == one))
    refresh(told.database, later(2))
    store.look_again()

    assert [two] == list(store.facts().ids)


def _of(table: Any) -> Any:
    return table.id if table is Conversation else table.conversation_id


def test_the_store_follows_what_changes(told: Told) -> None:
    store = FactStore(told.database)
    one = told.says("anna", "Can I return it?", MONDAY)
    told.facts(one, later(1))
    before = store.facts()
    told.scores(one, 3, later(2))
    two = told.says("ben", "Where is my parcel?", later(3), locale="de")
    told.facts(two, later(4))
    store.look_again()
    after = store.facts()

    assert (1, 2) == (len(before), len(after))
    assert [3.0] == list(after["ces"][after["ces"] > 0])
    assert {"returns", "delivery"} == set(after.by("topic"))


def test_scores_count_for_their_conversation_however_late(told: Told) -> None:
    one = told.says("anna", "Can I return it?", MONDAY)
    told.ends(one, "done", later(5))
    asked = told.scores(one, 2, later(days=3))
    told.looks_after(asked, one, later(days=3), closed_at=later(days=4), cause="long_wait", due_at=later(days=5))
    told.scores(one, 6, later(days=5), touchpoint="follow_up")
    two = told.says("ben", "Can I return it?", MONDAY)
    told.scores(two, 5, MONDAY, scale=(1, 5))

    fact = told.facts(one, later(days=6))

    assert ("answered", 2, 6, "long_wait") == (fact.survey, fact.ces, fact.again, fact.cause)
    assert later(days=4).timestamp() == fact.follow_up_closed
    # Of another scale, as far between its ends.
    assert 7 == told.facts(two, later(days=6)).ces


def test_the_question_at_the_end_is_no_part_of_what_was_said(told: Told) -> None:
    one = told.says("anna", "Can I return it?", MONDAY)
    told.ends(one, "silence", later(days=1))
    with told.database.transaction() as session:
        conversation = session.get(Conversation, one)
        assert conversation
        session.add(conversation.say("bot", "sms", "How easy was it?", later(1, days=1)))
        session.add(conversation.say("customer", "sms", "5", later(2, days=1)))

    fact = told.facts(one, later(days=2))

    assert ("web", 0, 1) == (fact.channels, fact.switches, fact.said)
    assert later().timestamp() + 1 == fact.resolved_at


def test_a_low_score_of_the_bot_stays_the_bots_whoever_looks_after_it(scene: Scene) -> None:
    told, mira = Told(scene.database), hire(scene.database, "Mira Kern")
    one = scene.ended()
    before = told.facts(one, scene.now)
    scene.later(minutes=1).says("1")
    scene.says("I had to ask three times")
    looked_after(scene, mira, one, "web")

    fact = told.facts(one, scene.later(minutes=1).now)

    assert (1, None, None) == (fact.ces, fact.agent_id, fact.team_id)
    assert (0, 0, 0, None) == (fact.reopens, fact.people_said, fact.handoffs, fact.next_at)
    assert (before.said, before.channels, before.said_at) == (fact.said, fact.channels, fact.said_at)
    assert (before.closed_at, before.resolved_at, "customer") == (fact.closed_at, fact.resolved_at, fact.resolved_by)
    assert "had_to_repeat" == fact.cause
    assert fact.follow_up_reached


def test_while_a_low_score_is_looked_after_its_conversation_stays_resolved(scene: Scene) -> None:
    told, mira = Told(scene.database), hire(scene.database, "Mira Kern")
    one = scene.ended()
    scene.later(minutes=1).says("1")
    [opened] = scene.follow_ups()
    scene.change(lambda session: reach_out(session, mira, opened.id, scene.now))

    fact = told.facts(one, scene.later(minutes=1).now)

    assert scene.conversation(one).closed_at is None
    assert (MONDAY.timestamp(), "done", "customer") == (fact.closed_at, fact.close_reason, fact.resolved_by)


def test_a_low_score_of_a_person_stays_theirs_if_another_looks_after_it(told: Told) -> None:
    mira, sam = hire(told.database, "Mira"), hire(told.database, "Sam", "supervisor", team="Payments")
    one = told.says("anna", "A person, please", MONDAY)
    told.replies(mira, one, later(10))
    told.resolves(mira, one, later(20))
    support = told.facts(one, later(20)).team_id
    asked = told.scores(one, 2, later(21))
    told.looks_after(asked, one, later(30))
    told.reopens(sam, one, later(40))
    told.replies(sam, one, later(41))
    told.resolves(sam, one, later(50), "not_possible")

    fact = told.facts(one, later(60))

    assert support
    assert (mira.id, support, 2) == (fact.agent_id, fact.team_id, fact.ces)
    assert (0, 1, later(20).timestamp(), "solved") == (
        fact.reopens,
        fact.people_said,
        fact.closed_at,
        fact.close_reason,
    )


def test_what_was_opened_again_without_a_low_score_counts_to_its_end_and_answers_are_none_of_it(told: Told) -> None:
    mira, sam = hire(told.database, "Mira"), hire(told.database, "Sam", "supervisor")
    one = told.says("anna", "A person, please", MONDAY)
    told.replies(mira, one, later(10))
    told.resolves(mira, one, later(20))
    asked = told.scores(one, 6, later(21))
    with told.database.transaction() as session:
        conversation = session.get(Conversation, one)
        assert conversation
        for author, text in (("bot", "How easy was it?"), ("customer", "6")):
            session.add(conversation.say(author, "sms", text, later(22), extra={"survey": asked}))
    told.reopens(sam, one, later(40))
    told.replies(sam, one, later(41))
    told.resolves(sam, one, later(50))

    fact = told.facts(one, later(60))

    assert (1, 2, later(50).timestamp()) == (fact.reopens, fact.people_said, fact.closed_at)
    assert (1, "web", 0) == (fact.said, fact.channels, fact.switches)
    # The score is about the one who had it when it was asked for.
    assert (mira.id, 6) == (fact.agent_id, fact.ces)


def test_who_calls_for_a_person_after_a_low_score_has_come_again(scene: Scene) -> None:
    told, mira = Told(scene.database), hire(scene.database, "Mira Kern")
    one = scene.ended()
    scene.later(minutes=1).says("1")
    scene.later(minutes=1).says("/wants_person")
    called = scene.now
    assert scene.conversation(one).closed_at is None
    told.replies(mira, one, scene.later(minutes=3).now)

    fact = told.facts(one, scene.now)

    assert (0, None, 0) == (fact.handoffs, fact.agent_id, fact.people_said)
    assert called.timestamp() == fact.next_at


def test_correcting_a_row_corrects_the_fact(told: Told) -> None:
    mira = hire(told.database, "Mira")
    one = told.says("anna", "A person, please", MONDAY)
    told.replies(mira, one, later(10))
    told.scores(one, 2, later(20))
    assert 599 == told.facts(one, later(30)).reply_seconds

    # Long after, so that only the walk through all of them finds it.
    told.corrects(Handoff, {"replied_at": later(5), "reply_open_seconds": None}, conversation_id=one)
    told.corrects(Survey, {"score": 6}, conversation_id=one)
    fact = told.facts(one, later(days=40))

    assert (299, 299, 6) == (fact.reply_seconds, fact.reply_open_seconds, fact.ces)


def test_only_what_changed_is_written_again(told: Told) -> None:
    one, two = told.says("anna", "Can I return it?", MONDAY), told.says("ben", "Can I return it?", MONDAY)
    before = told.facts(one, later(1)).version

    assert 0 == refresh(told.database, later(2))
    told.says("ben", "Where is my parcel?", later(3))
    assert 1 == refresh(told.database, later(4))

    assert (before, before + 1) == (told.facts(one, later(5)).version, told.facts(two, later(5)).version)


def test_facts_that_were_lost_are_derived_again(told: Told) -> None:
    for who in ("anna", "ben", "carla"):
        told.says(who, "Can I return it?", MONDAY)
    refresh(told.database, later(1))
    with told.database.transaction() as session:
        session.execute(delete(ConversationFact))
        session.execute(delete(FactState))

    assert 3 == rebuild(told.database, later(2))
    assert 0 == refresh(told.database, later(3))
    with told.database.reading() as session:
        assert 3 == session.scalars(select(func.count()).select_from(ConversationFact)).one()
        assert session.scalars(select(FactState.event_id)).one() == session.scalars(select(func.max(Event.id))).one()
