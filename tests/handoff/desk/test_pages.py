"""The desk's pages: they work without any script, are kept from everybody else, and safe with what customers send."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from urllib3.filepost import encode_multipart_formdata

from channels.conversation import Message, agent
from db import Database, utc_now
from handoff.desk.deeds import DEEDS, Done
from handoff.desk.opened import find_visible
from handoff.drafts import Draft
from handoff.finding import NotYours
from handoff.noting import note
from staff.people import User
from staff.teams import Team
from tests.handoff.desk_scene import Scene, attached, in_team, says
from tests.staff import client_of, csrf_token

JSON = {"Accept": "application/json"}


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (4, 4), "teal").save(made, "PNG")
    return made.getvalue()


PNG = picture()
LARGE = PNG + bytes(2_000_000)
"""What a decoder ignores behind the picture counts as well."""


class Desk:
    """A signed-in browser at the desk."""

    def __init__(self, app: Flask, database: Database, user: User) -> None:
        self.client: FlaskClient = client_of(app, database, user)
        self.database = database

    def get(self, path: str) -> Any:
        return self.client.get(f"/desk/{path}", headers=JSON)

    def page(self, path: str) -> str:
        return self.client.get(f"/desk/{path}").text

    def post(self, path: str, **form: Any) -> Any:
        token = csrf_token(self.client, "/staff/account")
        return self.client.post(f"/desk/{path}", data=form, headers={**JSON, "X-CSRFToken": token})


@pytest.fixture
def mira(app: Flask, scene: Scene) -> Desk:
    return Desk(app, scene.database, scene.mira)


@pytest.fixture
def waiting(scene: Scene) -> str:
    return says(scene.database, "anna", "A person please <b>now</b>", utc_now() - timedelta(minutes=5))


def messages(database: Database, conversation_id: str) -> list[str]:
    with database.reading() as session:
        query = select(Message.text).filter_by(conversation_id=conversation_id).order_by(Message.seq)
        return list(session.scalars(query))


def test_a_verb_that_postgresql_has_sent_away_is_tried_again(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = says(scene.database, "anna", "A person please", utc_now() - timedelta(minutes=5))
    claim, outcomes = DEEDS["claim"], [deadlock_detected()]

    def unlucky(*asked: Any) -> Done:
        done = claim(*asked)
        if outcomes:
            raise outcomes.pop()
        return done

    monkeypatch.setitem(DEEDS, "claim", unlucky)
    assert 200 == Desk(app, scene.database, scene.mira).post(f"conversations/{waiting}/claim").status_code
    with scene.database.reading() as session:
        assert agent(scene.mira.id) == find_visible(session, scene.mira, waiting).owner


def test_it_is_shown_who_helped_them_before(app: Flask, scene: Scene) -> None:
    waiting = says(scene.database, "anna", "A person please", utc_now() - timedelta(minutes=5))
    desk = Desk(app, scene.database, scene.mira)
    with scene.database.transaction() as session:
        find_visible(session, scene.mira, waiting).agent_id = scene.ben.id

    assert "Was with Ben Okafor before" in desk.page(f"waiting/{waiting}")


def deadlock_detected() -> OperationalError:
    original = Exception()
    original.pgcode = "40P01"  # type: ignore[attr-defined]
    return OperationalError("deadlock detected", None, original)


def test_the_desk_can_be_read_without_any_script(mira: Desk, waiting: str) -> None:
    page = mira.page(f"waiting/{waiting}")

    assert "A person please &lt;b&gt;now&lt;/b&gt;" in page
    assert f'href="/desk/waiting/{waiting}"' in page
    assert "The bot called for a person: Asked for a person" in page


def test_it_begins_with_ones_own_and_else_with_who_waits(mira: Desk, waiting: str) -> None:
    assert "/desk/waiting" == mira.client.get("/desk").location
    mira.post(f"conversations/{waiting}/claim")
    assert "/desk/mine" == mira.client.get("/desk").location


def test_a_plain_form_sends_a_reply_and_comes_back(mira: Desk, waiting: str) -> None:
    form = {
        "text": "Hello Anna",
        "channel": "web",
        "seen_seq": "9",
        "csrf_token": csrf_token(mira.client, "/staff/account"),
    }
    answer = mira.client.post(f"/desk/conversations/{waiting}/reply", data=form)

    assert (302, f"/desk/all/{waiting}") == (answer.status_code, answer.location)
    assert "Hello Anna" == messages(mira.database, waiting)[-1]


def test_the_plain_forms_own_choice_of_a_way_is_understood(mira: Desk, waiting: str) -> None:
    assert 200 == mira.post(f"conversations/{waiting}/reply", text="Hello", way="web|", seen_seq="9").status_code


def test_two_agents_take_it_and_the_second_is_told_who_has_it(
    app: Flask, mira: Desk, scene: Scene, waiting: str
) -> None:
    assert mira.post(f"conversations/{waiting}/claim").json["ok"]
    refused = Desk(app, scene.database, scene.ben).post(f"conversations/{waiting}/claim")

    assert (409, "taken", "Mira Vogt") == (refused.status_code, refused.json["reason"], refused.json["name"])
    assert "Mira Vogt was faster and has it now." == refused.json["error"]


def test_who_writes_over_the_customer_is_warned_once(mira: Desk, scene: Scene, waiting: str) -> None:
    seen = mira.get(f"api/conversations/{waiting}").json["state"]["customer_seq"]
    says(scene.database, "anna", "And one thing more", utc_now())
    form = {"text": "Hello", "channel": "web", "seen_seq": seen}

    assert "meanwhile" == mira.post(f"conversations/{waiting}/reply", **form).json["reason"]
    assert "Hello" not in messages(scene.database, waiting)
    assert mira.post(f"conversations/{waiting}/reply", **form, anyway="yes").json["ok"]


def test_bad_input_gets_a_sentence_and_changes_nothing(mira: Desk, waiting: str) -> None:
    before = messages(mira.database, waiting)
    for verb, form in {
        "reply": {"text": " ", "channel": "web"},
        "resolve": {"reason": "because"},
        "snooze": {"until": "yesterday"},
        "priority": {"priority": "9"},
        "tag": {"tag": "!!"},
        "transfer": {"to": "user:nobody"},
        "note": {"text": ""},
    }.items():
        answer = mira.post(f"conversations/{waiting}/{verb}", **form)
        assert (422, True) == (answer.status_code, answer.json["error"].endswith(".")), verb
    assert before == messages(mira.database, waiting)


def test_what_was_done_says_how_it_is_undone(mira: Desk, waiting: str) -> None:
    mira.post(f"conversations/{waiting}/claim")
    done = mira.post(f"conversations/{waiting}/resolve", reason="solved", seen_seq="99").json
    assert ("Closed.", "reopen") == (done["said"], done["undo"]["verb"])

    assert mira.post(f"conversations/{waiting}/{done['undo']['verb']}", **done["undo"]["fields"]).json["ok"]
    assert mira.get(f"api/conversations/{waiting}").json["state"]["is_own"]


def test_given_to_another_team_it_is_gone_and_cant_be_had_back(mira: Desk, scene: Scene, waiting: str) -> None:
    with scene.database.reading() as session:
        returns = session.scalars(select(Team.id).filter_by(name="Returns")).one()
    mira.post(f"conversations/{waiting}/claim")
    done = mira.post(f"conversations/{waiting}/transfer", to=f"team:{returns}", note="It is yours")

    assert ("Given to Returns.", None) == (done.json["said"], done.json["undo"])
    assert 404 == mira.get(f"api/conversations/{waiting}").status_code


def test_a_draft_is_there_in_another_browser(app: Flask, mira: Desk, scene: Scene, waiting: str) -> None:
    mira.post(f"api/conversations/{waiting}/draft", kind="reply", text="Hello An")
    mira.post(f"api/conversations/{waiting}/draft", kind="note", text="is it")
    elsewhere = Desk(app, scene.database, scene.mira)

    expected = {"reply": "Hello An", "note": "is it"}
    assert expected == elsewhere.get(f"api/conversations/{waiting}").json["state"]["drafts"]
    assert {"reply": "", "note": ""} == Desk(app, scene.database, scene.ben).get(f"api/conversations/{waiting}").json[
        "state"
    ]["drafts"]
    mira.post(f"api/conversations/{waiting}/draft", kind="note", text=" ")
    with scene.database.reading() as session:
        assert ["Hello An"] == list(session.scalars(select(Draft.text)))


def test_a_reply_by_sms_is_counted_and_nothing_is_said(mira: Desk, waiting: str) -> None:
    counted = mira.post(f"api/conversations/{waiting}/as-sms", text="Hello **Anna**")

    assert {"encoding": "GSM-7", "units": 10, "count": 1} == counted.json
    assert "Hello **Anna**" not in messages(mira.database, waiting)
    assert 404 == mira.post("api/conversations/nobody/as-sms", text="Hello").status_code


def test_what_enter_does_is_kept_for_each_agent(app: Flask, mira: Desk, scene: Scene) -> None:
    assert '"enter_sends": false' in mira.page("waiting")
    mira.post("api/settings", enter_sends="yes", is_admin="yes")

    assert '"enter_sends": true' in Desk(app, scene.database, scene.mira).page("waiting")
    assert '"enter_sends": false' in Desk(app, scene.database, scene.ben).page("waiting")
    with scene.database.reading() as session:
        assert {"enter_sends": True} == session.get(User, scene.mira.id).settings


def test_files_go_along_with_a_reply_and_too_many_dont(mira: Desk, waiting: str) -> None:
    def reply(files: int) -> Any:
        # Not by the client's own way: it leaves a temporary file open.
        fields = [("text", "See here"), ("channel", "web"), ("seen_seq", "9")]
        fields += [("files", (f"{number}.png", LARGE, "image/png")) for number in range(files)]
        body, content_type = encode_multipart_formdata(fields)
        headers = {**JSON, "X-CSRFToken": csrf_token(mira.client, "/staff/account")}
        path = f"/desk/conversations/{waiting}/reply"
        return mira.client.post(path, data=body, content_type=content_type, headers=headers)

    refused = reply(6)
    assert (422, "too_many_files") == (refused.status_code, refused.json["reason"])
    assert "See here" not in messages(mira.database, waiting)
    assert reply(2).json["ok"]
    assert 2 == mira.page(f"mine/{waiting}").count('class="picture"')


def test_what_a_customer_sent_runs_nowhere(mira: Desk, scene: Scene, waiting: str) -> None:
    page = attached(scene, waiting, b"<script>alert(1)</script>", "text/html")
    picture = attached(scene, waiting, PNG, "image/png")
    answer = mira.client.get(f"/desk/attachments/{page}")

    assert "default-src 'none'; sandbox" == answer.headers["Content-Security-Policy"]
    assert "nosniff" == answer.headers["X-Content-Type-Options"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert mira.client.get(f"/desk/attachments/{picture}").headers["Content-Disposition"].startswith("inline")
    assert 404 == mira.client.get("/desk/attachments/nothing").status_code


def test_another_teams_conversation_cant_be_reached_by_any_door(
    app: Flask, mira: Desk, scene: Scene, waiting: str
) -> None:
    file = attached(scene, waiting, PNG, "image/png")
    with scene.database.transaction() as session:
        note(session, scene.sam, waiting, "@Mira Vogt look, the frother", utc_now())
    in_team(scene, waiting, "Returns")
    doors = (f"all/{waiting}", f"mentions/{waiting}", f"attachments/{file}", f"api/conversations/{waiting}")
    for door in (*doors, *(f"api/conversations/{waiting}/{piece}" for piece in ("entries", "news", "insert"))):
        assert 404 == mira.get(door).status_code, door
    verbs = "claim transfer release give_back resolve reopen snooze wake tag untag priority block unblock note reply"
    for verb in verbs.split():
        form = {"text": "x", "channel": "web", "reason": "solved", "tag": "x", "priority": "1", "until": "2030-01-01"}
        assert 404 == mira.post(f"conversations/{waiting}/{verb}", **form).status_code, verb
    for piece in ("draft", "as-sms"):
        assert 404 == mira.post(f"api/conversations/{waiting}/{piece}", text="x").status_code
    for listed in ("waiting", "all", "mentions", "closed", "search"):
        assert [] == mira.get(f"api/lists/{listed}?q=frother").json["rows"], listed
    assert {waiting: None} == mira.get(f"api/lists/all/changes?ids={waiting}").json["rows"]
    assert 200 == Desk(app, scene.database, scene.carla).get(f"api/conversations/{waiting}").status_code
    with scene.database.reading() as session, pytest.raises(NotYours):
        find_visible(session, scene.mira, waiting)


def test_what_no_database_takes_as_an_id_is_not_there(mira: Desk) -> None:
    for path in ("waiting/%00", "api/conversations/%00", "follow-ups/%00"):
        assert 404 == mira.get(path).status_code, path


def test_an_editor_and_a_stranger_see_no_desk(app: Flask, scene: Scene, waiting: str) -> None:
    with scene.database.transaction() as session:
        session.get(User, scene.mira.id).role = "editor"  # type: ignore[union-attr]
    editor, stranger = client_of(app, scene.database, scene.mira), app.test_client()
    for path in ("/desk", "/desk/waiting", f"/desk/all/{waiting}", f"/desk/api/conversations/{waiting}"):
        assert 403 == editor.get(path, headers=JSON).status_code, path
        assert 401 == stranger.get(path, headers=JSON).status_code, path


def test_a_forged_form_is_refused(mira: Desk, waiting: str) -> None:
    answer = mira.client.post(f"/desk/conversations/{waiting}/claim", headers=JSON)

    assert 400 <= answer.status_code < 500
    assert not mira.get(f"api/conversations/{waiting}").json["state"]["is_own"]


def test_a_form_leads_back_to_the_desk_and_nowhere_else(mira: Desk, waiting: str) -> None:
    token = csrf_token(mira.client, "/staff/account")
    for back in ("https://evil.example/", "//evil.example", "/desk/\\evil", "/staff/account"):
        form = {"csrf_token": token, "tag": "x", "back": back}
        answer = mira.client.post(f"/desk/conversations/{waiting}/tag", data=form)
        assert f"/desk/all/{waiting}" == answer.location, back


def test_the_desk_speaks_german_to_whoever_does(app: Flask, scene: Scene, waiting: str) -> None:
    with scene.database.transaction() as session:
        session.get(User, scene.ben.id).locale = "de"  # type: ignore[union-attr]
    page = Desk(app, scene.database, scene.ben).page(f"waiting/{waiting}")

    assert "Der Bot hat einen Menschen gerufen" in page
    assert "Übernehmen" in page


def test_no_address_of_the_desk_breaks_on_what_somebody_types(mira: Desk, waiting: str) -> None:
    for path in ("nothing", "api/lists/nothing", "all/nothing", "api/conversations/nothing/entries"):
        assert 404 == mira.get(path).status_code, path
    for query in ("priority=x&sla=x&team=%00", "after=1,2,3&q=%22*", "tag=" + "x" * 5000):
        assert 200 == mira.get(f"api/lists/waiting?{query}").status_code, query
    for edge in ("m1", "@", "x9@2026", "m1@not", "m99999999999999999999@2026-11-16T09:00:00+00:00"):
        assert 200 == mira.get(f"api/conversations/{waiting}/entries?before={edge}&after={edge}").status_code, edge
