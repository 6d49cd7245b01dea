"""What comes of an answer: it is kept where it belongs, and a new question is answered instead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.wiring import SURVEYS
from bot.payloads import give_score
from channels.conversation import Event
from channels.inbound import Inbound, receive
from db import Database
from handoff.brief import brief_of
from handoff.handoffs import Handoff
from handoff.turn import take_turn
from staff.people import User
from tests.cast import MONDAY
from tests.handoff.people import add_agent
from tests.insights.surveys.scene import RULES, Scene

PHONE = "+4915112345678"


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


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


def _offers_a_choice(scene: Scene, conversation: str, titles: tuple[str, ...] = ("Parcels",)) -> None:
    """Whatever the bot said last there offered something."""
    articles = [{"title": title, "payload": f'/chooses_option{{"option": "a{at}"}}'} for at, title in enumerate(titles)]
    buttons = articles if len(titles) == 1 else [*articles, {"title": "None of these", "payload": "/none_of_these"}]

    def offer(session: Any) -> None:
        message = session.get(type(scene.messages(conversation)[-1]), scene.messages(conversation)[-1].id)
        message.extra = message.extra | {"buttons": buttons}

    scene.change(offer)


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
    _offers_a_choice(scene, scene.says("wie lange habe ich garantie").conversation_id, OFFERED)

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
    _offers_a_choice(scene, other, OFFERED)

    assert other == scene.says(text).conversation_id
    assert scene.survey(conversation).score is None


def test_a_high_number_beside_a_question_is_a_score_also_where_a_choice_is_open(scene: Scene) -> None:
    conversation = scene.ended()
    other = scene.says("wie lange habe ich garantie").conversation_id
    _offers_a_choice(scene, other, OFFERED)

    assert other == scene.says("6, where is my parcel").conversation_id
    assert 6 == scene.survey(conversation).score


def test_a_digit_that_answers_another_question_is_no_score(scene: Scene) -> None:
    conversation = scene.ended()
    other = scene.says("Where is my parcel?").conversation_id
    _offers_a_choice(scene, other)

    assert other == scene.says("1").conversation_id
    assert scene.survey(conversation).score is None


def test_a_digit_for_a_person_is_no_score(scene: Scene) -> None:
    conversation = scene.ended()
    other = scene.says("Where is my parcel?").conversation_id
    scene.change(lambda session: session.execute(_owned_by("agent:mira", other)))

    assert other == scene.says("5").conversation_id
    assert scene.survey(conversation).score is None


def _owned_by(owner: str, conversation: str) -> Any:
    from sqlalchemy import update

    from channels.conversation import Conversation

    return update(Conversation).where(Conversation.id == conversation).values(owner=owner)


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
    scene.change(lambda session: session.execute(_owned_by("bot", conversation)))
    scene.later(hours=1).rounds()

    assert 1 == len(scene.surveys())


def test_the_answer_explains_itself_in_the_timeline(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("2")
    with scene.database.reading() as session:
        told = session.scalars(select(Event).filter_by(conversation_id=conversation, kind="survey_answered")).one()

    assert "2/7" == told.details["reason"]
    assert timedelta() == told.at - scene.now


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
    _offers_a_choice(scene, other)

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
    scene.change(lambda session: session.execute(_owned_by("agent:mira", other)))

    assert other == scene.says("2 and I want my money back").conversation_id
    assert scene.survey(conversation).score is None


@pytest.mark.parametrize("text", ["hard to say", "Note 1", "-1", "keine Ahnung"])
def test_what_cant_be_read_is_asked_for_again_in_its_place(scene: Scene, text: str) -> None:
    conversation = scene.ended()
    assert conversation == scene.says(text).conversation_id

    assert ("asked", None) == (scene.survey(conversation).state, scene.survey(conversation).score)
