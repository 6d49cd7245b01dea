"""Who does not want to say it is left alone, and may think again."""

from __future__ import annotations

import pytest

from bot.payloads import give_score
from tests.insights.surveys.scene import Scene, offers_a_choice

PHONE = "+4915112345678"


@pytest.mark.parametrize("text", ["I don't want to answer", "keine Lust", "no", "egal", "später", "stop asking me"])
def test_a_refusal_ends_the_question_and_opens_nothing(scene: Scene, text: str) -> None:
    conversation = scene.ended()
    assert conversation == scene.says(text).conversation_id

    survey = scene.survey(conversation)
    assert ("expired", "refused", None, None) == (survey.state, survey.skipped, survey.awaiting, survey.score)
    assert "survey_refused" in scene.events(conversation)
    assert "That's fine" == scene.thread(conversation)[-1]
    scene.later(hours=1).rounds()
    assert 1 == len(scene.surveys())


def test_who_refused_is_not_asked_again_in_the_days_after_and_can_still_press_a_button(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("not now")
    scene.later(days=3)
    assert "asked_lately" == scene.survey(scene.ended()).skipped

    scene.says(give_score(scene.survey(conversation).id, 5))
    survey = scene.survey(conversation)
    assert ("answered", None, 5) == (survey.state, survey.skipped, survey.score)


@pytest.mark.parametrize(
    ("refusal", "text", "score"),
    [("no thanks", "5", 5), ("nein danke", "na gut, 6", 6), ("skip", "ok, 2", 2), ("not now", "sehr einfach", 7)],
)
@pytest.mark.parametrize("channel", ["web", "sms", "whatsapp"])
def test_a_refusal_is_reconsidered_in_words_as_by_a_button(
    scene: Scene, refusal: str, text: str, score: int, channel: str
) -> None:
    who = "anna" if channel == "web" else PHONE
    conversation = scene.ended(who, channel)
    scene.says(refusal, who, channel)
    scene.later(days=2).rounds()
    received = scene.says(text, who, channel)

    survey = scene.survey(conversation)
    assert (conversation, "Thank you") == (received.conversation_id, scene.thread(conversation)[-1])
    assert ("answered", None, score, channel) == (survey.state, survey.skipped, survey.score, survey.answered_in)
    assert ("comment" if score == 2 else None) == survey.awaiting
    assert int(score == 2) == len(scene.follow_ups())


def test_a_refusal_is_not_reconsidered_in_words_after_the_questions_time(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("no thanks")
    scene.later(days=8).rounds()

    assert conversation != scene.says("5").conversation_id
    assert ("expired", "refused") == (scene.survey(conversation).state, scene.survey(conversation).skipped)


@pytest.mark.parametrize("ends", [False, True], ids=["going on", "over"])
def test_who_refused_and_has_begun_something_else_means_that(scene: Scene, ends: bool) -> None:
    conversation = scene.ended()
    scene.says("no thanks")
    scene.later(minutes=1)
    other = scene.says("Where is my parcel?").conversation_id
    if ends:
        scene.says("bye")

    assert conversation != scene.says("5").conversation_id
    assert scene.survey(conversation).score is None
    assert conversation != other


def test_a_number_of_an_option_by_sms_is_no_second_thought(scene: Scene) -> None:
    conversation = scene.ended(PHONE, "sms")
    scene.says("no thanks", PHONE, "sms")
    other = scene.later(minutes=1).says("what about my money", PHONE, "sms").conversation_id
    offers_a_choice(scene, other)

    assert other == scene.says("1", PHONE, "sms").conversation_id
    assert ("expired", None) == (scene.survey(conversation).state, scene.survey(conversation).score)


@pytest.mark.parametrize("text", ["do you have 7 of these", "5 bottles please", "no", "hard to say", "ok"])
def test_after_a_refusal_nothing_but_a_score_is_one(scene: Scene, text: str) -> None:
    conversation = scene.ended()
    scene.says("no thanks")
    scene.later(minutes=1).says(text)

    assert ("expired", "refused", None) == (
        scene.survey(conversation).state,
        scene.survey(conversation).skipped,
        scene.survey(conversation).score,
    )


def test_who_wont_say_more_still_wont_after_the_score(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("2")
    scene.says("no thanks")

    assert ("answered", None, None) == (
        scene.survey(conversation).state,
        scene.survey(conversation).awaiting,
        scene.survey(conversation).expires_at,
    )


def test_a_no_in_another_conversation_refuses_nothing(scene: Scene) -> None:
    conversation = scene.ended()
    other = scene.says("where is my parcel?").conversation_id

    assert other == scene.says("no").conversation_id
    assert "asked" == scene.survey(conversation).state


def test_who_wont_say_what_made_it_hard_keeps_the_score(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("2")
    assert conversation == scene.says("no thanks").conversation_id

    survey = scene.survey(conversation)
    assert ("answered", 2, None, None) == (survey.state, survey.score, survey.comment, survey.awaiting)
    assert conversation != scene.says("the kettle is broken").conversation_id
