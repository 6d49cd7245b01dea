"""What the page with the phone asks of the server, without a browser."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from threading import Timer
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.rest import Client

from channels.phone import views
from channels.phone.simulator import TwilioSimulator
from channels.phone.views import make_blueprint
from tests.phone import ANNA, SMS_NUMBER, WHATSAPP_NUMBER, Product, add_people

FILE = {"name": "look.png", "type": "image/png", "data": b64encode(b"\x89PNG").decode()}


@pytest.fixture
def page(simulator: TwilioSimulator) -> FlaskClient:
    add_people(simulator)
    simulator.phone(ANNA, "Anna")
    app = Flask("phone", static_folder=None)
    app.register_blueprint(make_blueprint(simulator, "Fennimor"))
    return app.test_client()


def state(page: FlaskClient, phone: str = ANNA, **asked: Any) -> dict[str, Any]:
    shown: dict[str, Any] = page.get("/phone/api/state", query_string={"phone": phone, **asked}).get_json()
    return shown


def ask(page: FlaskClient, what: str, **asked: Any) -> tuple[int, dict[str, Any]]:
    answer = page.post(f"/phone/api/{what}", json=asked)
    return answer.status_code, answer.get_json()


def test_what_is_sent_on_the_page_comes_to_the_product_and_is_shown(
    page: FlaskClient, simulator: TwilioSimulator, product: Product
) -> None:
    said = {"phone": ANNA, "channel": "whatsapp", "to": WHATSAPP_NUMBER, "body": "Hi", "media": [FILE]}
    assert (200, {"ok": True}) == ask(page, "send", **said)
    assert simulator.settle()
    thread = state(page)["threads"][1]

    assert ("Hi", "1") == (product.messages()[0]["Body"], product.messages()[0]["NumMedia"])
    assert ["Hi"] == [message["body"] for message in thread["messages"]]
    assert "delivered" == thread["messages"][0]["status"]
    assert thread["window"] is not None
    file = page.get(f"/phone/media/{thread['messages'][0]['media'][0]['token']}")
    assert (b"\x89PNG", "image/png") == (file.data, file.mimetype)


def test_a_page_that_knows_the_latest_hears_of_the_next_at_once(
    page: FlaskClient, simulator: TwilioSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "POLL_SECONDS", 60)
    version = state(page)["version"]
    Timer(0.2, simulator.forward, [timedelta(hours=5)]).start()
    began = monotonic()
    newer = state(page, after=version)

    assert newer["version"] > version
    assert 5 * 3600 == newer["ahead"]
    assert monotonic() - began < 30  # Sooner than the page would be answered without news.


def test_what_came_is_unread_until_it_is_looked_at(
    page: FlaskClient, simulator: TwilioSimulator, client: Client
) -> None:
    client.messages.create(to=ANNA, from_=SMS_NUMBER, body="Hello")
    assert simulator.settle()
    assert 1 == state(page)["threads"][0]["unread"]
    ask(page, "read", phone=ANNA, channel="sms", to=SMS_NUMBER)
    assert 0 == state(page)["threads"][0]["unread"]


def test_what_did_not_arrive_is_told_with_its_reason(
    page: FlaskClient, simulator: TwilioSimulator, client: Client
) -> None:
    client.messages.create(to=f"whatsapp:{ANNA}", from_=f"whatsapp:{WHATSAPP_NUMBER}", body="Too late")
    assert simulator.settle()
    (failed,) = state(page)["failed"]
    assert (63016, "Too late") == (failed["code"], failed["body"])
    assert [] == state(page, phone="+491713920022")["failed"]


def test_webhooks_are_listed_newest_first_when_asked_for(page: FlaskClient, simulator: TwilioSimulator) -> None:
    for text in ("first", "second"):
        ask(page, "send", phone=ANNA, channel="sms", to=SMS_NUMBER, body=text)
    assert simulator.settle()

    assert state(page)["webhooks"] is None
    listed = state(page, log="1")["webhooks"]
    assert [("second", 200), ("first", 200)] == [(one["params"]["Body"], one["status"]) for one in listed]


@pytest.mark.parametrize("written", ["+49 171 3920033", "0049 (171) 392-0033", "+491713920033"])
def test_a_phone_is_added_however_its_number_is_written(
    page: FlaskClient, simulator: TwilioSimulator, written: str
) -> None:
    assert 200 == ask(page, "phones", address=written, name="Dora")[0]
    assert "Dora" == simulator.phone("+491713920033").name


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("phones", {"address": "0171 3920033", "name": "Dora"}),
        ("phones", {"address": SMS_NUMBER, "name": "Us"}),
        ("phones", {"address": 7}),
        ("send", {"phone": ANNA, "channel": "sms", "to": SMS_NUMBER, "body": ""}),
        ("send", {"phone": ANNA, "channel": "sms", "to": "+4915735989999", "body": "Hi"}),
        ("send", {"phone": ANNA, "channel": "sms", "to": SMS_NUMBER, "body": "x" * 4097}),
        ("send", {"phone": ANNA, "channel": "sms", "to": SMS_NUMBER, "body": ["Hi"]}),
        ("send", {"phone": ANNA, "channel": "sms", "to": SMS_NUMBER, "media": ["no file"]}),
        ("send", {"phone": ANNA, "channel": "sms", "to": SMS_NUMBER, "media": [FILE | {"data": "%"}]}),
        ("send", {"phone": ANNA, "channel": "sms", "to": SMS_NUMBER, "media": [FILE] * 11}),
        ("send", {"phone": ANNA, "channel": "whatsapp", "to": WHATSAPP_NUMBER, "location": {"latitude": "north"}}),
        ("send", {"phone": "BR.1503998877665544", "channel": "sms", "to": SMS_NUMBER, "body": "Hi"}),
        ("choose", {"phone": ANNA, "sid": "SM0", "index": 0}),
        ("forward", {"hours": -1}),
        ("forward", {"hours": 1e9}),
        ("forward", {"hours": True}),
        ("faults", {"unknown": 0.5}),
        ("faults", {"delay": 2}),
        ("faults", {"delay": "often"}),
    ],
)
def test_what_cant_be_done_is_refused_with_a_sentence(
    page: FlaskClient, simulator: TwilioSimulator, what: str, asked: dict[str, Any]
) -> None:
    status, said = ask(page, what, **asked)
    assert (400, True) == (status, said["error"].endswith("."))
    assert ([], timedelta()) == (simulator.messages, simulator.clock.ahead)


def test_a_refusal_is_in_the_language_of_the_page(page: FlaskClient) -> None:
    answer = page.post("/phone/api/forward?locale=de", json={"hours": -1})
    assert answer.get_json()["error"].startswith("Die Zeit geht nur vorwärts")


def test_another_sites_form_cant_send_a_message(page: FlaskClient, simulator: TwilioSimulator) -> None:
    said = '{"phone": "+491713920011", "channel": "sms", "to": "+4915735980001", "body": "Hi"}'
    for content_type in ("text/plain", "application/x-www-form-urlencoded"):
        assert 400 == page.post("/phone/api/send", data=said, content_type=content_type).status_code
    assert [] == simulator.messages


def test_a_file_cant_become_a_page_of_ours(page: FlaskClient, simulator: TwilioSimulator) -> None:
    evil = FILE | {"type": "text/html", "data": b64encode(b"<script>alert(1)</script>").decode()}
    worse = FILE | {"type": "text/html\r\nX-Evil: yes"}
    ask(page, "send", phone=ANNA, channel="sms", to=SMS_NUMBER, media=[evil, worse])
    for medium in simulator.messages[0].media:
        answer = page.get(f"/phone/media/{medium.token}")
        assert ("attachment", "nosniff") == (
            answer.headers["Content-Disposition"],
            answer.headers["X-Content-Type-Options"],
        )
        assert "X-Evil" not in answer.headers
    assert 404 == page.get("/phone/media/guessed").status_code
