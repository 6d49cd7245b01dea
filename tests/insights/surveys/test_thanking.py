"""Thanks, nods and ends around the answer open nothing and ask for nothing."""

from __future__ import annotations

import pytest

from tests.insights.surveys.scene import Scene


def test_thanks_after_the_end_open_no_conversation(scene: Scene) -> None:
    conversation = scene.ended()

    assert conversation == scene.says("thank you, bye!").conversation_id
    assert scene.survey(conversation).score is None


@pytest.mark.parametrize("text", ["Danke, das hilft!", "Thanks, that helped!", "Super, hat geklappt, danke"])
@pytest.mark.parametrize("given", [None, "2", "7"])
def test_that_it_helped_opens_no_conversation_and_is_no_score_and_no_reason(
    scene: Scene, text: str, given: str | None
) -> None:
    conversation = scene.ended()
    if given:
        scene.says(given)
    before = scene.survey(conversation)

    assert conversation == scene.says(text).conversation_id
    after = scene.survey(conversation)
    assert (before.state, before.score, before.awaiting, None) == (
        after.state,
        after.score,
        after.awaiting,
        after.comment,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Danke, das hilft mir aber nicht, wo ist mein Paket?",
        "thanks, and how do I return it?",
        "danke, geht das auch in Wien",
    ],
)
def test_a_question_with_thanks_is_answered_while_the_survey_waits(scene: Scene, text: str) -> None:
    conversation = scene.ended()

    assert conversation != scene.says(text).conversation_id
    assert ("asked", "score") == (scene.survey(conversation).state, scene.survey(conversation).awaiting)


@pytest.mark.parametrize("text", ["danke das wars", "that's all, thanks", "passt, tschüss"])
def test_an_end_after_the_answer_opens_no_conversation(scene: Scene, text: str) -> None:
    conversation = scene.ended()
    scene.says("7")

    assert conversation == scene.says(text).conversation_id
    assert 7 == scene.survey(conversation).score


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "super",
        "👍",
        "great",
        "danke",
        "thanks",
        "thank you so much",
        "Thank you very much!",
        "vielen lieben Dank",
        "Vielen Dank und einen schönen Tag noch",
        "have a nice day",
        "Danke, das hilft!",
        "thanks again, bye",
        "danke, gleichfalls",
    ],
)
@pytest.mark.parametrize("given", ["5", "2"])
def test_a_nod_after_the_answer_changes_nothing_and_is_left_at_that(scene: Scene, text: str, given: str) -> None:
    conversation = scene.ended()
    scene.says(given)
    received = scene.says(text)

    assert (conversation, True) == (received.conversation_id, received.is_silent)
    survey = scene.survey(conversation)
    assert (int(given), None) == (survey.score, survey.comment)
    assert text == scene.thread(conversation)[-1]
