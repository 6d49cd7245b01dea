"""Whether an article helped: a form, its answer and a reason; nobody else's pages can send it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from knowledge.help import centre as centre_module
from knowledge.help.centre import HelpCentre
from knowledge.help.feedback import Feedback

FORM = "/help/en/feedback/return-an-item"
PAGE = "/help/en/articles/return-an-item"


def given(centre: HelpCentre) -> list[Feedback]:
    with centre.database.reading() as session:
        return list(session.scalars(select(Feedback)))


def send(client: FlaskClient, **form: str) -> Any:
    return client.post(FORM, data=form, headers={"Origin": "http://localhost"})


def test_a_yes_is_thanked_for(client: FlaskClient, shop: HelpCentre) -> None:
    answered = send(client, helped="yes")
    [feedback] = given(shop)

    assert (303, f"{PAGE}?feedback=thanks#feedback") == (answered.status_code, answered.location)
    assert (True, "return-an-item", "en", None) == (
        feedback.helped, feedback.article_id, feedback.locale, feedback.reason,
    )  # fmt: skip
    assert "Good to know that this helped" in client.get(answered.location).text


def test_a_no_is_asked_why_and_then_thanked_for(client: FlaskClient, shop: HelpCentre) -> None:
    asked = send(client, helped="no")
    page = client.get(asked.location).text
    [feedback] = given(shop)
    answered = send(client, id=feedback.id, reason="wrong", comment=" It is <b>60</b> days.\x00\r\n")
    [explained] = given(shop)

    assert "What was missing?" in page
    assert f'name="id" value="{feedback.id}"' in page
    assert (303, f"{PAGE}?feedback=told#feedback") == (answered.status_code, answered.location)
    assert (False, "wrong", "It is <b>60</b> days.") == (explained.helped, explained.reason, explained.comment)
    assert "goes to the people who write" in client.get(answered.location).text


def test_a_comment_without_a_reason_is_taken_and_nothing_at_all_is_not(client: FlaskClient, shop: HelpCentre) -> None:
    send(client, helped="no")
    [feedback] = given(shop)
    refused = send(client, id=feedback.id, comment="  ")
    assert (400, True) == (refused.status_code, "Please choose a reason" in refused.text)

    assert 303 == send(client, id=feedback.id, comment="No idea what a label is.").status_code
    assert "other" == given(shop)[0].reason


def test_a_long_comment_comes_back_to_be_shortened(client: FlaskClient, shop: HelpCentre) -> None:
    send(client, helped="no")
    [feedback] = given(shop)
    refused = send(client, id=feedback.id, reason="unclear", comment="<script>" + "x" * 1000)

    assert (400, True) == (refused.status_code, "longer than 1000 characters" in refused.text)
    assert "&lt;script&gt;xxx" in refused.text
    assert 'value="unclear" checked' in refused.text
    assert given(shop)[0].reason is None


def test_a_reason_is_given_once_and_soon(
    client: FlaskClient, shop: HelpCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, helped="no")
    [feedback] = given(shop)
    now = centre_module.utc_now()
    with monkeypatch.context() as later:
        later.setattr(centre_module, "utc_now", lambda: now + timedelta(hours=2))
        assert 410 == send(client, id=feedback.id, reason="wrong").status_code
    assert 303 == send(client, id=feedback.id, reason="wrong").status_code
    assert 410 == send(client, id=feedback.id, reason="unclear").status_code
    assert "wrong" == given(shop)[0].reason


@pytest.mark.parametrize("form", [{}, {"helped": "maybe"}, {"helped": "<script>"}])
def test_a_form_that_says_nothing_changes_nothing(client: FlaskClient, shop: HelpCentre, form: dict[str, str]) -> None:
    assert 400 == send(client, **form).status_code
    assert [] == given(shop)


@pytest.mark.parametrize("id", ["", "x", "../..", "00000000-0000-0000-0000-000000000000", "' OR 1=1 --"])
def test_nobody_can_explain_what_they_did_not_say(client: FlaskClient, shop: HelpCentre, id: str) -> None:
    send(client, helped="no")
    assert send(client, id=id, reason="wrong").status_code in (400, 410)
    assert given(shop)[0].reason is None


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example", ""])
def test_another_sites_page_cant_vote(client: FlaskClient, shop: HelpCentre, origin: str) -> None:
    answered = client.post(FORM, data={"helped": "yes"}, headers={"Origin": origin})
    hidden = client.post(FORM, data={"helped": "yes"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert (403, 403) == (answered.status_code, hidden.status_code)
    assert "only be sent from our own pages" in answered.text
    assert [] == given(shop)


@pytest.mark.usefixtures("one_moment")
def test_a_network_address_cant_flood_the_feedback(client: FlaskClient, shop: HelpCentre) -> None:
    answered = [send(client, helped="no") for _ in range(12)]

    assert [303] * 10 + [429] * 2 == [each.status_code for each in answered]
    assert "wait a minute" in answered[-1].text
    assert 10 == len(given(shop))


def test_an_article_that_is_not_there_takes_no_feedback(client: FlaskClient, shop: HelpCentre) -> None:
    shop.knowledge.withdraw("return-an-item", "en")
    shop.knowledge.withdraw("return-an-item", "de")

    assert 410 == send(client, helped="yes").status_code
    assert 404 == client.post("/help/en/feedback/nothing", data={"helped": "yes"}).status_code
    assert 404 == client.get("/help/en/feedback/return-an-item").status_code
    assert [] == given(shop)
