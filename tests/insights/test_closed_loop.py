"""The loop is closed: asked, a low score, a follow-up, a person, a cause, and asked again, on every channel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels.conversation import CLOSED
from db import Database
from handoff.replying import Writing, reply
from insights.follow_ups.closing import Closing, close
from insights.follow_ups.reaching import reach_out
from staff.people import User
from tests.handoff.at_work import hire
from tests.insights.surveys.scene import Scene

PHONE = "+4915112345678"


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def looked_after(scene: Scene, user: User, conversation: str, channel: str, **closing: Any) -> None:
    """Somebody writes to the customer because of the one open follow-up, and closes it."""
    [opened] = [one for one in scene.follow_ups() if one.closed_at is None]
    scene.later(minutes=5)
    assert conversation == scene.change(lambda session: reach_out(session, user, opened.id, scene.now))
    scene.later(minutes=1)
    writing = Writing("What was hard?", channel, seen_seq=99)
    scene.change(lambda session: reply(session, user, conversation, writing, scene.now))
    scene.later(minutes=1).rounds()
    ended = Closing("had_to_repeat", ends_conversation=True, **closing)
    scene.change(lambda session: close(session, user, opened.id, ended, scene.now))


@pytest.mark.parametrize(("who", "channel"), [("anna", "web"), (PHONE, "sms"), (PHONE, "whatsapp")])
def test_a_low_score_is_looked_after_and_the_customer_asked_again(scene: Scene, who: str, channel: str) -> None:
    mira = hire(scene.database, "Mira Kern")
    one = scene.ended(who, channel)
    scene.later(minutes=1).says("2", who, channel)
    scene.says("I had to ask three times", who, channel)
    assert (2, "I had to ask three times") == (scene.survey(one).score, scene.survey(one).comment)

    looked_after(scene, mira, one, channel)
    scene.later(seconds=1).rounds()
    [closed], again = scene.follow_ups(), scene.survey(one, "follow_up")
    assert (again.id, "asked", CLOSED) == (closed.asked_again_id, again.state, scene.conversation(one).owner)
    assert closed.opened_at < closed.reached_at < closed.closed_at  # type: ignore[operator]

    scene.later(minutes=1).says("6", who, channel)
    assert (6, 2) == (scene.survey(one, "follow_up").score, scene.survey(one).score)
    assert 1 == len(scene.follow_ups())


def test_a_customer_who_is_not_content_again_is_looked_after_again_and_not_asked_for_ever(scene: Scene) -> None:
    mira = hire(scene.database, "Mira Kern")
    one = scene.ended()
    scene.later(minutes=1).says("2")
    looked_after(scene, mira, one, "web")
    scene.later(seconds=1).rounds()
    scene.later(minutes=10).says("1")
    assert 2 == len(scene.follow_ups())
    looked_after(scene, mira, one, "web")
    for _ in range(3):
        scene.later(days=1).rounds()
    assert {"conversation", "follow_up"} == {one.touchpoint for one in scene.surveys()}
    assert 2 == len(scene.surveys())


def test_a_customer_who_began_another_conversation_is_asked_once_more_and_not_twice(scene: Scene) -> None:
    mira = hire(scene.database, "Mira Kern")
    scene.ended()
    scene.later(minutes=1).says("2")
    newer = scene.later(hours=3).says("Where is my other parcel?").conversation_id
    looked_after(scene, mira, newer, "web")
    for _ in range(3):
        scene.later(minutes=20).rounds()
    assert "asked" == scene.survey(newer, "follow_up").state
    assert "skipped" == scene.survey(newer).state


@pytest.mark.parametrize("again", ["ces", "none"])
def test_at_one_end_a_customer_is_asked_one_thing_however_often_they_may_be_asked(scene: Scene, again: str) -> None:
    scene.settings(days=0, kinds={"follow_up:web": again})
    mira = hire(scene.database, "Mira Kern")
    scene.ended()
    scene.later(minutes=1).says("2")
    newer = scene.later(hours=3).says("Where is my other parcel?").conversation_id
    looked_after(scene, mira, newer, "web")
    for _ in range(3):
        scene.later(minutes=1).rounds()
    asked = [message.extra["survey"] for message in scene.messages(newer) if message.extra.get("survey")]
    expected, other = ("follow_up", "conversation") if again == "ces" else ("conversation", "follow_up")
    assert [scene.survey(newer, expected).id] == asked
    assert "skipped" == scene.survey(newer, other).state


def test_without_being_closed_it_is_reminded_of_and_escalated(scene: Scene) -> None:
    one = scene.ended()
    scene.later(minutes=1).says("1")
    for _ in range(8):
        scene.later(hours=6).rounds()
    told = [kind for kind in scene.events(one) if kind.startswith("follow_up")]
    assert ["follow_up_opened", "follow_up_reminded", "follow_up_escalated"] == told
    assert scene.follow_ups()[0].escalated_at is not None
    assert scene.now - scene.follow_ups()[0].opened_at < timedelta(days=3)
