"""Who is asked how it was, where, and who is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from channels.conversation import Conversation
from channels.customer import Address, Customer
from channels.linking.merging import merge
from channels.outbox import Delivery
from db import Database
from insights.surveys.asking import MOST, Asking, ask_again
from insights.surveys.deciding import decide
from insights.surveys.survey import Survey
from tests.cast import MONDAY
from tests.insights.surveys.scene import Scene

PHONE = "+4915112345678"


def test_after_the_end_the_question_comes_in_the_same_channel(scene: Scene) -> None:
    conversation = scene.ended()
    survey = scene.survey(conversation)
    question = scene.messages(conversation)[-1]

    assert ("asked", "score", "web", "ces") == (survey.state, survey.awaiting, survey.channel, survey.kind)
    assert (question.id, "How easy was it to get help today?") == (survey.message_id, question.text)
    assert 7 == len(question.extra["buttons"])
    assert scene.conversation(conversation).closed_at
    assert "survey_asked" in scene.events(conversation)
    with scene.database.reading() as session:
        assert "anna" == session.query(Delivery).filter_by(message_id=question.id).one().address


def test_it_is_asked_once(scene: Scene) -> None:
    conversation = scene.ended()
    for _ in range(3):
        scene.later(hours=1).rounds()
    Asking(scene.bot.ask)(scene.database, scene.now)

    assert 1 == len(scene.surveys())
    assert 1 == scene.thread(conversation).count("How easy was it to get help today?")


def skipped(scene: Scene, conversation: str) -> str | None:
    survey = scene.survey(conversation)
    assert "skipped" == survey.state
    assert not any(message.extra.get("survey") for message in scene.messages(conversation))
    return survey.skipped


def test_a_customer_is_asked_once_in_so_many_days(scene: Scene) -> None:
    scene.ended()
    scene.later(days=29)
    assert "asked_lately" == skipped(scene, scene.ended())
    scene.later(days=2)

    assert "asked" == scene.survey(scene.ended()).state


def test_those_that_wait_for_another_conversation_to_be_over_keep_nobody_waiting(scene: Scene) -> None:
    waiting = {"kind": "ces", "touchpoint": "follow_up", "state": "due", "lowest": 1, "highest": 7}

    def ended_before_another(session: Any, number: int) -> None:
        customer = Customer(created_at=MONDAY)
        session.add(customer)
        session.flush()
        both = [Conversation(customer.id, MONDAY) for _ in range(2)]
        both[0].close("solved", MONDAY - timedelta(days=8))  # Of its own end nobody asks any more.
        session.add_all(both)
        session.flush()
        session.add(Survey(id=f"{number}", conversation_id=both[0].id, decided_at=MONDAY, **waiting))

    with scene.database.transaction() as session:
        for number in range(MOST):
            ended_before_another(session, number)
    scene.later(minutes=1)

    assert "asked" == scene.survey(scene.ended()).state


def test_joined_customers_are_one_who_was_asked(scene: Scene) -> None:
    scene.ended()
    later = scene.later(days=1).says("Hello, my parcel?", PHONE, "sms").conversation_id

    def join(session: Any) -> None:
        customers = [
            session.get(Customer, scene.address(*one).customer_id) for one in (("anna", "web"), (PHONE, "sms"))
        ]
        merge(session, customers[1], customers[0], "shown", scene.now)

    scene.change(join)
    scene.says("bye", PHONE, "sms")
    scene.rounds()

    assert "asked_lately" == skipped(scene, later)


def test_of_two_that_were_decided_at_one_moment_one_is_asked(scene: Scene) -> None:
    first = scene.ended("anna")
    second = scene.ended("ben")

    def both_due(session: Any) -> None:
        began = {"customer_id": scene.conversation(first).customer_id, "opened_at": MONDAY - timedelta(hours=1)}
        session.query(Conversation).update(began)
        session.query(Survey).update({"state": "due", "asked_at": None, "awaiting": None, "expires_at": None})

    scene.change(both_due)
    scene.later(seconds=1).rounds()

    assert [("asked", None), ("skipped", "asked_lately")] == sorted(
        (scene.survey(one).state, scene.survey(one).skipped) for one in (first, second)
    )


def test_who_wants_no_messages_is_not_asked(scene: Scene) -> None:
    received = scene.says("Where is my parcel?", PHONE, "sms")
    scene.says("bye", PHONE, "sms")
    scene.change(lambda session: session.query(Address).update({"stopped_at": MONDAY}))
    scene.rounds()

    assert "no_consent" == skipped(scene, received.conversation_id)


def test_who_is_blocked_is_not_asked(scene: Scene) -> None:
    received = scene.says("Where is my parcel?")
    scene.says("bye")
    scene.change(lambda session: session.query(Customer).update({"blocked_at": MONDAY}))
    scene.rounds()

    assert "blocked" == skipped(scene, received.conversation_id)


def test_who_has_written_again_is_not_asked(scene: Scene) -> None:
    received = scene.says("Where is my parcel?")
    scene.says("bye")
    scene.says("And my other one?")
    scene.rounds()

    assert "went_on" == skipped(scene, received.conversation_id)


def test_who_writes_again_while_rasa_thinks_is_not_asked(scene: Scene) -> None:
    received = scene.says("Where is my parcel?")
    scene.says("bye")
    asks = scene.bot.ask

    def interrupted(state: Any, context: Any) -> Any:
        scene.says("And my other one?")
        return asks(state, context)

    scene.asking = Asking(interrupted)
    scene.rounds()

    assert "went_on" == skipped(scene, received.conversation_id)


def test_who_has_said_nothing_is_not_asked(scene: Scene) -> None:
    received = scene.says("bye")
    scene.rounds()

    assert "nothing_said" == skipped(scene, received.conversation_id)


def test_what_is_over_for_long_is_not_asked_about(scene: Scene) -> None:
    received = scene.says("Where is my parcel?")
    scene.says("bye")
    scene.later(days=2).rounds()

    assert "too_late" == skipped(scene, received.conversation_id)


def test_a_question_can_be_switched_off_by_place_and_channel(scene: Scene) -> None:
    scene.settings(kinds={"bot:web": "none"})
    assert "switched_off" == skipped(scene, scene.ended())
    scene.settings(kinds={"bot:web": "nps", "bot:sms": "csat"})

    assert ("nps", 0, 10) == _asked(scene, scene.ended("ben"))
    assert ("csat", 1, 5) == _asked(scene, scene.ended(PHONE, "sms"))


def _asked(scene: Scene, conversation: str) -> tuple[str, int, int]:
    survey = scene.survey(conversation)
    assert "asked" == survey.state
    return survey.kind, survey.lowest, survey.highest


def test_the_companys_own_wording_is_asked(scene: Scene) -> None:
    scene.settings(questions={"ces:en": "Was it easy?"}, labels={"ces:en": ["no", "yes"]})
    question = scene.messages(scene.ended())[-1]

    assert "Was it easy?" == question.text
    assert ["1 · no", "2"] == [button["title"] for button in question.extra["buttons"]][:2]


@pytest.mark.parametrize(
    ("hours", "templates", "expected"),
    [(23, (), "asked"), (24, (), "no_window"), (24, ("en",), "asked"), (24, ("de",), "no_window")],
)
def test_in_whatsapp_it_is_asked_inside_the_window_or_by_template(
    database: Database, hours: int, templates: tuple[str, ...], expected: str
) -> None:
    scene = Scene(database, templates=templates)
    conversation = scene.says("Where is my parcel?", PHONE, "whatsapp").conversation_id

    def close(session: Any) -> None:
        session.get(Conversation, conversation).close("solved", scene.now)

    scene.later(hours=hours).change(close)
    scene.rounds()
    survey = scene.survey(conversation)

    assert expected in (survey.state, survey.skipped)
    if expected == "asked":
        question = scene.messages(conversation)[-1]
        # A template has no list.
        assert ("buttons" in question.extra) == (hours < 24)
        assert ("a number from 1" in question.text) == (hours >= 24)


@pytest.mark.parametrize(
    ("locale", "how"),
    [
        ("en", "Please answer with a number from 0 (not at all likely) to 10 (extremely likely)."),
        ("de", "Bitte antworten Sie mit einer Zahl von 0 (sehr unwahrscheinlich) bis 10 (sehr wahrscheinlich)."),
    ],
)
@pytest.mark.parametrize(("typed", "score"), [("0", 0), ("10", 10), ("9/10", 9)])
def test_in_whatsapp_eleven_steps_are_too_many_for_a_list_so_what_is_to_be_typed_is_said(
    scene: Scene, locale: str, how: str, typed: str, score: int
) -> None:
    scene.settings(kinds={"bot:whatsapp": "nps"})
    conversation = scene.says("Where is my parcel?", PHONE, "whatsapp", locale=locale).conversation_id
    scene.says("bye", PHONE, "whatsapp", locale=locale)
    scene.rounds()
    question = scene.messages(conversation)[-1]

    assert question.text.endswith(f"? {how}")
    assert "buttons" not in question.extra
    scene.later(minutes=1).says(typed, PHONE, "whatsapp")
    assert ("nps", score) == (scene.survey(conversation).kind, scene.survey(conversation).score)


def test_a_conversation_that_was_started_over_is_not_asked_about(scene: Scene) -> None:
    conversation = scene.says("Where is my parcel?").conversation_id
    scene.change(lambda session: session.get(Conversation, conversation).close("start_over", scene.now))
    scene.rounds()

    assert "went_on" == skipped(scene, conversation)


@pytest.fixture
def broken_on_purpose() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.mark.usefixtures("broken_on_purpose")
def test_one_that_can_not_be_asked_keeps_no_other_from_being_asked(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = scene.bot.ask

    def breaks(state: Any, context: Any) -> Any:
        if scene.conversation(context.conversation_id).customer_id == scene.address("anna", "web").customer_id:
            raise ValueError("broken")
        return asks(state, context)

    monkeypatch.setattr("insights.surveys.asking.MOST", 1)
    scene.asking = Asking(breaks)
    broken = scene.ended()
    other = scene.ended("ben")

    assert ("due", "asked") == (scene.survey(broken).state, scene.survey(other).state)
    scene.later(days=3, seconds=1).rounds()
    assert "too_late" == skipped(scene, broken)


@pytest.mark.usefixtures("broken_on_purpose")
@pytest.mark.parametrize("most", [1, MOST])
def test_one_that_can_not_be_decided_keeps_no_other_from_being_asked_and_is_once_it_can(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    def breaks(session: Any, conversation: Conversation, *given: Any) -> Any:
        if conversation.id == broken:
            raise ValueError("broken")
        return decide(session, conversation, *given)

    monkeypatch.setattr("insights.surveys.asking.MOST", most)
    monkeypatch.setattr("insights.surveys.asking.decide", breaks)
    broken = scene.says("Where is my parcel?").conversation_id
    scene.says("bye")
    scene.rounds()
    other = scene.ended("ben")
    assert [other] == [survey.conversation_id for survey in scene.surveys()]
    for _ in range(3):
        scene.later(hours=1).rounds()
    monkeypatch.undo()
    scene.later(hours=1).rounds()

    assert "asked" == scene.survey(broken).state


def test_two_processes_ask_once(scene: Scene) -> None:
    received = scene.says("Where is my parcel?")
    scene.says("bye")
    other = Asking(scene.bot.ask)
    asks = scene.bot.ask

    def overtaken(state: Any, context: Any) -> Any:
        other(scene.database, scene.now)
        return asks(state, context)

    scene.asking = Asking(overtaken)
    scene.rounds()

    assert 1 == scene.thread(received.conversation_id).count("How easy was it to get help today?")


def test_what_ended_while_nothing_ran_is_found_by_the_first_round(scene: Scene) -> None:
    received = scene.says("Where is my parcel?")
    scene.says("bye")
    scene.later(hours=20)

    Asking(scene.bot.ask)(scene.database, scene.now)

    assert "asked" == scene.survey(received.conversation_id).state


def test_after_a_follow_up_the_customer_is_asked_again_though_they_were_lately(scene: Scene) -> None:
    conversation = scene.ended()
    scene.says("2")
    scene.later(days=1).change(lambda session: ask_again(session, conversation, scene.now))
    scene.change(lambda session: ask_again(session, conversation, scene.now))
    scene.rounds()

    survey = scene.survey(conversation, "follow_up")
    assert ("asked", "score") == (survey.state, survey.awaiting)
    # It says what it is about.
    asked = "You told us it was hard. Now that we have looked after it: how easy was it to get help?"
    assert asked == scene.thread(conversation)[-1]


def test_after_a_follow_up_it_is_asked_once_the_conversation_is_over(scene: Scene) -> None:
    conversation = scene.says("Where is my parcel?").conversation_id
    scene.change(lambda session: ask_again(session, conversation, scene.now))
    scene.rounds()
    assert "due" == scene.survey(conversation, "follow_up").state
    assert [] == scene.bot.asked
    scene.says("bye")
    scene.rounds()

    assert "asked" == scene.survey(conversation, "follow_up").state


def test_a_question_nobody_answers_is_no_longer_waited_for(scene: Scene) -> None:
    conversation = scene.ended()
    scene.later(days=7, seconds=1).rounds()

    survey = scene.survey(conversation)
    assert ("expired", None) == (survey.state, survey.awaiting)
    assert timedelta(days=7, seconds=1) == scene.now - MONDAY


def test_those_that_wait_for_a_conversation_to_be_over_keep_nobody_waiting(scene: Scene) -> None:
    still_open = [scene.says("Where is my parcel?", f"visitor{number}").conversation_id for number in range(MOST)]
    waiting = {"kind": "ces", "touchpoint": "follow_up", "state": "due", "lowest": 1, "highest": 7}
    with scene.database.transaction() as session:
        session.add_all(Survey(conversation_id=one, decided_at=scene.now, **waiting) for one in still_open)
    scene.later(minutes=1)

    assert "asked" == scene.survey(scene.ended()).state
