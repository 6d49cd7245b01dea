"""What somebody may try with the question at the end: each is refused, and changes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.payloads import give_score
from bot.surveys import Heard
from channels.conversation import CLOSED, Message
from channels.customer import Customer
from channels.outbox import Delivery
from insights.surveys.taking import take
from tests.insights.surveys.scene import Scene


def test_answering_anothers_survey(scene: Scene) -> None:
    annas = scene.ended("anna")
    survey = scene.survey(annas).id
    bens = scene.says(give_score(survey, 1), "ben")

    assert annas != bens.conversation_id
    assert ("asked", None) == (scene.survey(annas).state, scene.survey(annas).score)
    assert 0 == len(scene.follow_ups())


def test_answering_anothers_survey_with_a_message_of_ones_own(scene: Scene) -> None:
    """Even a turn that was told the wrong survey keeps nothing."""
    annas, bens = scene.ended("anna"), scene.ended("ben")
    with scene.database.transaction() as session:
        message = session.scalars(select(Message).filter_by(conversation_id=bens).limit(1)).one()
        message.extra = {"survey": scene.survey(annas).id}
        take(session, message, Heard(1), scene.now)

    assert scene.survey(annas).score is None


def test_answering_twice(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("2")
    survey = scene.survey(conversation)
    scene.later(minutes=6)
    scene.says(give_score(survey.id, 7))
    again = scene.says("7")

    assert (2, survey.answered_at) == (scene.survey(conversation).score, scene.survey(conversation).answered_at)
    assert conversation != again.conversation_id
    assert 1 == len(scene.follow_ups())


@pytest.mark.parametrize(
    "given", ['{"survey": "%s", "score": 99}', '{"survey": "%s", "score": 8}', '{"survey": "%s", "score": -3}']
)
def test_a_score_out_of_range(scene: Scene, given: str) -> None:
    conversation = scene.ended()
    scene.says("/score" + given % scene.survey(conversation).id)
    with scene.database.transaction() as session:
        message = session.get(Message, scene.messages(conversation)[-1].id)
        assert message is not None
        message.extra = message.extra | {"survey": scene.survey(conversation).id}
        take(session, message, Heard(99), scene.now)

    assert ("asked", None) == (scene.survey(conversation).state, scene.survey(conversation).score)


def test_a_flood_of_scores(scene: Scene) -> None:
    conversation = scene.ended()
    survey = scene.survey(conversation)
    for number in range(40):
        scene.later(minutes=1)
        scene.says(give_score(survey.id, number % 7 + 1))

    assert 1 == len(scene.surveys())
    assert len(scene.follow_ups()) <= 1
    with scene.database.reading() as session:
        said = session.scalars(select(func.count(Delivery.id))).one()
    # That nothing can be changed any more is said once.
    assert said <= 13
    assert 1 == scene.thread(conversation).count("Thank you, we already have your answer.")


def test_an_answer_that_is_changed_again_and_again(scene: Scene) -> None:
    conversation = scene.ended()
    survey = scene.survey(conversation)
    for number in range(12):
        scene.later(seconds=2).says(give_score(survey.id, (7, 1)[number % 2]))

    kinds = scene.events(conversation)
    assert (3, 2) == (kinds.count("survey_changed"), kinds.count("follow_up_opened"))
    assert 1 == scene.survey(conversation).score
    assert 1 == len([one for one in scene.follow_ups() if one.closed_at is None])


@pytest.mark.parametrize("is_pressed", [True, False])
def test_whoever_has_changed_an_answer_often_enough_is_not_told_that_it_was_changed(
    scene: Scene, is_pressed: bool
) -> None:
    conversation = scene.ended()
    survey = scene.survey(conversation)
    for given in (7, 6, 5, 4):
        scene.later(seconds=2).says(give_score(survey.id, given) if is_pressed else f"{given}")
    received = scene.later(seconds=2).says(give_score(survey.id, 7) if is_pressed else "no, 7")

    assert (conversation, True, True) == (received.conversation_id, received.is_silent, received.has_reply)
    assert "Thank you, we already have your answer." == scene.thread(conversation)[-1]
    assert 4 == scene.survey(conversation).score


@pytest.mark.parametrize("channel", ["web", "whatsapp"])
def test_pressing_again_too_late_is_answered_in_a_sentence_and_changes_nothing(scene: Scene, channel: str) -> None:
    who = "anna" if channel == "web" else "+4915112345678"
    scene.says("Wo ist mein Paket?", who, channel, locale="de")
    conversation = scene.ended(who, channel)
    press = give_score(scene.survey(conversation).id, 7)
    scene.says(press, who, channel)
    pressed = scene.later(hours=2).says(press, who, channel)

    assert (True, True) == (pressed.has_reply, pressed.is_silent)
    assert "Danke, Ihre Antwort haben wir schon." == scene.thread(conversation)[-1]
    again = scene.later(hours=2).says(give_score(scene.survey(conversation).id, 1), who, channel)
    assert (False, True) == (again.has_reply, again.is_silent)
    assert scene.later(days=1).says(press, who, channel).has_reply
    assert (7, CLOSED) == (scene.survey(conversation).score, scene.conversation(conversation).owner)


def test_whoever_is_blocked_is_not_told(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("7")
    scene.change(lambda session: session.query(Customer).update({"blocked_at": scene.now}))
    before = scene.thread(conversation)
    pressed = scene.later(hours=2).says(give_score(scene.survey(conversation).id, 7))

    assert (conversation, False) == (pressed.conversation_id, pressed.has_reply)
    assert len(before) + 1 == len(scene.thread(conversation))


def test_a_survey_that_does_not_exist(scene: Scene) -> None:
    scene.ended()
    scene.says(give_score("no-such-survey", 5))

    assert ["asked"] == [survey.state for survey in scene.surveys()]


def test_typing_what_begins_the_question(scene: Scene) -> None:
    scene.says("/conversation_ended")

    assert [] == scene.surveys()
