"""The gate: what public doors notice of it, which is nothing, and what every page of staff is like."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from tests.cast import echo
from tests.staff import client_of, mira


def test_a_public_page_knows_no_cookie(client: FlaskClient) -> None:
    for path in ("/chat", "/widget/config", "/health"):
        answer = client.get(path)
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "Set-Cookie" not in answer.headers


def test_public_doors_ask_for_no_token_of_a_form(client: FlaskClient) -> None:
    answer = client.post("/webhooks/rest/webhook", json={"message": "Hello"})

    assert 200 == answer.status_code


def test_a_page_of_staff_is_framed_by_nobody_and_kept_by_nobody(app: Flask, database: Database) -> None:
    client = client_of(app, database, mira(database))
    for path in ("/staff/account", "/staff/sign-in", "/staff/"):
        headers = client.get(path).headers
        assert "no-store" == headers["Cache-Control"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_under_https_the_cookies_are_sent_only_there(sqlite_database: Database) -> None:
    mira(sqlite_database)
    served = wire_web(Settings(public_url="https://help.fennimor.example"), sqlite_database, echo)
    try:
        client = served.app.test_client()
        page = client.get("/staff/sign-in", base_url="https://help.fennimor.example")
        set_cookie = page.headers["Set-Cookie"]
    finally:
        served.stop()
    assert set_cookie.startswith("__Host-handrail_page=")
    for sign in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert sign in set_cookie


def test_a_script_is_told_in_json_that_nobody_is_signed_in(client: FlaskClient) -> None:
    answer = client.get("/staff/account", headers={"Accept": "application/json"})

    assert 401 == answer.status_code
    assert answer.json is not None
    assert "signed_out" == answer.json["reason"]
