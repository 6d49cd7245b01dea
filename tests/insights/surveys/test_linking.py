"""Somebody at the desk asks how it went by a link: by the rules of every survey, once, and the answer counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.settings import Settings
from app.wiring import wire_web
from channels.conversation import BOT, Conversation
from channels.customer import Address, Customer
from db import Database
from handoff.finding import NotYours
from insights.surveys.asking import Asking
from insights.surveys.desk.words import _ALL, WHY_NOT
from insights.surveys.linking import NotAsked, ask_by_link, standing
from insights.surveys.links import Links
from staff.people import User
from staff.teams import default_team
from tests.cast import echo
from tests.handoff.desk_scene import hire
from tests.insights.surveys.scene import Scene
from tests.staff import client_of, csrf_token, edda

KEY = "a key of thirty-two characters and more"


@pytest.fixture
def mira(database: Database) -> User:
    return hire(database, "Mira Vogt")


def opened(scene: Scene, who: str = "anna", channel: str = "web") -> str:
    """A conversation that is open and Support's."""
    return of_support(scene, scene.says("Where is my parcel?", who, channel).conversation_id)


def of_support(scene: Scene, conversation: str) -> str:
    def move(session: Any) -> None:
        session.get(Conversation, conversation).team_id = default_team(session).id

    scene.change(move)
    return conversation


def asks(scene: Scene, user: User, conversation: str) -> str:
    survey_id: str = scene.change(lambda session: ask_by_link(session, user, conversation, scene.now).id)
    return survey_id


def refusal(scene: Scene, user: User, conversation: str) -> str:
    with pytest.raises(NotAsked) as refused:
        asks(scene, user, conversation)
    assert set(WHY_NOT) == {"en", "de"}
    assert refused.value.why in WHY_NOT["en"]
    return refused.value.why


def test_whoever_is_asked_by_a_link_is_asked_nothing_at_the_end(scene: Scene, mira: User) -> None:
    conversation = opened(scene)
    asked = asks(scene, mira, conversation)
    assert asked == asks(scene, mira, conversation)
    scene.later(minutes=1).says("bye")
    scene.later(minutes=1).rounds()

    [survey] = scene.surveys()
    assert (asked, "asked", "link", "conversation") == (survey.id, survey.state, survey.channel, survey.touchpoint)
    assert not any(message.extra.get("survey") for message in scene.messages(conversation))
    assert 1 == scene.events(conversation).count("survey_linked")


def test_what_is_about_to_be_asked_in_the_chat_is_asked_by_the_link_instead(scene: Scene, mira: User) -> None:
    conversation = of_support(scene, scene.says("Where is my parcel?").conversation_id)
    scene.says("bye")
    asks_in_chat = scene.bot.ask

    def meanwhile(state: Any, context: Any) -> Any:
        with scene.database.reading() as session:
            found = session.get(Conversation, conversation)
            assert found
            assert standing(session, found, scene.now).survey is None
        asks(scene, mira, conversation)
        return asks_in_chat(state, context)

    scene.asking = Asking(meanwhile)
    scene.rounds()

    survey = scene.survey(conversation)
    assert ("asked", "link", scene.now) == (survey.state, survey.channel, survey.asked_at)
    assert not any(message.extra.get("survey") for message in scene.messages(conversation))


def test_it_counts_as_asked_within_the_days_of_the_settings(scene: Scene, mira: User) -> None:
    first = opened(scene)
    asks(scene, mira, first)
    scene.says("bye")
    assert "asked_lately" == scene.survey(scene.later(days=3).ended()).skipped
    third = opened(scene)
    assert "asked_lately" == refusal(scene, mira, third)
    scene.later(days=31)
    assert asks(scene, mira, third)


def test_what_was_asked_in_the_chat_has_the_same_link_and_is_not_asked_again(scene: Scene, mira: User) -> None:
    conversation = of_support(scene, scene.ended())
    before = scene.survey(conversation)
    assert before.id == asks(scene, mira, conversation)
    after = scene.survey(conversation)
    assert (before.asked_at, "web", "score") == (after.asked_at, after.channel, after.awaiting)


def test_what_could_not_be_asked_in_the_channel_can_by_a_link(scene: Scene, mira: User) -> None:
    conversation = opened(scene, "+4915112345678", "whatsapp")
    scene.later(hours=30).change(lambda session: session.get(Conversation, conversation).close("solved", scene.now))
    scene.rounds()
    assert "no_window" == scene.survey(conversation).skipped
    asks(scene, mira, conversation)
    assert ("asked", None) == (scene.survey(conversation).state, scene.survey(conversation).skipped)


def test_nobody_is_asked_by_a_link_against_consent_or_the_settings(scene: Scene, mira: User) -> None:
    conversation = opened(scene, "+4915112345678", "sms")
    scene.change(lambda session: session.execute(update(Address).values(stopped_at=scene.now)))
    assert "no_consent" == refusal(scene, mira, conversation)
    scene.change(lambda session: session.execute(update(Address).values(stopped_at=None)))
    scene.change(lambda session: session.execute(update(Customer).values(blocked_at=scene.now)))
    assert "blocked" == refusal(scene, mira, conversation)
    scene.change(lambda session: session.execute(update(Customer).values(blocked_at=None)))
    scene.settings(kinds={"bot:sms": "none"})
    assert "switched_off" == refusal(scene, mira, conversation)
    scene.settings(kinds={"bot:sms": "csat"})
    asks(scene, mira, conversation)
    assert ("csat", 1, 5) == tuple(getattr(scene.survey(conversation), one) for one in ("kind", "lowest", "highest"))


def test_whoever_writes_again_is_asked_about_that(scene: Scene, mira: User) -> None:
    first = opened(scene)
    scene.says("bye")
    scene.later(hours=1).says("Another parcel?")
    assert "went_on" == refusal(scene, mira, first)


def test_while_a_low_score_is_looked_after_nobody_is_asked(scene: Scene, mira: User) -> None:
    scene.ended()
    scene.says("2")
    newer = of_support(scene, scene.later(hours=1).says("Another parcel?").conversation_id)
    assert "follow_up_open" == refusal(scene, mira, newer)


def test_an_agent_of_another_team_cant_ask(scene: Scene, database: Database) -> None:
    conversation = opened(scene)
    carla = hire(database, "Carla Ruiz", team="Returns")
    with pytest.raises(NotYours):
        asks(scene, carla, conversation)
    assert [] == scene.surveys()


@pytest.fixture
def app(scene: Scene) -> Iterator[Flask]:
    served = wire_web(Settings(secret_key=KEY, public_url="https://help.fennimor.example"), scene.database, echo)
    # What happens here has a clock of its own, and takes its own turns.
    served.workers.stop()
    yield served.app
    served.stop()


def posted(client: FlaskClient, conversation: str) -> Any:
    data = {"csrf_token": csrf_token(client, "/staff/account")}
    return client.post(f"/desk/survey-link/{conversation}", data=data)


def test_the_page_asks_first_then_shows_the_link_and_then_the_answer(app: Flask, scene: Scene, mira: User) -> None:
    conversation = opened(scene)
    desk, path = client_of(app, scene.database, mira), f"/desk/survey-link/{conversation}"
    assert f'href="{path}"' in desk.get(f"/desk/all/{conversation}").text
    assert "nothing more when the conversation ends, or within 30 days" in desk.get(path).text
    assert [] == scene.surveys()

    assert (303, path) == (posted(desk, conversation).status_code, posted(desk, conversation).location)
    shown = desk.get(path).text
    [survey] = scene.surveys()
    address = f"{Links(KEY, 'https://help.fennimor.example').to_survey(survey)}?locale=en"
    # By the clock on the wall it is another day.
    assert f"How easy was it to get help? Your answer: {address}" in shown
    assert 'src="data:image/svg+xml' in shown

    customer, link = app.test_client(), address.removeprefix("https://help.fennimor.example")
    form = re.findall(r'name="form" value="([^"]+)"', customer.get(link).text)[0]
    answered = customer.post(link, data={"form": form, "locale": "en", "score": "2"})
    customer.post(answered.location, data={"form": form, "comment": "Nobody called me back"})
    assert (2, "link", "Nobody called me back") == (
        scene.survey(conversation).score,
        scene.survey(conversation).answered_in,
        scene.survey(conversation).comment,
    )
    assert [conversation] == [one.conversation_id for one in scene.follow_ups()]
    shown = desk.get(path).text
    assert "The answer: 2 of 7" in shown
    assert "Nobody called me back" in shown
    assert link not in shown


def test_the_page_says_why_nobody_can_be_asked(app: Flask, scene: Scene, mira: User) -> None:
    conversation = opened(scene, "+4915112345678", "sms")
    scene.change(lambda session: session.execute(update(Address).values(stopped_at=scene.now)))
    desk = client_of(app, scene.database, mira)
    assert "They want no messages from us." in desk.get(f"/desk/survey-link/{conversation}").text
    refused = posted(desk, conversation)
    assert (409, True) == (refused.status_code, "They want no messages from us." in refused.text)
    assert [] == scene.surveys()


def test_who_may_not_see_the_conversation_cant_have_its_link(app: Flask, scene: Scene, mira: User) -> None:
    conversation = opened(scene)
    asks(scene, mira, conversation)
    carla = client_of(app, scene.database, hire(scene.database, "Carla Ruiz", team="Returns"))
    for answer in (carla.get(f"/desk/survey-link/{conversation}"), posted(carla, conversation)):
        assert (404, False) == (answer.status_code, "/s/" in answer.text)
    editor = client_of(app, scene.database, edda(scene.database))
    assert 403 == editor.get(f"/desk/survey-link/{conversation}").status_code
    assert BOT == scene.conversation(conversation).owner


def test_both_languages_say_the_same() -> None:
    english, german = _ALL["en"], _ALL["de"]
    assert [list(english[part]) for part in ("page", "why_not")] == [list(german[part]) for part in ("page", "why_not")]
    places = re.compile(r"\{\w+\}")
    for part in ("page", "why_not"):
        for key, text in english[part].items():
            assert sorted(places.findall(text)) == sorted(places.findall(german[part][key])), key


def test_in_german_it_is_german(app: Flask, scene: Scene, mira: User) -> None:
    conversation = of_support(scene, scene.says("Wo ist mein Paket?", locale="de").conversation_id)
    with scene.database.transaction() as session:
        session.get(User, mira.id).locale = "de"  # type: ignore[union-attr]
    desk = client_of(app, scene.database, mira)
    posted(desk, conversation)
    shown = desk.get(f"/desk/survey-link/{conversation}").text
    assert "Wie einfach war es, Hilfe zu bekommen? Ihre Antwort: https://" in shown
    assert "?locale=de" in shown
    assert "Nur an diese Person schicken." in shown
