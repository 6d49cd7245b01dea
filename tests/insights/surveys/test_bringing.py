"""A low answer by a place's link is nobody's; whoever gave it can go on with a person, who then knows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.chats import receiving
from app.settings import Settings
from app.wiring import wire_web
from bot.reply import Reply, Said, TurnContext
from channels.conversation import Conversation, Message
from channels.customer import Customer
from channels.inbound import Inbound
from db import Database, utc_now
from handoff.handoffs import Handoff
from insights.follow_ups.follow_up import FollowUp
from insights.pages.asked import Period
from insights.pages.by_link import by_link
from insights.surveys.bringing import FACT, brought
from insights.surveys.links import Links
from insights.surveys.settings import SurveySettings, keep_survey_settings
from insights.surveys.survey import Survey
from staff.people import User
from tests.cast import MONDAY
from tests.handoff.desk_scene import hire
from tests.insights.scores import scored
from tests.staff import client_of
from tests.waiting import until

KEY = "a key of thirty-two characters and more"


def calls(state: str | None, text: str, context: TurnContext) -> Reply:
    """A bot that passes on whoever asks for it by the button."""
    wants = "asked" if text == "/wants_person" else None
    return Reply((Said("A colleague comes."),), "{}", "en", "wants_person", 1.0, wants_person=wants)  # type: ignore[arg-type]


@pytest.fixture
def mira(database: Database) -> User:
    with database.transaction() as session:
        keep_survey_settings(session, SurveySettings(links={"parcel-slip": "ces"}))
    return hire(database, "Mira Vogt")


@pytest.fixture
def links() -> Links:
    return Links(KEY, "")


@pytest.fixture
def app(database: Database, mira: User) -> Iterator[Flask]:
    served = wire_web(Settings(secret_key=KEY, rest_token="a token for the chat"), database, calls)
    yield served.app
    served.stop()


def form_in(page: str) -> str:
    return re.findall(r'name="form" value="([^"]+)"', page)[0]


def answers(app: Flask, links: Links, score: int, comment: str = "", locale: str = "en", **more: str) -> Any:
    """The page after an answer, and what made it hard if that is said."""
    client, path = app.test_client(), links.to_place("parcel-slip")
    form = form_in(client.get(path).text)
    after = client.post(path, data={"form": form, "locale": locale, "score": str(score)})
    if comment or more:
        form = form_in(client.get(after.location).text)
        after = client.post(path, data={"form": form, "locale": locale, "comment": comment, **more})
    return client.get(after.location, follow_redirects=True) if after.location.startswith("/s/") else after


def chat_of(page: str) -> str:
    return re.findall(r'href="(/chat[?][^"]+)"', page)[0].replace("&amp;", "&")


def token_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["brings"][0]


def says(app: Flask, text: str, sender: str = "anna", locale: str = "en") -> list[dict[str, Any]]:
    body = {"sender": sender, "message": text, "customData": {"locale": locale}}
    headers = {"Authorization": "Bearer a token for the chat"}
    said: list[dict[str, Any]] = app.test_client().post("/webhooks/rest/webhook", json=body, headers=headers).json
    return said


def one(database: Database, model: Any) -> Any:
    with database.reading() as session:
        return session.scalars(select(model)).one()


def test_the_page_offers_a_person_who_then_knows_the_answer(app: Flask, database: Database, links: Links) -> None:
    page = answers(app, links, 2, "The box was open.").text
    assert "Talk to a person now" in page
    with database.reading() as session:
        assert 0 == session.scalars(select(func.count(Customer.id))).one()
    address = chat_of(page)
    assert "The box was open." in app.test_client().get(address).text

    says(app, f"/brings[{token_of(address)}]")
    message = _customers(database)[0]
    assert (
        "My answer to “How easy was it to get help?”: 2 of 7. “The box was open.” "
        "I would like to talk to a person." == message.text
    )
    survey, handoff, follow_up = one(database, Survey), one(database, Handoff), one(database, FollowUp)
    assert message.conversation_id == survey.conversation_id == handoff.conversation_id == follow_up.conversation_id
    assert ("asked", survey.id) == (handoff.reason, follow_up.survey_id)


def _customers(database: Database) -> list[Message]:
    with database.reading() as session:
        return list(session.scalars(select(Message).filter_by(author="customer").order_by(Message.created_at)))


def test_the_agent_sees_the_score_and_what_made_it_hard(
    app: Flask, database: Database, links: Links, mira: User
) -> None:
    says(app, f"/brings[{token_of(chat_of(answers(app, links, 2, 'The box was open.').text))}]")
    survey = one(database, Survey)
    desk = client_of(app, database, mira)
    shown = desk.get(f"/desk/waiting/{survey.conversation_id}").text
    for text in ("The box was open.", "comes because of it: 2/7", "Follow-up: 2 of 7"):
        assert text in shown
    assert "The box was open." in desk.get(f"/desk/follow-ups/{one(database, FollowUp).id}").text


def test_whoever_calls_before_saying_why_takes_along_what_they_wrote(
    app: Flask, database: Database, links: Links
) -> None:
    after = answers(app, links, 1, "The box was open.", then="person")
    assert after.location.startswith("/chat?")
    assert "The box was open." == one(database, Survey).comment
    without = answers(app, links, 1, "", then="person")
    says(app, f"/brings[{token_of(without.location)}]")
    assert "1 of 7. I would like to talk to a person." in _customers(database)[0].text


def test_in_german(app: Flask, database: Database, links: Links) -> None:
    page = answers(app, links, 2, "Die Schachtel war offen.", "de").text
    assert "Jetzt mit einem Menschen sprechen" in page
    says(app, f"/brings[{token_of(chat_of(page))}]", locale="de")
    text = _customers(database)[0].text
    assert text.startswith("Meine Antwort auf „Wie einfach war es, Hilfe zu bekommen?“: 2 von 7. „Die Schachtel")


@pytest.mark.parametrize("score", [4, 7])
def test_whoever_is_content_is_offered_nobody(app: Flask, links: Links, score: int) -> None:
    assert "brings=" not in answers(app, links, score).text


def test_where_nobody_works_nobody_is_offered(app: Flask, database: Database, links: Links) -> None:
    with database.transaction() as session:
        session.execute(update(User).values(is_active=False))
    assert "brings=" not in answers(app, links, 1, "The box was open.").text


def test_bringing_it_twice_or_anothers_or_a_forged_one_is_only_a_call(
    app: Flask, database: Database, links: Links
) -> None:
    token = token_of(chat_of(answers(app, links, 2, "The box was open.").text))
    says(app, f"/brings[{token}]")
    says(app, f"/brings[{token}]", "ben")
    forged = Links("another key of thirty-two characters", "").to_person(one(database, Survey), "en")
    says(app, f"/brings[{token_of(forged)}]", "clara")
    until(lambda: 3 == len(_customers(database)))
    assert ["Talk to a person"] * 2 == [message.text for message in _customers(database)[1:]]
    assert _customers(database)[0].conversation_id == one(database, Survey).conversation_id
    assert '"brings": null' in app.test_client().get(f"/chat?brings={token}").text


def test_what_was_brought_lies_no_longer_than_a_day(app: Flask, database: Database, links: Links) -> None:
    answers(app, links, 2)
    survey = one(database, Survey)
    token = token_of(links.to_person(survey, "en"))
    assert brought(database, links, token, "en", survey.answered_at)

    assert brought(database, links, token, "en", survey.answered_at + timedelta(days=2)) is None


def test_two_answers_in_one_conversation_are_one_follow_up(app: Flask, database: Database, links: Links) -> None:
    for _ in range(2):
        says(app, f"/brings[{token_of(chat_of(answers(app, links, 2, 'The box was open.').text))}]")
    with database.reading() as session:
        assert 1 == session.scalars(select(func.count(FollowUp.id))).one()
        assert 1 == session.scalars(select(func.count(Conversation.id))).one()


class Died(BaseException):
    """Of the process: nothing in it outlives that."""


def test_an_answer_and_the_message_that_brings_it_are_kept_together_whenever_the_process_dies(
    database: Database, mira: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey_id = scored(database, None, 2, MONDAY, touchpoint="parcel-slip")
    take = receiving(Settings(), None, lambda _conversation: None)
    inbound = Inbound("web", "anna", "/wants_person", "b1", title="My answer: 2 of 7.", facts={FACT: survey_id})
    commits = Session.commit

    def dies_after(session: Session) -> None:
        commits(session)
        raise Died

    monkeypatch.setattr(Session, "commit", dies_after)
    with pytest.raises(Died):
        take(database, inbound, MONDAY)
    monkeypatch.undo()

    [message] = _customers(database)
    survey, follow_up = one(database, Survey), one(database, FollowUp)
    assert message.conversation_id == survey.conversation_id == follow_up.conversation_id


def test_what_brings_an_answer_that_is_not_there_is_kept_as_what_it_says(database: Database, mira: User) -> None:
    take = receiving(Settings(), None, lambda _conversation: None)
    inbound = Inbound("web", "anna", "/wants_person", "b1", title="My answer: 2 of 7.", facts={FACT: "no-such-survey"})

    assert take(database, inbound, MONDAY).is_new
    assert ["My answer: 2 of 7."] == [message.text for message in _customers(database)]


def test_it_stays_an_answer_of_its_place_and_is_none_about_the_conversation(
    app: Flask, database: Database, links: Links
) -> None:
    page = answers(app, links, 2, "The box was open.").text
    says(app, f"/brings[{token_of(chat_of(page))}]")
    today, day = utc_now().date(), timedelta(days=1)
    with database.reading() as session:
        [counted] = by_link(session, Period(today - day, today + day, "UTC"))
    assert ("parcel-slip", 1) == (counted.touchpoint, counted.measured.n)
