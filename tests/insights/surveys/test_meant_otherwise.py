"""What could be a score and may be meant for something else: a choice that is open, a person, another question."""

from __future__ import annotations

import pytest

from tests.insights.surveys.scene import Scene, offers_a_choice, owned_by

OFFERED = ("Wie lange Sie Garantie haben", "Einfach umtauschen", "Garantie bei schweren Töpfen")


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("sehr umständlich", 1),
        ("6", 6),
        ("very easy", 7),
        ("schwierig", 2),
        ("2/7", 2),
        ("2 von 7", 2),
        ("2, sehr schwierig", 2),
        ("3, nobody answered", 3),
        ("7 thanks", 7),
    ],
)
def test_a_clear_score_is_one_also_where_a_choice_is_open(scene: Scene, text: str, score: int) -> None:
    conversation = scene.ended()
    offers_a_choice(scene, scene.says("wie lange habe ich garantie").conversation_id, OFFERED)

    assert conversation == scene.says(text).conversation_id
    assert score == scene.survey(conversation).score


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "zwei",
        "3 bitte",
        "4",
        "die zweite",
        "the second one",
        "the last one, please",
        "die letzte, das war schwer",
        "einfach",
        "sehr einfach",
        "schwere",
        "neither",
        "weder noch",
        "None of these",
        "nichts davon",
        "gut",
        "👍",
        "👎",
        "2 and I want my money back",
    ],
)
def test_what_may_be_meant_for_the_open_choice_belongs_to_it(scene: Scene, text: str) -> None:
    conversation = scene.ended()
    other = scene.says("wie lange habe ich garantie").conversation_id
    offers_a_choice(scene, other, OFFERED)

    assert other == scene.says(text).conversation_id
    assert scene.survey(conversation).score is None


def test_a_high_number_beside_a_question_is_a_score_also_where_a_choice_is_open(scene: Scene) -> None:
    conversation = scene.ended()
    other = scene.says("wie lange habe ich garantie").conversation_id
    offers_a_choice(scene, other, OFFERED)

    assert other == scene.says("6, where is my parcel").conversation_id
    assert 6 == scene.survey(conversation).score


def test_a_digit_that_answers_another_question_is_no_score(scene: Scene) -> None:
    conversation = scene.ended()
    other = scene.says("Where is my parcel?").conversation_id
    offers_a_choice(scene, other)

    assert other == scene.says("1").conversation_id
    assert scene.survey(conversation).score is None


def test_a_digit_for_a_person_is_no_score(scene: Scene) -> None:
    conversation = scene.ended()
    other = scene.says("Where is my parcel?").conversation_id
    scene.change(lambda session: session.execute(owned_by("agent:mira", other)))

    assert other == scene.says("5").conversation_id
    assert scene.survey(conversation).score is None
