"""Ask it: the bot's answer to what is being written, with its reasons, for scripts and without."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from knowledge.articles import Embedding, Revision
from knowledge.drafts import ArticleDraft
from tests.knowledge.checking.texts import HOW_LONG, WIE_LANGE
from tests.knowledge.editor.asking.desk import WINDOW, Desk
from tests.staff import client_of, csrf_token, mira

SENT = "You have 100 days, and nobody asks why."


def stored(desk: Desk) -> list[int]:
    with desk.knowledge.database.reading() as session:
        return [
            int(session.scalar(select(func.count()).select_from(one)) or 0)
            for one in (ArticleDraft, Revision, Embedding)
        ]


def test_what_is_not_saved_yet_is_asked_and_nothing_is_stored(desk: Desk) -> None:
    before = stored(desk)
    answered = desk.ask(HOW_LONG, fields={"short_answer": SENT}).get_json()

    assert ("answer", ["return-window"], HOW_LONG) == (answered["kind"], answered["articles"], answered["question"])
    assert SENT in answered["html"]
    assert before == stored(desk)


def test_every_channel_and_every_reason_is_shown(desk: Desk) -> None:
    html = desk.ask("How do I print a return label?").get_json()["html"]

    for shown in ("Chat", "WhatsApp", "SMS", "2 segments", "GSM-7", "it answers from 0.65", "Found by meaning and by"):
        assert shown in html
    assert "“label”" in html
    assert "Another article answers: How to return an item" in html


def test_a_follow_up_goes_on_from_the_answer_before(desk: Desk) -> None:
    first = desk.ask("How often should I descale the machine?", "en/descale-machine").get_json()
    context = {"previous_question": first["question"], "previous_articles": first["articles"]}
    second = desk.ask("how long does it take?", "en/descale-machine", **context).get_json()

    assert ["descale-machine"] == second["articles"]
    assert "Searched for: How often should I descale the machine? how long does it take?" in second["html"]


def test_a_german_question_is_answered_in_german_whatever_language_the_article_has(desk: Desk) -> None:
    answered = desk.ask(WIE_LANGE).get_json()

    assert ["return-window"] == answered["articles"]
    assert 'lang="de"' in answered["html"]


def test_an_internal_article_is_asked_as_colleagues_do_and_says_so(desk: Desk) -> None:
    answered = desk.ask(HOW_LONG, fields={"internal": True}).get_json()

    assert ["return-window"] == answered["articles"]
    assert "customers never do" in answered["html"]


def test_what_is_a_matter_for_people_says_so(desk: Desk) -> None:
    answered = desk.ask(HOW_LONG, fields={"tags": ["people-only"]}).get_json()

    assert "hands over instead of saying this" in answered["html"]


def test_without_a_script_the_answer_comes_on_a_page_and_the_next_question_goes_on_from_it(desk: Desk) -> None:
    form = {"title": "Return window", "short_answer": SENT, "ask_question": HOW_LONG}
    page = desk.fill_in(f"ask/{WINDOW}", **form)

    assert 200 == page.status_code
    assert SENT in page.text
    assert f'name="previous_question" value="{HOW_LONG}"' in page.text
    assert f'name="short_answer" value="{SENT}"' in page.text


def test_a_page_without_a_question_says_what_is_missing(desk: Desk) -> None:
    page = desk.fill_in(f"ask/{WINDOW}", ask_question=" ")

    assert (422, True) == (page.status_code, "Please write a question." in page.text)


def test_an_unfinished_text_says_what_it_lacks(desk: Desk) -> None:
    refused = desk.ask(HOW_LONG, fields={"title": ""})

    assert (422, "The title is missing.") == (refused.status_code, refused.get_json()["error"])


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        "question",
        {"question": HOW_LONG},
        {"fields": [], "question": HOW_LONG},
        {"fields": {"title": 7}, "question": HOW_LONG},
        {"fields": {"title": None}, "question": HOW_LONG},
        {"fields": {"questions": "one"}, "question": HOW_LONG},
        {"fields": {"must_answer": [{}]}, "question": HOW_LONG},
        {"fields": {"internal": "yes"}, "question": HOW_LONG},
        {"fields": {"colour": "red"}, "question": HOW_LONG},
        {"fields": {}, "question": 7},
        {"fields": {}, "question": None},
        {"fields": {}},
        {"fields": {}, "question": "?!"},
        {"fields": {}, "question": "a" * 100_000},
        {"fields": {}, "question": HOW_LONG, "previous_question": "a" * 100_000},
        {"fields": {}, "question": HOW_LONG, "previous_question": ["a"]},
        {"fields": {}, "question": HOW_LONG, "previous_articles": "a"},
        {"fields": {}, "question": HOW_LONG, "previous_articles": [{}]},
        {"fields": {"body": "a" * 300_000}, "question": HOW_LONG},
    ],
)
def test_what_is_no_question_to_a_text_cant_be_asked(desk: Desk, sent: Any) -> None:
    refused = desk.send(f"api/ask/{WINDOW}", sent)

    assert 422 == refused.status_code
    assert refused.get_json()["error"].endswith((".", "!"))


def test_json_that_is_none_cant_break_it(desk: Desk) -> None:
    headers = {"X-CSRFToken": desk.token, "Accept": "application/json"}
    refused = desk.client.post(f"/editor/api/ask/{WINDOW}", data=b'{"fields": ', headers=headers)

    assert 422 == refused.status_code


def test_marks_in_a_question_and_a_text_cant_become_markup(desk: Desk) -> None:
    attack = "<script>alert(1)</script> how long can I return something"
    html = desk.ask(
        attack, fields={"short_answer": "<img src=x onerror=alert(1)>", "title": "<b>Return</b> window"}
    ).get_json()["html"]

    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html


def test_an_article_that_isnt_there_cant_be_asked(desk: Desk) -> None:
    assert 404 == desk.ask(HOW_LONG, "en/nowhere").status_code
    assert 404 == desk.ask(HOW_LONG, "fr/return-window").status_code


def test_nobody_can_ask_from_another_site(desk: Desk) -> None:
    refused = desk.client.post(f"/editor/api/ask/{WINDOW}", json={"fields": {}, "question": HOW_LONG})

    assert 400 == refused.status_code


def test_an_agent_cant_ask(roof: Flask, desk: Desk) -> None:
    client = client_of(roof, desk.knowledge.database, mira(desk.knowledge.database))

    assert 403 == Desk(client, desk.knowledge).ask(HOW_LONG).status_code


def test_who_has_signed_out_cant_ask(desk: Desk) -> None:
    token = csrf_token(desk.client, "/staff/account")
    desk.client.post("/staff/sign-out", data={"csrf_token": token})
    headers = {"X-CSRFToken": csrf_token(desk.client, "/staff/sign-in"), "Accept": "application/json"}
    refused = desk.client.post(f"/editor/api/ask/{WINDOW}", json={"fields": {}, "question": HOW_LONG}, headers=headers)

    assert 401 == refused.status_code
