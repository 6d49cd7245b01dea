"""The page behind a signed link: it asks one question, in both languages, and takes each form once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from insights.surveys.links import Links
from insights.surveys.settings import SurveySettings, keep_survey_settings
from insights.surveys.survey import Survey
from tests.cast import echo
from tests.insights.surveys.scene import Scene

KEY = "a key of thirty-two characters and more"


@pytest.fixture
def links() -> Links:
    return Links(KEY, "")


@pytest.fixture
def scene(database: Database) -> Scene:
    scene = Scene(database)
    with database.transaction() as session:
        keep_survey_settings(session, SurveySettings(links={"parcel-slip": "nps", "desk-card": "ces"}))
    return scene


@pytest.fixture
def client(scene: Scene) -> Iterator[FlaskClient]:
    served = wire_web(Settings(secret_key=KEY), scene.database, echo)
    # The scene takes every turn, with a bot of its own.
    served.workers.stop()
    yield served.app.test_client()
    served.stop()


def form_of(client: FlaskClient, path: str) -> str:
    return re.findall(r'name="form" value="([^"]+)"', client.get(path).text)[0]


def sent(client: FlaskClient, path: str, form: str, **fields: Any) -> Any:
    return client.post(path, data={"form": form, "locale": "en", **fields})


def test_a_place_of_the_companys_own_is_asked_about(client: FlaskClient, links: Links, scene: Scene) -> None:
    path = links.to_place("parcel-slip")
    assert "How likely is it that you would recommend us" in client.get(f"{path}?locale=en").text
    assert "weiterempfehlen" in client.get(f"{path}?locale=de").text
    after = sent(client, path, form_of(client, path), score="9")
    assert "Thank you for your answer." in client.get(after.location).text

    [survey] = scene.surveys()
    assert ("nps", "parcel-slip", 9, "answered", None) == (
        survey.kind,
        survey.touchpoint,
        survey.score,
        survey.state,
        survey.conversation_id,
    )
    assert ("link", 0, 10) == (survey.answered_in, survey.lowest, survey.highest)


def test_a_low_score_is_asked_why(client: FlaskClient, links: Links, scene: Scene) -> None:
    path = links.to_place("desk-card")
    after = sent(client, path, form_of(client, path), score="2")
    page = client.get(after.location).text
    assert "What made it hard?" in page
    form = re.findall(r'name="form" value="([^"]+)"', page)[0]
    sent(client, path, form, comment="The queue was long.")
    sent(client, path, form, comment="Something else.")

    assert ["The queue was long."] == [survey.comment for survey in scene.surveys()]


def test_what_no_database_keeps_is_left_out_of_what_made_it_hard(
    client: FlaskClient, links: Links, scene: Scene
) -> None:
    path = links.to_place("desk-card")
    page = client.get(sent(client, path, form_of(client, path), score="1").location).text
    form = re.findall(r'name="form" value="([^"]+)"', page)[0]

    assert 303 == sent(client, path, form, comment="\x00The queue\x00 was \x1b[31mlong.\x00").status_code
    assert ["The queue was [31mlong."] == [survey.comment for survey in scene.surveys()]


def test_answering_the_same_form_twice_is_one_answer(client: FlaskClient, links: Links, scene: Scene) -> None:
    path = links.to_place("parcel-slip")
    form = form_of(client, path)
    for _ in range(3):
        sent(client, path, form, score="9")

    assert [9] == [survey.score for survey in scene.surveys()]


@pytest.mark.parametrize("score", ["11", "-1", "99999", "seven", "", "4.5"])
def test_a_score_out_of_range_is_refused(client: FlaskClient, links: Links, scene: Scene, score: str) -> None:
    path = links.to_place("parcel-slip")
    answer = sent(client, path, form_of(client, path), score=score)

    assert 422 == answer.status_code
    assert "Choose an answer first." in answer.text
    assert [] == scene.surveys()


def test_a_forged_link_shows_nothing(client: FlaskClient, links: Links, scene: Scene) -> None:
    real = links.to_place("parcel-slip")
    forged = (
        Links("another key of thirty-two characters", "").to_place("parcel-slip"),
        real[:-1] + ("A" if real[-1] != "A" else "B"),
        "/s/rubbish",
        "/s/" + "A" * 3000,
        links.to_place("never-made"),
    )
    for path in forged:
        assert 404 == client.get(path).status_code
        assert 404 == sent(client, path, form_of(client, real), score="9").status_code
    assert [] == scene.surveys()


def test_a_forged_form_is_refused(client: FlaskClient, links: Links, scene: Scene) -> None:
    path, other = links.to_place("parcel-slip"), links.to_place("desk-card")

    assert 404 == sent(client, path, "rubbish", score="9").status_code
    assert 404 == sent(client, path, form_of(client, other), score="5").status_code
    assert [] == scene.surveys()


def test_a_flood_of_scores_is_stopped(client: FlaskClient, links: Links, scene: Scene) -> None:
    path = links.to_place("parcel-slip")
    codes = [sent(client, path, form_of(client, path), score="0").status_code for _ in range(70)]

    assert 60 == codes.count(303)
    assert 10 == codes.count(429)
    assert 60 == len(scene.surveys())
    # Another place's question is answered on the same tablet.
    other = links.to_place("desk-card")
    assert 303 == sent(client, other, form_of(client, other), score="5").status_code


def test_what_is_no_answer_takes_nobodys_place(client: FlaskClient, links: Links, scene: Scene) -> None:
    path = links.to_place("parcel-slip")
    for _ in range(70):
        assert 422 == sent(client, path, form_of(client, path), score="seven").status_code
    assert 303 == sent(client, path, form_of(client, path), score="9").status_code


def test_a_conversations_survey_is_answered_by_its_link_once(client: FlaskClient, links: Links, scene: Scene) -> None:
    conversation = scene.ended()
    path = links.to_survey(scene.survey(conversation))
    sent(client, path, form_of(client, path), score="2")
    assert (2, "link") == (scene.survey(conversation).score, scene.survey(conversation).answered_in)
    assert 1 == len(scene.follow_ups())

    assert "You have answered this before." in client.get(path).text
    assert 1 == len(scene.surveys())


@pytest.mark.parametrize(("state", "skipped"), [("due", None), ("skipped", "went_on")])
def test_an_answer_by_a_link_is_kept_whatever_has_become_of_the_question_in_the_chat(
    client: FlaskClient, links: Links, scene: Scene, state: str, skipped: str | None
) -> None:
    conversation = scene.ended()
    not_asked = {"state": state, "skipped": skipped, "awaiting": None, "asked_at": None, "expires_at": None}
    scene.change(lambda session: session.query(Survey).update(not_asked))
    path = links.to_survey(scene.survey(conversation))
    answered = sent(client, path, form_of(client, path), score="6")

    survey = scene.survey(conversation)
    assert "Thank you for your answer." in client.get(answered.location).text
    assert ("answered", 6, None, "link") == (survey.state, survey.score, survey.skipped, survey.answered_in)
    assert survey.asked_at == survey.answered_at is not None
    # Nothing is asked any more, and an answer in the chat is found beside it.
    thread = scene.thread(conversation)
    scene.rounds()
    assert thread == scene.thread(conversation)


def test_a_removed_link_leads_nowhere(client: FlaskClient, links: Links, scene: Scene) -> None:
    scene.settings(links={})

    assert (
        "This link leads nowhere." in client.get(links.to_place("parcel-slip"), headers={"Accept-Language": "en"}).text
    )


def test_an_answer_by_link_belongs_to_no_customer(client: FlaskClient, links: Links, scene: Scene) -> None:
    path = links.to_place("desk-card")
    sent(client, path, form_of(client, path), score="1")

    with scene.database.reading() as session:
        assert 1 == session.query(Survey).filter(Survey.conversation_id.is_(None)).count()
    assert [] == scene.follow_ups()
