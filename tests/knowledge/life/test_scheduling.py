"""Drafts go live by themselves at their time, once, or stay drafts and say why."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select

from knowledge.articles import Revision
from knowledge.drafts import find_draft
from knowledge.library import Knowledge
from knowledge.life.keeping import archive
from knowledge.life.opened import Shown
from knowledge.life.refusals import Refused
from knowledge.life.reviewing import approve, submit
from knowledge.life.scheduling import CLAIM, cancel_time, moment_entered, publish_at, publish_due, stopped_drafts
from staff.audit import AuditEntry
from tests.cast import MONDAY
from tests.knowledge.life.conftest import KEY, Room, rules
from tests.knowledge.shop import found

NOON = MONDAY + timedelta(hours=3)


def due(room: Room, now: datetime = NOON, **given: Any) -> int:
    return publish_due(room.knowledge, now, rules(**given))


def refused(room: Room, *what: Any, **given: Any) -> str:
    with pytest.raises(Refused) as refusal:
        room.do(*what, **given)
    return refusal.value.reason


def scheduled(room: Room) -> None:
    room.write(room.edda)
    room.do(publish_at, room.edda, NOON, note="For the sale")


def stopped(room: Room) -> dict[str, Any]:
    with room.database.reading() as session:
        [draft] = stopped_drafts(session)
    assert draft.publish_at is None
    return draft.stopped or {}


def published(room: Room) -> int:
    with room.database.reading() as session:
        return session.scalar(select(func.count(Revision.id))) or 0


def test_it_goes_live_at_its_time_and_not_before(room: Room) -> None:
    scheduled(room)
    assert (0, 0) == (due(room, NOON - timedelta(seconds=1)), published(room))
    assert (1, 0) == (due(room), due(room))
    assert ["return-an-item"] == found(room.knowledge.snapshot, "label")
    with room.database.reading() as session:
        revision = session.scalars(select(Revision)).one()
    assert (room.edda.id, "For the sale", NOON) == (revision.author_id, revision.note, revision.created_at)


def test_several_processes_publish_it_once(room: Room) -> None:
    scheduled(room)
    tried: list[str] = []

    def gate(_knowledge: Knowledge, texts: Sequence[Any]) -> list[Any]:
        tried.append(texts[0].id)
        return []

    others = [Knowledge(room.database, room.knowledge.embedder) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda knowledge: publish_due(knowledge, NOON, rules(gate)), others))
    assert (1, 1, ["return-an-item"]) == (sum(done), published(room), tried)


def test_what_a_process_left_behind_is_published_by_the_next(room: Room) -> None:
    scheduled(room)

    def dies(_knowledge: Knowledge, _texts: Any) -> list[Any]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        due(room, gate=dies)
    assert (0, 1) == (due(room, NOON + timedelta(seconds=1)), due(room, NOON + CLAIM))
    assert 1 == published(room)


def test_what_would_break_a_question_stays_a_draft_and_says_so(room: Room) -> None:
    scheduled(room)
    assert 1 == due(room, gate=lambda _knowledge, _texts: ["a question of another article"])
    assert (0, 0) == (due(room), published(room))
    reason = stopped(room)
    assert ("broken", {"count": 1}, room.edda.id) == (reason["reason"], reason["values"], reason["by"])
    with room.database.reading() as session:
        assert "publication_stopped" == session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-1]


def test_whoever_writes_on_or_sets_another_time_makes_the_reason_history(room: Room) -> None:
    scheduled(room)
    due(room, gate=lambda _knowledge, _texts: ["broken"])
    room.do(publish_at, room.edda, NOON + timedelta(hours=1))
    assert None is room.draft.stopped
    due(room, NOON + timedelta(hours=1), gate=lambda _knowledge, _texts: ["broken"])
    room.write(room.edda, title="Mended")
    assert None is room.draft.stopped


def test_whoever_changes_the_text_takes_its_time_away(room: Room) -> None:
    scheduled(room)
    room.write(room.emil, title="Not what was meant")
    assert (None, 0, 0) == (room.draft.publish_at, due(room), published(room))


def test_a_time_that_was_cancelled_or_archived_away_comes_to_nothing(room: Room) -> None:
    scheduled(room)
    room.do(cancel_time, room.emil)
    assert "no_time_set" == refused(room, cancel_time, room.emil)
    room.do(publish_at, room.edda, NOON)
    room.do(archive, room.edda)
    assert (0, 0) == (due(room), published(room))


def test_somebody_who_works_here_no_more_publishes_nothing(room: Room) -> None:
    scheduled(room)
    with room.database.transaction() as session:
        session.merge(room.edda).is_active = False
    due(room)
    assert ("no_right", 0) == (stopped(room)["reason"], published(room))


def test_where_review_is_required_a_time_cant_be_set_around_it(room: Room) -> None:
    room.write(room.edda)
    assert "must_be_approved" == refused(room, publish_at, room.edda, NOON, must_be_reviewed=True)
    room.do(submit, room.edda)
    room.do(approve, room.emil)
    room.do(publish_at, room.edda, NOON, must_be_reviewed=True)
    assert (1, 1) == (due(room, must_be_reviewed=True), published(room))


def test_review_that_became_required_meanwhile_holds(room: Room) -> None:
    scheduled(room)
    due(room, must_be_reviewed=True)
    assert ("must_be_approved", 0) == (stopped(room)["reason"], published(room))


def test_a_time_in_the_past_or_too_far_away_is_none(room: Room) -> None:
    room.write(room.edda)
    assert "time_past" == refused(room, publish_at, room.edda, MONDAY)
    assert "time_far" == refused(room, publish_at, room.edda, MONDAY + timedelta(days=400))


def test_a_time_cant_be_set_for_another_version_than_was_seen(room: Room) -> None:
    seen = Shown(None, room.write(room.edda).version)
    room.write(room.emil, title="Another")
    assert "changed_meanwhile" == refused(room, publish_at, room.edda, NOON, shown=seen)


def test_an_agent_cant_set_a_time(room: Room) -> None:
    room.write(room.edda)
    assert "no_right" == refused(room, publish_at, room.mira, NOON)


def test_publishing_by_hand_before_its_time_leaves_nothing_to_do(room: Room) -> None:
    scheduled(room)
    room.do(cancel_time, room.edda)
    with room.database.reading() as session:
        assert None is not find_draft(session, *KEY)
    assert 0 == due(room)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-11-30T09:00", "Europe/Berlin", datetime(2026, 11, 30, 8, 0, tzinfo=timezone.utc)),
        ("2026-07-30T09:00", "Europe/Berlin", datetime(2026, 7, 30, 7, 0, tzinfo=timezone.utc)),
        ("2026-11-30T09:00", "America/New_York", datetime(2026, 11, 30, 14, 0, tzinfo=timezone.utc)),
        ("2026-11-30T09:00", "UTC", datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)),
        # Clocks are put back: half past two comes twice, and the first is meant.
        ("2026-10-25T02:30", "Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc)),
    ],
)
def test_a_time_is_meant_where_it_was_entered(text: str, zone: str, expected: datetime) -> None:
    assert expected == moment_entered(text, zone)


@pytest.mark.parametrize(
    ("text", "zone", "reason"),
    [
        ("2026-03-29T02:30", "Europe/Berlin", "hour_left_out"),
        ("tomorrow", "Europe/Berlin", "no_time"),
        ("", "Europe/Berlin", "no_time"),
        ("0001-01-01T00:00", "Europe/Berlin", "no_time"),
        ("2026-11-30T09:00+01:00", "Europe/Berlin", "no_time"),
        ("2026-11-30T09:00", "Mars/Olympus", "no_zone"),
        ("2026-11-30T09:00", "../../etc/passwd", "no_zone"),
        ("2026-11-30T09:00", "Europe", "no_zone"),
        ("2026-11-30T09:00", "", "no_zone"),
        ("2026-11-30T09:00", "a\x00b", "no_zone"),
    ],
)
def test_what_is_no_time_gets_a_sentence(text: str, zone: str, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        moment_entered(text, zone)
    assert reason == refusal.value.reason
