"""What comes of an answer: it is kept where it belongs, and a new question is answered instead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.wiring import SURVEYS
from bot.payloads import give_score
from channels.conversation import Event
from channels.inbound import Inbound, receive
from handoff.brief import brief_of
from handoff.handoffs import Handoff
from handoff.turn import take_turn
from staff.people import User
from tests.cast import MONDAY
from tests.handoff.people import add_agent
from tests.insights.surveys.scene import RULES, Scene, owned_by

PHONE = "+4915112345678"


def test_an_answer_in_words_is_kept_in_the_conversation_it_belongs_to(scene: Scene) -> None:
    conversation = scene.ended()
    scene.later(minutes=3)
    received = scene.says("very easy, thanks")
    survey = scene.survey(conversation)

    assert conversation == received.conversation_id
    assert ("answered", 7, "very easy, thanks", "web") == (survey.state, survey.score, survey.said, survey.answered_in)
    assert (scene.now, None) == (survey.answered_at, survey.awaiting)
    assert ["very easy, thanks", "Thank you"] == scene.thread(conversation)[-2:]
    assert scene.conversation(conversation).closed_at == MONDAY
    assert "survey_answered" in scene.events(conversation)


@pytest.mark.parametrize("score", range(1, 8))
def test_a_pressed_button_is_shown_by_its_title(scene: Scene, score: int) -> None:
    conversation = scene.ended()
    button = scene.messages(conversation)[-1].extra["buttons"][score - 1]
    scene.says(button["payload"])

    assert score == scene.survey(conversation).score
    assert button["title"] == scene.thread(conversation)[-2]


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_by_phone_a_digit_is_an_answer(scene: Scene, channel: str) -> None:
    conversation = scene.ended(PHONE, channel)
    scene.says("6", PHONE, channel)

    assert (6, channel) == (scene.survey(conversation).score, scene.survey(conversation).answered_in)


def test_an_answer_in_another_channel_of_the_same_customer_counts(scene: Scene) -> None:
    conversation = scene.ended(PHONE, "sms")
    scene.says("6", PHONE, "whatsapp")

    assert (6, "whatsapp") == (scene.survey(conversation).score, scene.survey(conversation).answered_in)


def test_a_new_question_is_answered_while_the_survey_waits(scene: Scene) -> None:
    conversation = scene.ended()
    scene.later(minutes=1)
    asked = scene.says("do you have 7 of these?")

    assert conversation != asked.conversation_id
    assert "You said do you have 7 of these?" == scene.thread(asked.conversation_id)[-1]
    assert "asked" == scene.survey(conversation).state
    scene.later(minutes=1)
    assert conversation == scene.says("5").conversation_id
    assert 5 == scene.survey(conversation).score


def test_a_late_answer_counts_for_the_conversation_it_belongs_to(scene: Scene) -> None:
    conversation = scene.ended()
    scene.later(days=6)

    assert conversation == scene.says("3").conversation_id
    assert 3 == scene.survey(conversation).score


def test_after_its_time_a_text_is_no_answer_and_a_button_still_is(scene: Scene) -> None:
    conversation = scene.ended()
    scene.later(days=8).rounds()
    assert conversation != scene.says("3").conversation_id
    scene.says(give_score(scene.survey(conversation).id, 4))

    assert 4 == scene.survey(conversation).score


def test_a_number_that_is_no_step_is_asked_for_again(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("11")
    assert "asked" == scene.survey(conversation).state
    scene.says("7")

    assert 7 == scene.survey(conversation).score


def test_a_low_score_waits_for_what_made_it_hard_and_opens_a_follow_up(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("2")
    survey = scene.survey(conversation)
    assert ("answered", "comment") == (survey.state, survey.awaiting)
    assert [(survey.id, conversation)] == [(one.survey_id, one.conversation_id) for one in scene.follow_ups()]
    scene.later(minutes=2)
    scene.says("nobody could tell me where it is")

    survey = scene.survey(conversation)
    assert ("nobody could tell me where it is", scene.now) == (survey.comment, survey.commented_at)
    assert (None, None) == (survey.awaiting, survey.expires_at)
    assert 1 == len(scene.follow_ups())


def test_a_good_score_opens_none(scene: Scene) -> None:
    scene.ended()
    scene.says("4")

    assert [] == scene.follow_ups()


def test_which_scores_are_low_is_a_setting(scene: Scene) -> None:
    scene.settings(low_ces=5)
    scene.ended()
    scene.says("5")

    assert 1 == len(scene.follow_ups())


def test_a_question_instead_of_a_comment_is_answered(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("2")

    assert conversation != scene.says("where is my parcel?").conversation_id
    assert scene.survey(conversation).comment is None


def test_what_made_it_hard_is_heard_also_where_another_question_was_answered_meanwhile(scene: Scene) -> None:
    conversation = scene.ended()
    other = scene.later(minutes=1).says("where is my parcel?").conversation_id
    scene.later(minutes=1).says("2")

    assert conversation == scene.later(minutes=1).says("I had to write three times").conversation_id
    assert "I had to write three times" == scene.survey(conversation).comment
    assert conversation == scene.later(minutes=1).says("and nobody called back").conversation_id
    assert other == scene.later(minutes=1).says("how do I return it?").conversation_id
    assert other == scene.later(minutes=1).says("it is a red kettle").conversation_id


def test_what_is_said_after_a_question_of_the_other_conversation_is_no_comment(scene: Scene) -> None:
    conversation = scene.ended()
    other = scene.later(minutes=1).says("where is my parcel?").conversation_id
    scene.later(minutes=1).says("2")
    scene.later(minutes=1).says("where is my parcel now?")

    assert other == scene.later(minutes=1).says("it is a red kettle").conversation_id
    assert scene.survey(conversation).comment is None


def test_what_made_it_hard_is_waited_for_an_hour(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("2")
    scene.later(minutes=61)

    assert conversation != scene.says("the kettle is broken").conversation_id


def test_who_writes_on_before_the_score_was_read_says_why(scene: Scene) -> None:
    from channels.inbound import receive
    from tests.cast import anna
    from tests.insights.surveys.scene import RULES

    conversation = scene.ended()
    receive(scene.database, anna("2"), scene.now, RULES)
    second = receive(scene.database, anna("because nobody called back"), scene.now, RULES)

    assert conversation == second.conversation_id


def _late_turn(scene: Scene, text: str) -> None:
    """Written now, and answered a minute later."""
    received = receive(scene.database, Inbound("web", "anna", text, f"late {text}"), scene.now, RULES)
    scene.later(minutes=1)
    take_turn(scene.database, scene.bot.reply, received.conversation_id, scene.now, surveys=SURVEYS)


@pytest.mark.parametrize(("seconds", "score"), [(300, 6), (301, 7)])
def test_a_correction_counts_if_it_was_written_in_time_however_late_the_turn_comes(
    scene: Scene, seconds: int, score: int
) -> None:
    conversation = scene.ended()
    scene.says("7")
    scene.later(seconds=seconds)
    _late_turn(scene, "6, I meant")

    assert score == scene.survey(conversation).score
    assert (score == 6) == ("survey_changed" in scene.events(conversation))


def test_more_of_the_reason_counts_if_it_was_written_in_time_however_late_the_turn_comes(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("2")
    scene.says("I had to call three times")
    scene.later(minutes=10)
    _late_turn(scene, "and nobody called me back")

    assert "I had to call three times\nand nobody called me back" == scene.survey(conversation).comment


def test_an_answer_is_changed_within_minutes(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("7")
    answered_at = scene.now
    scene.later(minutes=4)
    scene.says("no, 2")

    survey = scene.survey(conversation)
    assert (2, answered_at, "comment") == (survey.score, survey.answered_at, survey.awaiting)
    assert "survey_changed" in scene.events(conversation)
    assert 1 == len(scene.follow_ups())


def test_the_person_who_is_offered_comes_with_the_brief(scene: Scene) -> None:
    with scene.database.transaction() as session:
        add_agent(session, "Mira", password_hash="a hash")
    conversation = scene.ended()
    scene.says("1")
    scene.later(minutes=1)
    assert conversation == scene.says("/wants_person").conversation_id

    found = scene.conversation(conversation)
    assert ("queue", None, None) == (found.owner, found.closed_at, found.close_reason)
    assert ["reopened", "handed_off", "told_wait"] == scene.events(conversation)[-3:]
    with scene.database.reading() as session:
        handoff = session.scalars(select(Handoff)).one()
        brief = brief_of(session, found, session.scalars(select(User)).one())
    assert ("asked", scene.now) == (handoff.reason, handoff.at)
    assert ("Where is my parcel?",) == brief.asked


def test_the_person_takes_what_the_customer_has_begun_since(scene: Scene) -> None:
    with scene.database.transaction() as session:
        add_agent(session, "Mira", password_hash="a hash")
    conversation = scene.ended()
    scene.says("1")
    other = scene.says("where is my parcel?").conversation_id
    scene.says("/wants_person")

    assert scene.conversation(conversation).closed_at
    assert other != conversation


def test_what_was_reopened_is_not_asked_about_again(scene: Scene) -> None:
    with scene.database.transaction() as session:
        add_agent(session, "Mira", password_hash="a hash")
    conversation = scene.ended()
    scene.says("1")
    scene.says("/wants_person")
    scene.change(lambda session: session.execute(owned_by("bot", conversation)))
    scene.later(hours=1).rounds()

    assert 1 == len(scene.surveys())


def test_the_answer_explains_itself_in_the_timeline(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("2")
    with scene.database.reading() as session:
        told = session.scalars(select(Event).filter_by(conversation_id=conversation, kind="survey_answered")).one()

    assert "2/7" == told.details["reason"]
    assert timedelta() == told.at - scene.now


@pytest.mark.parametrize("comments", [(), ("nobody called back",)], ids=["asked why", "told why"])
def test_a_yes_to_the_person_who_was_offered_is_no_comment(scene: Scene, comments: tuple[str, ...]) -> None:
    with scene.database.transaction() as session:
        add_agent(session, "Mira", password_hash="a hash")
    conversation = scene.ended()
    for text in ("1", *comments, "yes please"):
        assert conversation == scene.says(text).conversation_id

    assert ("queue", None) == (scene.conversation(conversation).owner, scene.conversation(conversation).closed_at)
    assert (comments or (None,))[-1] == scene.survey(conversation).comment


def test_more_of_the_reason_is_added_for_some_minutes(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("1")
    scene.says("The bot did not understand me")
    scene.later(minutes=9)
    assert conversation == scene.says("and the page was slow as well").conversation_id

    assert "The bot did not understand me\nand the page was slow as well" == scene.survey(conversation).comment
    assert conversation != scene.says("where is my parcel?").conversation_id
    scene.later(minutes=11)
    assert conversation != scene.says("the kettle is broken").conversation_id


@pytest.mark.parametrize("text", ["hard to say", "Note 1", "-1", "keine Ahnung"])
def test_what_cant_be_read_is_asked_for_again_in_its_place(scene: Scene, text: str) -> None:
    conversation = scene.ended()
    assert conversation == scene.says(text).conversation_id

    assert ("asked", None) == (scene.survey(conversation).state, scene.survey(conversation).score)
