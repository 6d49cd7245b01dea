"""What nobody gets by stealing, keeping or making up at the door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from db import Database
from staff.guard import safe_path
from staff.sessions import StaffSession
from tests.staff import PASSWORD, client_of, csrf_token, edda, mira

COOKIE = "handrail_staff"
NEW = "another kettle, by the door"


def sign_in(client: FlaskClient, **more: str):  # type: ignore[no-untyped-def]
    form = {"email": "mira@fennimor.example", "password": PASSWORD, "csrf_token": csrf_token(client, "/staff/sign-in")}
    return client.post("/staff/sign-in", data=form | more)


def thief_of(app: Flask, client: FlaskClient) -> FlaskClient:
    """Somebody with a copy of this client's cookies."""
    thief = app.test_client()
    for name in (COOKIE, "handrail_page"):
        if cookie := client.get_cookie(name):
            thief.set_cookie(name, cookie.value)
    return thief


def test_a_cookie_cant_be_used_after_signing_out(app: Flask, client: FlaskClient, database: Database) -> None:
    mira(database)
    sign_in(client)
    thief = thief_of(app, client)
    assert 200 == thief.get("/staff/account").status_code
    client.post("/staff/sign-out", data={"csrf_token": csrf_token(client, "/staff/account")})

    assert 302 == thief.get("/staff/account").status_code


def test_a_stolen_cookie_cant_be_used_after_the_password_was_changed(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    mira(database)
    sign_in(client)
    thief = thief_of(app, client)
    form = {"old": PASSWORD, "new": NEW, "csrf_token": csrf_token(client, "/staff/account")}
    assert 303 == client.post("/staff/account/password", data=form).status_code

    assert 302 == thief.get("/staff/account").status_code
    assert 200 == client.get("/staff/account").status_code


def test_a_stolen_cookie_cant_change_the_password_without_the_old_one(
    app: Flask, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # More than the guesses take, however busy the machine is.
    monkeypatch.setattr("staff.attempts.FIRST_WAIT", timedelta(minutes=5))
    mira(database)
    sign_in(client)
    thief = thief_of(app, client)
    outcomes = []
    for number in range(8):
        form = {"old": f"guess number {number}", "new": NEW, "csrf_token": csrf_token(thief, "/staff/account")}
        outcomes.append("too often" in thief.post("/staff/account/password", data=form).text)
    assert [False] * 6 + [True] * 2 == outcomes


def test_a_session_cant_be_fixed_before_signing_in(app: Flask, client: FlaskClient, database: Database) -> None:
    mira(database)
    client.set_cookie(COOKIE, "chosen-by-the-attacker")
    before = csrf_token(client, "/staff/sign-in")
    sign_in(client)
    cookie = client.get_cookie(COOKIE)

    assert cookie is not None
    assert "chosen-by-the-attacker" != cookie.value
    assert 400 == client.post("/staff/sign-out", data={"csrf_token": before}).status_code
    attacker = app.test_client()
    attacker.set_cookie(COOKIE, "chosen-by-the-attacker")
    assert 302 == attacker.get("/staff/account").status_code


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\n//evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_a_link_to_the_door_cant_lead_to_another_site(client: FlaskClient, database: Database, target: str) -> None:
    assert safe_path(target) is None
    mira(database)
    answer = sign_in(client, next=target)

    assert 303 == answer.status_code
    assert "/staff/" == answer.location


def test_who_wanted_a_page_of_ours_is_led_there(client: FlaskClient, database: Database) -> None:
    mira(database)
    wanted = client.get("/staff/account?in=person").location
    assert "/staff/sign-in?next=/staff/account?in%3Dperson" == wanted

    assert "/staff/account?in=person" == sign_in(client, next="/staff/account?in=person").location


def test_somebody_elses_session_cant_be_ended(app: Flask, database: Database) -> None:
    hers, theirs = mira(database), client_of(app, database, edda(database))
    client_of(app, database, hers)
    with database.reading() as session:
        handle = session.scalars(select(StaffSession.token_hash).filter_by(user_id=hers.id)).one()
    for path in (f"/staff/account/sessions/{handle}", "/staff/account/sessions/others"):
        theirs.post(path, data={"csrf_token": csrf_token(theirs, "/staff/account")})

    with database.reading() as session:
        assert handle == session.scalars(select(StaffSession.token_hash).filter_by(user_id=hers.id)).one()


@pytest.mark.parametrize(
    "text", ["\0", "\ud83d", "x" * 100_000, "'; DROP TABLE staff_user; --", "<script>alert(1)</script>"]
)
def test_what_no_person_types_cant_break_the_door(client: FlaskClient, database: Database, text: str) -> None:
    mira(database)
    typed = text.encode("utf-8", "surrogatepass")
    token = csrf_token(client, "/staff/sign-in")
    for form in ({"email": typed, "password": PASSWORD}, {"email": "mira@fennimor.example", "password": typed}):
        answer = client.post("/staff/sign-in", data=form | {"csrf_token": token})
        assert 422 == answer.status_code
        assert "<script>alert" not in answer.text
    assert 302 == client.get("/staff/account", headers={"Cookie": f"{COOKIE}={'x' * 5000}"}).status_code
