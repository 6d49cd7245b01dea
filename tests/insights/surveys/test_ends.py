"""When a conversation has ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from channels.conversation import Conversation
from channels.customer import Customer
from channels.inbound import receive
from handoff.acting import claim, resolve
from handoff.handing_over import hand_off
from handoff.opening import Calendar
from handoff.replying import Writing, reply
from handoff.turn import take_turn
from insights.surveys.ending import MOST, end_silent
from staff.people import User
from staff.teams import Team, default_team
from tests.cast import MONDAY, anna
from tests.handoff.people import add_agent, add_team, add_waiting, works_in_leipzig
from tests.handoff.people import claim as take_up
from tests.insights.surveys.scene import Scene


def test_the_customer_says_that_this_was_all(scene: Scene) -> None:
    conversation = scene.conversation(scene.ended())

    assert ("done", "closed", MONDAY) == (conversation.close_reason, conversation.owner, conversation.closed_at)
    assert "ended_done" in scene.events(conversation.id)


def test_the_next_message_begins_another_conversation(scene: Scene) -> None:
    first = scene.ended()

    assert first != scene.says("Where is my other parcel?").conversation_id


def test_a_bye_that_is_followed_by_a_question_ends_nothing(scene: Scene) -> None:
    received = receive(scene.database, anna("bye"), MONDAY)

    def interrupted(state: object, text: str, context: object) -> object:
        if text == "bye":
            receive(scene.database, anna("wait, one more thing"), MONDAY)
        return scene.bot.reply(state, text, context)

    take_turn(scene.database, interrupted, received.conversation_id, MONDAY)  # type: ignore[arg-type]

    assert scene.conversation(received.conversation_id).closed_at is None


@pytest.mark.parametrize(("channel", "minutes"), [("web", 30), ("sms", 240), ("whatsapp", 240)])
def test_a_conversation_with_the_bot_ends_by_silence(scene: Scene, channel: str, minutes: int) -> None:
    who = "anna" if channel == "web" else "+4915112345678"
    conversation = scene.says("Where is my parcel?", who, channel).conversation_id
    scene.later(minutes=minutes - 1).rounds()
    assert scene.conversation(conversation).closed_at is None
    scene.later(minutes=1).rounds()

    assert "silence" == scene.conversation(conversation).close_reason
    assert "ended_silence" in scene.events(conversation)


def test_how_long_silence_lasts_is_a_setting(scene: Scene) -> None:
    scene.settings(silence_web=5)
    conversation = scene.says("Where is my parcel?").conversation_id
    scene.later(minutes=5).rounds()

    assert "silence" == scene.conversation(conversation).close_reason


def _answered_by_mira(scene: Scene, locale: str = "en") -> str:
    works_in_leipzig(scene.database)
    conversation = scene.says("Where is my parcel?", locale=locale).conversation_id
    with scene.database.transaction() as session:
        mira = add_agent(session, "Mira")
        hand_off(session, session.get(Conversation, conversation), "asked", scene.now)
        session.flush()
        claim(session, mira, conversation, scene.now)
        reply(session, mira, conversation, Writing("It is on its way.", "web", 99), scene.now)
    return conversation


def test_where_a_person_answered_only_opening_hours_count(scene: Scene) -> None:
    # Monday, 10:00 in Leipzig: eight hours are left today, eight are there tomorrow until 16:00.
    conversation = _answered_by_mira(scene)
    scene.later(hours=29).rounds()
    assert scene.conversation(conversation).closed_at is None
    scene.later(hours=1).rounds()

    assert "silence" == scene.conversation(conversation).close_reason


@pytest.mark.parametrize(
    ("locale", "question"), [("en", "How easy was it to get help?"), ("de", "Wie einfach war es, Hilfe zu bekommen?")]
)
def test_what_was_said_on_friday_is_asked_about_on_tuesday_without_saying_today(
    scene: Scene, locale: str, question: str
) -> None:
    scene.later(days=4, hours=7)
    conversation = _answered_by_mira(scene, locale)
    # One hour is left on Friday, ten are there on Monday, five on Tuesday until 13:00.
    scene.later(days=4, hours=-4).rounds()

    assert "silence" == scene.conversation(conversation).close_reason
    assert question == scene.thread(conversation)[-1]
    assert "asked" == scene.survey(conversation).state


@pytest.mark.parametrize(("minutes", "is_today"), [(59, True), (60, False)])
def test_what_today_is_the_clock_says_of_those_who_had_the_conversation(
    scene: Scene, minutes: int, is_today: bool
) -> None:
    works_in_leipzig(scene.database)
    # 22:59 in Leipzig, and 23:00; it ends by silence an hour later.
    scene.settings(silence_web=60)
    conversation = scene.later(hours=12, minutes=minutes).says("Where is my parcel?").conversation_id
    scene.later(hours=1).rounds()

    asked = "How easy was it to get help today?" if is_today else "How easy was it to get help?"
    assert asked == scene.thread(conversation)[-1]


@pytest.mark.parametrize("kept", ["owed_since", "snoozed_until"])
def test_what_a_person_still_means_to_do_does_not_end_by_silence(scene: Scene, kept: str) -> None:
    conversation = _answered_by_mira(scene)

    def keep(session: object) -> None:
        setattr(session.get(Conversation, conversation), kept, MONDAY)  # type: ignore[attr-defined]

    scene.change(keep)
    scene.later(days=1).asking(scene.database, scene.now)
    assert [] == end_silent(scene.database, scene.now + timedelta(days=20))


def test_a_conversation_in_the_queue_never_ends_by_silence(scene: Scene) -> None:
    waiting = scene.change(lambda session: add_waiting(session).id)
    scene.later(days=30).rounds()

    assert scene.conversation(waiting).closed_at is None


def test_an_agent_resolves_and_it_is_asked(scene: Scene) -> None:
    conversation = _answered_by_mira(scene)
    with scene.database.transaction() as session:
        mira = session.scalars(select(User)).one()
        resolve(session, mira, conversation, "solved", scene.now)
    scene.rounds()

    assert "asked" == scene.survey(conversation).state
    assert "How easy was it to get help today?" == scene.thread(conversation)[-1]


def test_many_conversations_in_which_silence_takes_longer_keep_no_other_from_ending(scene: Scene) -> None:
    def talk(number: int, channel: str, minutes: int) -> str:
        with scene.database.transaction() as session:
            customer = Customer(created_at=MONDAY)
            session.add(customer)
            session.flush()
            one = Conversation(customer_id=customer.id, opened_at=MONDAY)
            session.add(one)
            session.flush()
            session.add(one.say("bot", channel, f"You said {number}", MONDAY + timedelta(minutes=minutes)))
            return one.id

    for number in range(3 * MOST + 1):
        talk(number, "sms", 0)
    web = talk(0, "web", 60)

    assert [web] == end_silent(scene.database, MONDAY + timedelta(minutes=100))
    assert MOST == len(end_silent(scene.database, MONDAY + timedelta(minutes=240)))


@pytest.mark.parametrize("why", ["a team that is seldom there", "the customer had the last word"])
def test_many_with_people_that_are_not_over_keep_no_other_from_ending(scene: Scene, why: str) -> None:
    works_in_leipzig(scene.database)
    with scene.database.transaction() as session:
        seldom = add_team(session, "Sundays")
        calendar = {"time_zone": "Europe/Berlin", "week": [[]] * 6 + [[["08:00", "09:00"]]]}
        session.add(Calendar(team_id=seldom.id, **calendar))
        mira = add_agent(session, "Mira")

        def talk(team: Team, author: str, at: datetime) -> str:
            one = add_waiting(session, at, team)
            take_up(session, one, mira, at)
            one.owed_since = None
            session.add(one.say(author, "web", "It is on its way.", at))
            return one.id

        support = default_team(session)
        for _ in range(MOST):
            if why == "the customer had the last word":
                talk(support, "customer", MONDAY)
            else:
                talk(seldom, f"agent:{mira.id}", MONDAY)
        over = talk(support, f"agent:{mira.id}", MONDAY + timedelta(hours=1))

    assert [over] == end_silent(scene.database, MONDAY + timedelta(days=2))
