"""Must answer: all questions asked with what is being written, and broken ones waived with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from knowledge.checking import Waiver
from knowledge.drafts import fields_of, find_draft, save_draft
from knowledge.publishing import live_of
from tests.cast import MONDAY
from tests.knowledge.checking.texts import HOW_LONG, live, thief
from tests.knowledge.editor.asking.desk import WINDOW, Desk

CHRISTMAS = "en/christmas-returns"
BREAD = "How do I bake bread?"


@pytest.fixture
def draft(desk: Desk) -> Desk:
    """Of an article that breaks a question of another one."""
    desk.knowledge.publish(live(desk.knowledge, "return-window", must_answer=(HOW_LONG,)))
    with desk.knowledge.database.transaction() as session:
        save_draft(session, "christmas-returns", "en", fields_of(thief()), now=MONDAY)
    return desk


def reasons(desk: Desk) -> list[str]:
    with desk.knowledge.database.reading() as session:
        return list(session.scalars(select(Waiver.reason)))


def live_id(session: Session, article_id: str) -> int:
    live = live_of(session, article_id, "en")
    assert live
    return live.id


def waive(desk: Desk, verb: str = "give", script: bool = True, **changes: Any) -> TestResponse:
    """As the draft's page sends it, of the other article's question."""
    form = {"article": "return-window", "article_locale": "en", "question": HOW_LONG, "must": "answer"}
    headers = {"X-CSRFToken": desk.token} | ({"Accept": "application/json"} if script else {"Accept": "text/html"})
    return desk.client.post(f"/editor/waivers/{verb}/{CHRISTMAS}", data=form | changes, headers=headers)


def test_questions_that_hold_are_shown_so(desk: Desk) -> None:
    found = desk.check(must_answer=[HOW_LONG]).get_json()

    assert (0, 1) == (found["stopping"], found["asked"])
    assert "One question was asked, and it holds." in found["html"]


def test_a_broken_question_is_shown_with_what_was_answered_instead(desk: Desk) -> None:
    found = desk.check(must_answer=[HOW_LONG, BREAD]).get_json()

    assert 1 == found["stopping"]
    assert "Nothing was answered, confidence 0.0" in found["html"]
    assert "One question is broken and stops the publication." in found["html"]


def test_a_question_of_another_article_is_shown_with_its_article(draft: Desk) -> None:
    found = draft.check(CHRISTMAS).get_json()

    assert 1 == found["stopping"]
    assert "Of other articles, broken by this text" in found["html"]
    assert "/editor/articles/en/return-window#must" in found["html"]
    assert "How long can I return something bought before Christmas?" in found["html"]


def test_without_a_script_the_questions_are_asked_on_a_page(draft: Desk) -> None:
    page = draft.fill_in(f"checks/{CHRISTMAS}", title="Christmas", must_answer=f"{BREAD}\n\n")

    assert 200 == page.status_code
    assert "2 questions are broken and stop the publication." in page.text


def test_waived_with_a_reason_it_stops_nothing_and_can_be_taken_back(draft: Desk) -> None:
    assert "waived until it holds again" in waive(draft, reason="Christmas first.").get_json()["done"]
    found = draft.check(CHRISTMAS).get_json()
    assert (0, True) == (found["stopping"], "Christmas first. (Edda Storm, " in found["html"])

    assert 200 == waive(draft, "end").status_code
    assert ([], 1) == (reasons(draft), draft.check(CHRISTMAS).get_json()["stopping"])


def test_without_a_script_a_waiver_leads_back_to_the_questions(draft: Desk) -> None:
    answer = waive(draft, script=False, reason="Christmas first.")
    assert (303, f"/editor/checks/{CHRISTMAS}?done=done_waived") == (answer.status_code, answer.location)

    page = draft.client.get(answer.location)
    assert "The question is waived until it holds again." in page.text


@pytest.mark.parametrize("reason", ["", "   ", "a" * 501])
def test_a_question_cant_be_waived_without_a_reason(draft: Desk, reason: str) -> None:
    by_script, by_form = waive(draft, reason=reason), waive(draft, script=False, reason=reason)

    assert (422, 422) == (by_script.status_code, by_form.status_code)
    assert by_script.get_json()["error"] in by_form.text
    assert [] == reasons(draft)


@pytest.mark.parametrize(
    "changes", [{"question": BREAD}, {"must": "not_answer"}, {"article": "nowhere"}, {"article_locale": "de"}]
)
def test_what_nobody_asks_cant_be_waived(draft: Desk, changes: dict[str, str]) -> None:
    refused = waive(draft, reason="Because.", **changes)

    assert (422, []) == (refused.status_code, reasons(draft))


def test_in_review_what_was_broken_before_is_listed_and_waived_at_once(desk: Desk) -> None:
    asked = live(desk.knowledge, "return-window", must_answer=(HOW_LONG, BREAD))
    desk.knowledge.publish(asked, thief())
    with desk.knowledge.database.transaction() as session:
        save_draft(session, "invoice", "en", fields_of(live(desk.knowledge, "invoice", title="Your bill")), now=MONDAY)
        shown = {"version": str(find_draft(session, "invoice", "en").version), "live": str(live_id(session, "invoice"))}

    stopped = desk.fill_in("life/publish/en/invoice", **shown)
    assert 422 == stopped.status_code
    for said in (HOW_LONG, BREAD, "Broken before already", "/editor/articles/en/return-window#must", "Waive all 2"):
        assert said in stopped.text
    named = {"article": ["return-window"] * 2, "article_locale": ["en"] * 2, "must": ["answer"] * 2}
    form = named | {"question": [HOW_LONG, BREAD], "review": "en/invoice", "reason": "", "csrf_token": desk.token}
    assert (422, []) == (desk.client.post("/editor/waivers/all", data=form).status_code, reasons(desk))
    waived = desk.client.post("/editor/waivers/all", data=form | {"reason": "Christmas first."})
    assert "/editor/review/en/invoice?questions=1&done=done_all_waived#questions" == waived.location
    assert "What is broken is waived. Nothing stops the publication." in desk.client.get(waived.location).text
    assert ["Christmas first."] * 2 == reasons(desk)
    assert 303 == desk.fill_in("life/publish/en/invoice", **shown).status_code


def test_a_single_one_is_waived_in_review_and_leads_back_there(draft: Desk) -> None:
    page = draft.client.get("/editor/review/en/christmas-returns?questions=1")
    assert "Of other articles, broken by this text" in page.text
    answer = waive(draft, script=False, reason="Christmas first.", review=CHRISTMAS)
    assert f"/editor/review/{CHRISTMAS}?questions=1&done=done_waived#questions" == answer.location


def test_a_waiver_cant_lead_elsewhere(draft: Desk) -> None:
    answer = waive(draft, script=False, reason="Christmas first.", review="//evil.example/x")
    assert f"/editor/checks/{CHRISTMAS}?done=done_waived" == answer.location


def test_all_that_is_broken_among_what_is_live_stands_on_a_page(desk: Desk) -> None:
    assert "One question" not in desk.client.get("/editor/questions").text
    desk.knowledge.publish(live(desk.knowledge, "return-window", must_answer=(HOW_LONG,)), thief())
    page = desk.client.get("/editor/questions").text
    assert HOW_LONG in page
    sent = {"article": "return-window", "article_locale": "en", "must": "answer", "question": HOW_LONG}
    answer = desk.fill_in("waivers/all", **sent, reason="Christmas first.")
    assert ("/editor/questions?done=done_all_waived", ["Christmas first."]) == (answer.location, reasons(desk))


def test_a_bulk_change_is_stopped_by_what_was_broken_and_says_where_it_stands(desk: Desk) -> None:
    desk.knowledge.publish(live(desk.knowledge, "return-window", must_answer=(HOW_LONG,)), thief())
    answer = desk.fill_in("", key="en/invoice", deed="tag_add", change_tag="paper")
    assert (422, True) == (answer.status_code, "/editor/questions" in answer.text)


def test_before_it_goes_it_is_told_what_nobody_will_answer(desk: Desk) -> None:
    desk.knowledge.publish(live(desk.knowledge, "return-window", must_answer=(HOW_LONG,)))
    desk.knowledge.withdraw("return-window", "de")
    page = desk.client.get("/editor/gone/archive/en/return-window")
    assert (200, True) == (page.status_code, HOW_LONG in page.text)


def test_a_reason_cant_become_markup(draft: Desk) -> None:
    waive(draft, reason="<script>alert(1)</script>")

    assert "<script" not in draft.check(CHRISTMAS).get_json()["html"]


@pytest.mark.parametrize(
    "fields",
    [
        {"must_answer": "one"},
        {"must_answer": [7]},
        {"must_answer": ["a" * 501]},
        {"must_answer": [f"Question {number}" for number in range(51)]},
        {"must_answer": [HOW_LONG], "must_not_answer": [HOW_LONG]},
    ],
)
def test_what_are_no_questions_cant_be_asked(desk: Desk, fields: dict[str, Any]) -> None:
    refused = desk.check(WINDOW, **fields)

    assert 422 == refused.status_code
    assert refused.get_json()["error"]
