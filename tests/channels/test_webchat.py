"""The web chat over Rasa's Socket.IO and REST protocols, with real sockets' events and a bot that echoes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_socketio import SocketIO, SocketIOTestClient
from sqlalchemy import func, select

from app.settings import Settings
from app.wiring import Served, wire_web
from channels.conversation import Message
from db import Database
from tests.cast import echo

SETTINGS = Settings(
    visitor_rate="1000/minute", network_rate="1000/minute", rest_token="server-token", message_chars=500
)


@pytest.fixture
def served(sqlite_database: Database) -> Iterator[Served]:
    served = wire_web(SETTINGS, sqlite_database, echo)
    yield served
    served.stop()


@pytest.fixture
def client(served: Served) -> FlaskClient:
    return served.app.test_client()


class Page:
    """A browser's page with a socket: what it was sent, and its session."""

    def __init__(self, served: Served, **request: Any) -> None:
        socketio: SocketIO = served.app.extensions["socketio"]
        self.socket: SocketIOTestClient = socketio.test_client(served.app)
        self.confirmed = self.socket.emit("session_request", request, callback=True)
        self.session = self.confirmed["session_id"]

    def say(self, text: object, **more: Any) -> Any:
        return self.socket.emit("user_uttered", {"message": text, "session_id": self.session, **more}, callback=True)

    def heard(self, *names: str) -> list[dict[str, Any]]:
        """All it was sent so far, or what has one of these names.

        Nothing is taken out of the queue: what a thread of the server adds meanwhile would be lost.
        """
        return [event for event in list(self.socket.queue) if not names or event["name"] in names]

    def wait_for(self, name: str, times: int = 1) -> list[Any]:
        """The bodies of so many events of this name."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = [event["args"] for event in self.heard(name)]
            if len(found) >= times:
                return [args[0] if isinstance(args, list) else args for args in found]
            time.sleep(0.01)
        raise AssertionError(f"{name} came {len(found)} times, not {times}: {self.heard()}")


def test_a_page_gets_a_session_and_its_answer(served: Served) -> None:
    page = Page(served)
    assert [page.session] == page.wait_for("session_confirm")

    taken = page.say("Where is my parcel?")

    [reply] = page.wait_for("bot_uttered")
    assert (True, 1) == (taken["ok"], taken["seq"])
    numbers = reply["metadata"]
    assert ("1: Where is my parcel?", 2, "bot") == (reply["text"], numbers["seq"], numbers["author"])
    assert [{"content_type": "text", "title": "Yes, it helped", "payload": "/helped"}] == reply["quick_replies"]


def test_a_page_that_comes_back_is_sent_what_it_missed(served: Served) -> None:
    page = Page(served)
    page.say("one")
    page.say("two")
    [first, *_] = page.wait_for("bot_uttered")
    page.socket.disconnect()
    time.sleep(0.3)

    again = Page(served, session_id=page.session, thread=first["metadata"]["thread"], after=1)

    [missed] = again.wait_for("thread")
    assert page.session == again.session
    assert "one" not in [message["text"] for message in missed]
    assert [2, 3, 4][: len(missed)] == [message["metadata"]["seq"] for message in missed][:3]


def test_a_second_tab_sees_both_sides(served: Served) -> None:
    page = Page(served)
    tab = Page(served, session_id=page.session)

    page.say("hello", message_id="own-1")

    [said] = tab.wait_for("user_said")
    assert ("hello", "own-1") == (said["text"], said["metadata"]["message_id"])
    assert "1: hello" == tab.wait_for("bot_uttered")[0]["text"]


def test_the_same_message_sent_twice_is_answered_once(served: Served, sqlite_database: Database) -> None:
    page = Page(served)
    first = page.say("hello", message_id="own-1")
    page.wait_for("bot_uttered")
    again = page.say("hello", message_id="own-1")
    time.sleep(0.3)

    assert first == again
    assert 2 == messages(sqlite_database)


def messages(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Message)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "empty"), ("  \n", "empty"), (None, "not_text"), (["a"], "not_text"), ("x" * 100_000, "too_long")],
)
def test_what_is_no_message_is_refused_with_a_sentence(
    served: Served, sqlite_database: Database, text: object, reason: str
) -> None:
    page = Page(served)
    taken = page.say(text, customData={"locale": "de-AT"})

    assert (False, reason) == (taken["ok"], taken["reason"])
    assert page.wait_for("refused")[0]["text"] == taken["error"]
    assert taken["error"].startswith("D")  # German, as the page is
    assert 0 == messages(sqlite_database)


@pytest.mark.parametrize("data", [None, [], "text", 7, {}, {"session_id": 7, "message": "x"}])
def test_a_packet_of_any_shape_is_answered_and_changes_nothing(
    served: Served, sqlite_database: Database, data: object
) -> None:
    page = Page(served)
    taken = page.socket.emit("user_uttered", data, callback=True)

    assert (False, "forged") == (taken["ok"], taken["reason"])
    assert page.socket.emit("session_request", data, callback=True)["is_new"]
    assert 0 == messages(sqlite_database)


@pytest.mark.parametrize("after", [10**30, -1, 1.5, "1", None])
def test_a_page_may_claim_to_know_anything(served: Served, after: object) -> None:
    page = Page(served)
    thread = page.say("hello")["thread"]
    page.wait_for("bot_uttered")
    page.socket.emit("session_request", {"session_id": page.session, "thread": thread, "after": after})

    assert [1, 2] == [message["metadata"]["seq"] for message in page.wait_for("thread")[0]]


def test_more_than_one_body_is_no_harm(served: Served) -> None:
    page = Page(served)
    body = {"message": "hello", "session_id": page.session}

    assert page.socket.emit("user_uttered", body, body, callback=True)["ok"]


def test_a_visitor_cant_speak_in_a_session_they_forged(served: Served, sqlite_database: Database) -> None:
    page = Page(served)
    # Not the last character: some of its bits are padding.
    page.session = page.session[:-4] + ("AAAA" if page.session[-4:] != "AAAA" else "BBBB")

    assert "forged" == page.say("hello")["reason"]
    assert 0 == messages(sqlite_database)


def test_a_visitor_cant_hear_or_read_another_ones_conversation(served: Served) -> None:
    anna, ben = Page(served), Page(served)
    anna.say("my secret")
    [reply] = anna.wait_for("bot_uttered")
    ben.socket.emit("session_request", {"session_id": ben.session, "thread": reply["metadata"]["thread"], "after": 0})

    assert [[]] == ben.wait_for("thread")
    time.sleep(0.2)
    assert [] == ben.heard("bot_uttered", "user_said")


@pytest.mark.usefixtures("one_moment")
def test_a_visitor_who_sends_too_much_is_told_to_wait(sqlite_database: Database) -> None:
    served = wire_web(replace(SETTINGS, visitor_rate="3/minute"), sqlite_database, echo)
    page = Page(served)
    taken = [page.say(f"message {n}") for n in range(5)]
    served.stop()

    assert [True, True, True, False, False] == [one["ok"] for one in taken]
    assert "too_many" == taken[-1]["reason"]


@pytest.mark.usefixtures("one_moment")
def test_new_sessions_cant_buy_more_messages(sqlite_database: Database) -> None:
    served = wire_web(replace(SETTINGS, network_rate="3/minute"), sqlite_database, echo)
    taken = [Page(served).say("hello")["ok"] for _ in range(5)]
    served.stop()

    assert [True, True, True, False, False] == taken


def rest(client: FlaskClient, body: object, **headers: str) -> Any:
    return client.post("/webhooks/rest/webhook", json=body, headers=headers)


def test_a_server_with_the_token_speaks_rasas_rest_protocol(client: FlaskClient) -> None:
    answered = rest(client, {"sender": "shop-17", "message": "hello"}, Authorization="Bearer server-token")

    [reply] = answered.get_json()
    assert ("shop-17", "1: hello") == (reply["recipient_id"], reply["text"])
    assert [{"title": "Yes, it helped", "payload": "/helped"}] == reply["buttons"]
    again = rest(client, {"sender": "shop-17", "message": "more"}, Authorization="Bearer server-token")
    assert "2: more" == again.get_json()[0]["text"]


def test_a_caller_without_a_sender_gets_a_session_to_go_on_with(client: FlaskClient) -> None:
    [reply] = rest(client, {"message": "hello"}).get_json()
    [next_reply] = rest(client, {"sender": reply["recipient_id"], "message": "more"}).get_json()

    assert ["1: hello", "2: more"] == [reply["text"], next_reply["text"]]


def test_a_server_cant_name_a_sender_that_no_database_takes(client: FlaskClient) -> None:
    answered = rest(client, {"sender": "a\0b", "message": "hello"}, Authorization="Bearer server-token")

    assert 401 == answered.status_code


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "server-token2"])
def test_a_caller_cant_name_a_sender_without_the_token(client: FlaskClient, token: str) -> None:
    answered = rest(client, {"sender": "shop-17", "message": "hello"}, Authorization=token)

    assert 401 == answered.status_code
    assert "recipient_id" in answered.get_json()["error"]


@pytest.mark.parametrize("body", [None, [], "text", {"message": ""}, {"message": 7}, {"sender": None}])
def test_rest_refuses_what_is_no_message_with_a_sentence(client: FlaskClient, body: object) -> None:
    answered = rest(client, body)

    assert 400 == answered.status_code
    assert answered.get_json()["error"].endswith((".", "?"))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b'{"message": "hi"', "application/json"),
        (bytes(range(256)), "application/json"),
        (b"[" * 100_000 + b"]" * 100_000, "application/json"),
        (b'{"message": "hi"}', "text/plain"),
    ],
    ids=["empty", "cut off", "binary", "nested", "not said to be JSON"],
)
def test_rest_says_in_words_that_a_request_is_no_json_object(
    client: FlaskClient, body: bytes, content_type: str
) -> None:
    german = {"Accept-Language": "de"}
    english = client.post("/webhooks/rest/webhook", data=body, content_type=content_type)
    answered = client.post("/webhooks/rest/webhook", data=body, content_type=content_type, headers=german)

    assert 400 == english.status_code
    assert "JSON object" in english.get_json()["error"]
    assert "JSON-Objekt" in answered.get_json()["error"]


def test_a_request_that_is_too_large_is_refused_in_json(client: FlaskClient) -> None:
    answered = rest(client, {"message": "x" * 2_000_000})

    assert 413 == answered.status_code
    assert "That was too much at once." == answered.get_json()["error"]


def test_the_chat_page_is_in_the_readers_language_and_runs_nothing_from_elsewhere(client: FlaskClient) -> None:
    german = client.get("/chat", headers={"Accept-Language": "de-AT,de;q=0.9"})
    english = client.get("/chat?locale=xx")

    assert "Nachricht schreiben" in german.text
    assert "Write a message" in english.text
    assert "script-src 'self'" in german.headers["Content-Security-Policy"]
    assert "http://" not in german.text.replace("http://www.w3.org", "")
    assert "https://" not in german.text


def test_other_sites_may_not_call_unless_the_setting_names_them(sqlite_database: Database) -> None:
    served = wire_web(replace(SETTINGS, allowed_origins=("https://shop.example",)), sqlite_database, echo)
    client = served.app.test_client()
    ours = rest(client, {"message": "hello"}, Origin="https://shop.example")
    theirs = rest(client, {"message": "hello"}, Origin="https://evil.example")
    served.stop()

    assert "https://shop.example" == ours.headers["Access-Control-Allow-Origin"]
    assert "Access-Control-Allow-Origin" not in theirs.headers


def test_a_page_that_does_not_exist_says_so_in_words(client: FlaskClient) -> None:
    answered = client.get("/nothing-here", headers={"Accept-Language": "de"})

    assert 404 == answered.status_code
    assert "Diese Seite gibt es nicht." in answered.text
