"""An article's life in the browser's eyes: every step as a form, by role, without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from sqlalchemy import func, select

from app.editing import open_editor
from app.settings import Settings
from app.wiring import add_help_centre, wire_web
from db import utc_now
from knowledge.articles import Revision, Translation
from knowledge.drafts import save_draft, seen_of
from knowledge.editor.life.deeds import DEEDS
from knowledge.editor.life.words import DONE, FIELDS, REFUSED, STAGES, WORDS
from knowledge.help.centre import HelpCentre
from knowledge.life.comments import comments_of
from tests.cast import echo
from tests.knowledge.life.conftest import KEY, Room
from tests.knowledge.shop import article, found
from tests.staff import client_of, csrf_token

SETTINGS = Settings(company="Fennimor")


def roof(room: Room, settings: Settings = SETTINGS) -> Iterator[Flask]:
    served = wire_web(settings, room.database, echo)
    centre = HelpCentre(room.knowledge, MemoryStorage())
    add_help_centre(served.app, settings, centre)
    open_editor(served.app, settings, room.knowledge, centre)
    yield served.app
    served.stop()


@pytest.fixture
def app(room: Room) -> Iterator[Flask]:
    yield from roof(room)


@pytest.fixture
def strict(room: Room) -> Iterator[Flask]:
    """Where somebody else has to approve."""
    yield from roof(room, Settings(company="Fennimor", article_review="required"))


@pytest.fixture
def edda(app: Flask, room: Room) -> FlaskClient:
    return client_of(app, room.database, room.edda)


@pytest.fixture
def emil(app: Flask, room: Room) -> FlaskClient:
    return client_of(app, room.database, room.emil)


def post(client: FlaskClient, verb: str, article_id: str = KEY[0], **form: Any) -> Any:
    """As a form of the review page sends it."""
    token = csrf_token(client, "/staff/account")
    return client.post(f"/editor/life/{verb}/en/{quote(article_id)}", data={"csrf_token": token} | form)


def shown(client: FlaskClient, article_id: str = KEY[0]) -> dict[str, str]:
    """What the form on the review page was made for."""
    page = client.get(f"/editor/review/en/{quote(article_id)}").text
    return {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("version", "live")}  # type: ignore[index]


def published(room: Room) -> int:
    with room.database.reading() as session:
        return session.scalar(select(func.count(Revision.id))) or 0


def test_an_article_is_submitted_reviewed_and_published_without_a_script(strict: Flask, room: Room) -> None:
    edda, emil = (client_of(strict, room.database, one) for one in (room.edda, room.emil))
    room.write(room.edda)
    page = edda.get("/editor/review/en/return-an-item").text
    assert WORDS["en"]["must_be_approved"] in page
    assert WORDS["en"]["publish"] not in page
    assert 303 == post(edda, "submit", note="New label").status_code
    assert WORDS["en"]["approve_own"] in edda.get("/editor/review/en/return-an-item").text

    assert 303 == post(emil, "comment", text="Which label?", quote="Print the label").status_code
    assert 303 == post(emil, "approve", **shown(emil)).status_code
    answer = post(edda, "publish", note="New label, since May", **shown(edda))
    assert 303 == answer.status_code
    assert DONE["en"]["publish"] in edda.get(answer.location).text
    assert ["return-an-item"] == found(room.knowledge.snapshot, "label")
    history = edda.get("/editor/history/en/return-an-item").text
    assert "New label, since May" in history
    assert "Edda Storm" in history
    assert "Emil Roth" in history


def test_an_editor_cant_approve_their_own_draft_when_that_is_required(strict: Flask, room: Room) -> None:
    edda = client_of(strict, room.database, room.edda)
    room.write(room.edda)
    post(edda, "submit")
    answer = post(edda, "approve", **shown(edda))
    assert (422, True) == (answer.status_code, REFUSED["en"]["own_text"] in answer.text)
    answer = post(edda, "publish", **shown(edda))
    assert (422, True) == (answer.status_code, REFUSED["en"]["must_be_approved"] in answer.text)
    assert 0 == published(room)


def test_an_agent_cant_open_any_of_it(app: Flask, room: Room) -> None:
    room.write(room.edda)
    mira = client_of(app, room.database, room.mira)
    for path in ("review", "history", "life/panel"):
        assert 403 == mira.get(f"/editor/{path}/en/return-an-item").status_code
    assert 403 == mira.get("/editor/revisions/en/1/return-an-item").status_code
    for verb in (*DEEDS, "publish"):
        assert 403 == post(mira, verb, version="1").status_code
    assert 0 == published(room)


@pytest.mark.parametrize("who", ["edda", "susanne"])
def test_every_page_opens_for_whoever_may_edit(app: Flask, room: Room, who: str) -> None:
    room.knowledge.publish(article())
    room.write(room.edda, title="Second")
    client = client_of(app, room.database, getattr(room, who))
    for path in (
        "/editor/review/en/return-an-item",
        "/editor/history/en/return-an-item",
        "/editor/history/en/return-an-item?from=1&to=draft",
        "/editor/history/en/return-an-item?from=live&to=draft",
        "/editor/revisions/en/1/return-an-item",
        "/editor/life/panel/en/return-an-item",
    ):
        assert 200 == client.get(path).status_code, path


def test_a_forged_form_cant_publish(edda: FlaskClient, room: Room) -> None:
    room.write(room.edda)
    form = shown(edda)
    for token in ({}, {"csrf_token": "forged"}):
        assert 400 == edda.post("/editor/life/publish/en/return-an-item", data=form | token).status_code
    assert 0 == published(room)


def test_another_version_than_was_seen_cant_be_published_by_a_form(edda: FlaskClient, room: Room) -> None:
    room.write(room.edda)
    seen = shown(edda)
    room.write(room.emil, title="Nobody has read this")
    for form in (seen, {}, {"version": "x"}, {"version": seen["version"], "live": "12345"}):
        answer = post(edda, "publish", **form)
        assert (409, True) == (answer.status_code, REFUSED["en"]["changed_meanwhile"] in answer.text)
    assert 0 == published(room)


def test_a_revision_of_another_article_cant_be_restored_by_a_form(edda: FlaskClient, room: Room) -> None:
    room.knowledge.publish(article())
    room.knowledge.publish(article(title="Second"))
    room.knowledge.publish(article(id="another"))
    for number in ("2", "0", "-1", "99999999999999999999", "x", ""):
        answer = post(edda, "restore", "another", number=number, **shown(edda, "another"))
        assert (422, True) == (answer.status_code, REFUSED["en"]["no_publication"] in answer.text), number
    assert 404 == edda.get("/editor/revisions/en/2/another").status_code


def test_hostile_words_are_shown_as_they_were_written(edda: FlaskClient, emil: FlaskClient, room: Room) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    room.knowledge.publish(article(title="Before"))
    room.write(room.edda, title=evil, body=f"{evil}\n\n[x](javascript:alert(1))", questions=[evil])
    post(emil, "comment", text=evil, quote=evil)
    for path in (
        "/editor/review/en/return-an-item",
        "/editor/history/en/return-an-item?from=1&to=draft",
        "/editor/life/panel/en/return-an-item",
    ):
        page = edda.get(path).text
        assert "&lt;script&gt;" in page
        for forbidden in ("<script>alert", "<img src=x", 'href="javascript:'):
            assert forbidden not in page, path
    refused = post(emil, "comment", text=evil * 100)
    assert (422, False) == (refused.status_code, "<script>alert" in refused.text)


def test_what_was_typed_is_still_there_after_a_refusal(edda: FlaskClient, room: Room) -> None:
    room.write(room.edda)
    answer = post(edda, "schedule", note="For the sale", at="2020-01-01T09:00", zone="Europe/Berlin", **shown(edda))
    assert 422 == answer.status_code
    assert REFUSED["en"]["time_past"] in answer.text
    for typed in ("For the sale", "2020-01-01T09:00", "Europe/Berlin"):
        assert typed in answer.text


def test_a_time_is_set_where_the_browser_is_and_cancelled(edda: FlaskClient, room: Room) -> None:
    room.write(room.edda)
    at = (utc_now() + timedelta(days=10)).strftime("%Y-%m-%dT09:00")
    assert 303 == post(edda, "schedule", note="", at=at, zone="Pacific/Auckland", **shown(edda)).status_code
    assert room.draft.publish_at is not None
    assert 20 <= room.draft.publish_at.hour <= 21
    assert WORDS["en"]["goes_live"] in edda.get("/editor/review/en/return-an-item").text
    assert 303 == post(edda, "cancel-time").status_code
    assert None is room.draft.publish_at


def test_a_question_that_would_be_broken_is_named_with_its_article(edda: FlaskClient, room: Room) -> None:
    room.write(room.edda, must_answer=["How do I bake bread?"])
    answer = post(edda, "publish", note="Hungry", **shown(edda))
    assert 422 == answer.status_code
    assert "How do I bake bread?" in answer.text
    assert "One question is broken and stops the publication." in answer.text
    assert "Hungry" in answer.text
    assert 0 == published(room)


def test_what_stopped_a_publication_is_said_in_the_language_of_whoever_looks(
    edda: FlaskClient, app: Flask, room: Room
) -> None:
    draft = room.write(room.edda)
    with room.database.transaction() as session:
        session.merge(draft).stopped = {"reason": "broken", "values": {"count": 2}, "at": "", "by": None}
        session.merge(room.emil).locale = "de"
    page = edda.get("/editor/review/en/return-an-item").text
    assert REFUSED["en"]["broken"].format(count=2) in page
    assert "/editor/review/en/return-an-item?questions=1#questions" in page
    german = client_of(app, room.database, room.emil).get("/editor/review/en/return-an-item").text
    assert REFUSED["de"]["broken"].format(count=2) in german


def test_what_is_not_finished_is_said_in_german(app: Flask, room: Room) -> None:
    with room.database.transaction() as session:
        session.merge(room.edda).locale = "de"
    room.write(room.edda)
    with room.database.transaction() as session:
        save_draft(session, *KEY, {"title": ""}, seen_of(session, *KEY))
    client = client_of(app, room.database, room.edda)
    answer = post(client, "submit")
    assert (422, True) == (answer.status_code, "Der Entwurf ist noch nicht fertig: Der Titel fehlt." in answer.text)


def test_asked_for_changes_withdrawn_archived_owned_and_looked_at(
    edda: FlaskClient, emil: FlaskClient, room: Room
) -> None:
    room.write(room.edda)
    post(edda, "submit")
    assert 303 == post(emil, "ask-for-changes", text="Which label?").status_code
    with room.database.reading() as session:
        [(said, _)] = comments_of(session, *KEY)
    assert 303 == post(edda, "resolve", comment=str(said.id)).status_code
    assert 303 == post(edda, "reopen", comment=str(said.id)).status_code
    assert 303 == post(edda, "publish", **shown(edda)).status_code
    assert 303 == post(emil, "owner", owner=room.edda.id).status_code
    assert 303 == post(emil, "review", months="6", on="").status_code
    assert 303 == post(emil, "still-right").status_code
    assert 422 == post(emil, "review", months="x").status_code
    assert 422 == post(emil, "review", months="6", on="soon").status_code
    with room.database.reading() as session:
        translation = session.get(Translation, KEY)
        assert (room.edda.id, 6) == (translation.owner_id, translation.review_months)
    before = emil.get("/editor/gone/withdraw/en/return-an-item")
    assert (200, True) == (before.status_code, WORDS["en"]["nothing_missed"] in before.text)
    assert 303 == post(emil, "withdraw").status_code
    assert 303 == emil.get("/editor/gone/withdraw/en/return-an-item").status_code
    assert [] == found(room.knowledge.snapshot, "label")
    assert 303 == post(emil, "archive").status_code
    assert STAGES["en"]["archived"] in emil.get("/editor/review/en/return-an-item").text
    assert 303 == post(emil, "unarchive").status_code


def test_a_discarded_article_that_was_never_live_leads_back_to_the_list(edda: FlaskClient, room: Room) -> None:
    room.write(room.edda)
    assert "/editor/?done=discard" == post(edda, "discard", **shown(edda)).location
    assert 404 == edda.get("/editor/review/en/return-an-item").status_code


def test_two_publications_are_compared_and_the_first_restored(edda: FlaskClient, room: Room) -> None:
    room.knowledge.publish(article())
    room.knowledge.publish(article(title="Send an item back", internal=True))
    page = edda.get("/editor/history/en/return-an-item?from=1&to=2").text
    assert "<del>Return</del><ins>Send</ins> an item<ins> back</ins>" in page
    assert f"<del>{FIELDS['en']['False']}</del> <ins>{FIELDS['en']['True']}</ins>" in page
    answer = post(edda, "restore", number="1", **shown(edda))
    assert 303 == answer.status_code
    assert ("Return an item", "As in publication 1") == (room.draft.title, room.draft.note)
    seen_again = edda.get("/editor/revisions/en/1/return-an-item").text
    assert "Return an item" in seen_again
    assert WORDS["en"]["as_seen"] in seen_again


def test_what_is_not_there_to_compare_is_no_error(edda: FlaskClient, room: Room) -> None:
    room.knowledge.publish(article())
    for asked in ("from=7&to=1", "from=x&to=%00", "from=draft&to=draft", "from=1", "page=x", "from=²&to=1"):
        assert 200 == edda.get(f"/editor/history/en/return-an-item?{asked}").status_code, asked
    assert 404 == edda.get("/editor/history/en/return-an-item?page=2").status_code
    assert 404 == edda.get("/editor/history/en/nothing").status_code
    assert 404 == edda.get("/editor/review/en/nothing").status_code


def test_an_id_with_slashes_and_umlauts_has_its_pages(edda: FlaskClient, room: Room) -> None:
    name = "konto/3/größe & mehr?"
    room.knowledge.publish(article(id=name))
    for path in ("review/en", "history/en", "revisions/en/1", "life/panel/en"):
        assert 200 == edda.get(f"/editor/{path}/{quote(name)}").status_code
    room.write(room.edda, id=name, title="Second")
    answer = post(edda, "publish", name, **shown(edda, name))
    assert 303 == answer.status_code
    assert 200 == edda.get(answer.location).status_code


def test_both_languages_say_the_same() -> None:
    for words in (WORDS, STAGES, FIELDS, REFUSED, DONE):
        assert words["en"].keys() == words["de"].keys()
        for key in words["en"]:
            names = [sorted(re.findall(r"\{(\w+)\}", words[one][key])) for one in ("en", "de")]
            assert names[0] == names[1], key


def test_every_step_that_was_taken_is_said(room: Room) -> None:
    assert DONE["en"].keys() == {*DEEDS, "publish"}
