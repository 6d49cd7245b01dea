"""What is said beside a score: the reason for it, or a matter of its own that is answered."""

from __future__ import annotations

import pytest

from tests.insights.surveys.scene import Scene, owned_by


def test_a_low_score_beside_a_wish_is_kept_with_it_and_the_wish_is_answered(scene: Scene) -> None:
    conversation = scene.ended()
    received = scene.says("2 and I want my money back")

    survey = scene.survey(conversation)
    assert ("answered", 2, "2 and I want my money back") == (survey.state, survey.score, survey.comment)
    assert [survey.id] == [one.survey_id for one in scene.follow_ups()]
    assert conversation != received.conversation_id
    assert ["2 and I want my money back", "You said I want my money back"] == scene.thread(received.conversation_id)
    assert "low" == scene.bot.told[-1].scored


@pytest.mark.parametrize(
    ("text", "score", "matter"),
    [
        ("2, es tropft unten raus", 2, "es tropft unten raus"),
        ("1, my parcel is still not there", 1, "my parcel is still not there"),
        ("3, my parcel was damaged", 3, "my parcel was damaged"),
    ],
)
def test_a_low_score_beside_a_problem_is_kept_with_it_and_the_problem_answered(
    scene: Scene, text: str, score: int, matter: str
) -> None:
    conversation = scene.ended()
    received = scene.says(text)

    survey = scene.survey(conversation)
    assert ("answered", score, text) == (survey.state, survey.score, survey.comment)
    assert [survey.id] == [one.survey_id for one in scene.follow_ups()]
    assert [text, f"You said {matter}"] == scene.thread(received.conversation_id)


@pytest.mark.parametrize("text", ["2, took too long", "3, nobody answered", "2, still waiting for an answer"])
def test_a_reason_beside_a_low_score_is_no_problem_to_be_answered(scene: Scene, text: str) -> None:
    conversation = scene.ended()

    assert conversation == scene.says(text).conversation_id
    assert int(text[0]) == scene.survey(conversation).score


@pytest.mark.parametrize("text", ["7, Hauptstrasse Berlin Mitte", "bad, the machine leaks", "um 7", "ich will 3"])
def test_an_address_a_problem_a_time_or_an_order_is_answered_while_the_survey_waits(scene: Scene, text: str) -> None:
    conversation = scene.ended()
    received = scene.says(text)

    assert [text, f"You said {text}"] == scene.thread(received.conversation_id)
    assert ("asked", None) == (scene.survey(conversation).state, scene.survey(conversation).score)


@pytest.mark.parametrize("text", ["took ages", "hat ewig gedauert"])
def test_how_long_it_took_is_a_low_answer(scene: Scene, text: str) -> None:
    conversation = scene.ended()

    assert conversation == scene.says(text).conversation_id
    assert ("answered", 3, text) == (
        scene.survey(conversation).state,
        scene.survey(conversation).score,
        scene.survey(conversation).said,
    )
    assert 1 == len(scene.follow_ups())


@pytest.mark.parametrize(
    "text",
    [
        "7 but I still have not received my parcel",
        "7, where is my parcel?",
        "7, my address is wrong",
        "7, my parcel was damaged",
    ],
)
def test_a_high_score_beside_an_open_matter_is_kept_and_the_matter_answered(scene: Scene, text: str) -> None:
    conversation = scene.ended()
    received = scene.says(text)

    survey = scene.survey(conversation)
    assert ("answered", 7, text, None) == (survey.state, survey.score, survey.said, survey.comment)
    assert [] == scene.follow_ups()
    assert conversation != received.conversation_id
    assert "high" == scene.bot.told[-1].scored


def test_a_number_and_a_question_for_a_person_are_no_score(scene: Scene) -> None:
    conversation = scene.ended()
    other = scene.says("Where is my parcel?").conversation_id
    scene.change(lambda session: session.execute(owned_by("agent:mira", other)))

    assert other == scene.says("2 and I want my money back").conversation_id
    assert scene.survey(conversation).score is None
