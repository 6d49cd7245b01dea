"""Two processes on one PostgreSQL and one Redis: to a visitor they are one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import socketio
from socketio.exceptions import BadNamespaceError
from sqlalchemy import select, text

from app.processes import CHANNEL
from channels.conversation import BOT, CUSTOMER, Conversation, Event, Message
from db import Database
from handoff.turn import CLAIM
from knowledge.publishing import withdraw
from tests.conftest import ROOT
from tests.postgres import copy_rows, execute
from tests.redis_server import RedisServer, find_binary
from tests.server import Server

QUESTION = "How long do I have to return something?"
VISITORS = 12
VISITOR_RATE = 8
BOT_DEADLINE_MS = 10_000
CAT = """---
id: workshop-cat
locale: en
title: The workshop's cat
short_answer: The cat of our workshop is called Muffin.
category: company
questions: [what is the name of the cat in your workshop]
---
A grey cat called Muffin lives in our workshop.
"""

T = TypeVar("T")


@dataclass
class Pair:
    """Two processes and what they share."""

    a: Server
    b: Server
    redis: RedisServer
    database: Database
    url: str


@pytest.fixture(scope="module")
def pair(postgres_server: str, demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    binary = find_binary()
    if binary is None:
        pytest.skip("Redis is not installed (Debian: redis-server)")
    execute(postgres_server, "CREATE DATABASE two_processes TEMPLATE template_handrail")
    url = f"{postgres_server}/two_processes"
    database, demo = Database(url), Database(f"sqlite:///{demo_template}")
    copy_rows(demo, database)
    demo.close()
    redis = RedisServer(binary, tmp_path_factory.mktemp("redis"))
    redis.start()
    settings = {
        "REDIS_URL": redis.url,
        "REST_TOKEN": "token",
        "VISITOR_RATE": f"{VISITOR_RATE}/minute",
        # Nobody is answered by search alone only because the machine has much to do.
        "BOT_DEADLINE_MS": str(BOT_DEADLINE_MS),
    }
    a, b = (Server(url, tmp_path_factory.mktemp(name), **settings) for name in ("a", "b"))
    with ThreadPoolExecutor() as pool:
        # At the same moment: the tables and the key that signs are made once.
        list(pool.map(Server.start, (a, b)))
    yield Pair(a, b, redis, database, url)
    for server in (a, b):
        server.stop()
    redis.stop()
    database.close()


class Page:
    """A visitor's page, its websocket connected to one process; catches up as the chat page does."""

    def __init__(self, server: Server, session: str | None = None) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.session: str | None = None
        self._socket = socketio.Client(reconnection=False)
        self._socket.on("*", lambda event, *data: self.heard.append((event, *data)))
        self._socket.on("missed", self._catch_up)
        self._socket.connect(server.url, transports=["websocket"])
        confirmed = self._socket.call("session_request", {"session_id": session}, timeout=60)
        self.session, self.is_new = confirmed["session_id"], confirmed["is_new"]

    def say(self, message: str, session: str | None = None) -> Any:
        body = {"session_id": session or self.session, "message": message}
        return self._socket.call("user_uttered", body, timeout=60)

    def other_session(self) -> str:
        return str(self._socket.call("session_request", {}, timeout=60)["session_id"])

    def wait_for(self, name: str, times: int = 1) -> list[Any]:
        """The bodies of so many events of this name."""
        return wait_until(lambda: self._bodies(name, times), f"{name} {times} times, but {self.heard}")

    def _bodies(self, name: str, times: int) -> list[Any]:
        bodies = [data for event, *data in self.heard if event == name]
        return [body for (body,) in bodies] if len(bodies) >= times else []

    def _catch_up(self) -> None:
        # A page that is being left catches up no more.
        with suppress(BadNamespaceError):
            if self.session:
                self._socket.emit("session_request", {"session_id": self.session, "after": 0})

    def knows(self, seq: int) -> bool:
        shown = [data[0] for event, *data in self.heard if event == "bot_uttered"]
        caught_up = [message for event, *data in self.heard if event == "thread" for message in data[0]]
        return seq in [message["metadata"]["seq"] for message in shown + caught_up]

    def close(self) -> None:
        self._socket.disconnect()


@pytest.fixture
def open_page() -> Iterator[Callable[..., Page]]:
    pages: list[Page] = []

    def open_one(server: Server, session: str | None = None) -> Page:
        pages.append(Page(server, session))
        return pages[-1]

    yield open_one
    for page in pages:
        page.close()


def wait_until(happened: Callable[[], T], what: str, seconds: float = 30) -> T:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := happened():
            return found
        time.sleep(0.02)
    raise AssertionError(f"After {seconds} seconds still waiting for: {what}")


def ask(server: Server, question: str) -> str:
    """What a new customer is answered over REST."""
    body = {"sender": f"customer-{time.monotonic_ns()}", "message": question}
    headers = {"Content-Type": "application/json", "Authorization": "Bearer token"}
    request = urllib.request.Request(f"{server.url}/webhooks/rest/webhook", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answered:
        return " ".join(reply["text"] for reply in json.load(answered))


def test_what_is_said_through_one_process_reaches_the_page_at_the_other_live_and_once(
    pair: Pair, open_page: Callable[..., Page]
) -> None:
    page = open_page(pair.a)
    tab = open_page(pair.b, page.session)
    wait_until(lambda: 2 == pair.redis.listeners(CHANNEL), "both processes to listen")
    tab.say(QUESTION)
    [said] = page.wait_for("user_said")
    [answer] = page.wait_for("bot_uttered")
    tab.say("thanks")
    page.wait_for("bot_uttered", 2)

    assert (QUESTION, 1) == (said["text"], said["metadata"]["seq"])
    assert "30 days" in answer["text"]
    for one in (page, tab):
        assert [2, 4] == [reply["metadata"]["seq"] for reply in one.wait_for("bot_uttered", 2)]


def test_a_session_begun_at_one_process_goes_on_at_the_other(pair: Pair, open_page: Callable[..., Page]) -> None:
    begun = open_page(pair.a)
    gone_on = open_page(pair.b, begun.session)

    assert (True, False) == (begun.is_new, gone_on.is_new)
    assert begun.session == gone_on.session
    assert begun.say("hello")["thread"] == gone_on.say("hello again")["thread"]


def test_a_visitor_cant_send_more_by_changing_the_process(pair: Pair, open_page: Callable[..., Page]) -> None:
    page = open_page(pair.a)
    tab = open_page(pair.b, page.session)
    taken = [(page, tab)[number % 2].say("hello") for number in range(VISITOR_RATE + 2)]

    assert [True] * VISITOR_RATE + [False] * 2 == [one["ok"] for one in taken]
    assert "too_many" == taken[-1]["reason"]


def test_what_is_published_and_withdrawn_is_in_the_next_answers_of_both(pair: Pair, tmp_path: Path) -> None:
    both = (pair.a, pair.b)
    assert [False, False] == [knows_the_cat(server) for server in both]

    (tmp_path / "cat.md").write_text(CAT)
    command = [sys.executable, "-m", "app", "import", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"DATABASE_URL": pair.url}, capture_output=True)
    for server in both:
        wait_until(lambda server=server: knows_the_cat(server), "the article in an answer")

    with pair.database.transaction() as session:
        withdraw(session, "workshop-cat", "en")
    for server in both:
        wait_until(lambda server=server: not knows_the_cat(server), "an answer without the article")


def knows_the_cat(server: Server) -> bool:
    return "Muffin" in ask(server, "What is the name of the cat in your workshop?")


@pytest.mark.parametrize(
    ("goes", "comes_back"), [(RedisServer.stop, RedisServer.start), (RedisServer.hang, RedisServer.go_on)]
)
def test_while_redis_is_away_messages_are_taken_and_answered_and_pages_catch_up(
    pair: Pair, open_page: Callable[..., Page], goes: Callable[[RedisServer], None], comes_back: Callable[..., None]
) -> None:
    page = open_page(pair.a)
    tab = open_page(pair.b, page.session)
    goes(pair.redis)
    taken = page.say(QUESTION)
    wait_until(lambda: not waiting(pair.database), "the answer")
    comes_back(pair.redis)

    assert taken["ok"]
    for one in (page, tab):
        wait_until(lambda one=one: one.knows(2), "the answer on the page")
    wait_until(lambda: 2 == pair.redis.listeners(CHANNEL), "both processes to listen")
    tab.say("thanks")
    page.wait_for("user_said")


def test_what_waits_when_one_process_is_killed_is_answered_by_the_other_once(
    pair: Pair, open_page: Callable[..., Page]
) -> None:
    # The last test: it leaves one process dead.
    page = open_page(pair.a)
    sessions = [page.other_session() for _ in range(VISITORS)]
    with pair.database.engine.connect() as holding:
        # Messages are taken, but no turn is committed as long as nobody can write why it was answered so.
        holding.execute(text("LOCK TABLE event IN EXCLUSIVE MODE"))
        taken = [page.say(QUESTION, session) for session in sessions]
        threads = {one["thread"] for one in taken}
        assert threads <= waiting(pair.database)
        pair.a.kill()

    claims_run_out(pair.database)
    wait_until(lambda: not waiting(pair.database), "the answers of the other process")
    with pair.database.reading() as session:
        turns = select(Event.message_id).where(Event.kind == "turn", Event.conversation_id.in_(threads))
        answered = Counter(session.scalars(turns))
        said = select(Message.author).where(Message.conversation_id.in_(threads))
        authors = Counter(session.scalars(said))
    assert dict.fromkeys([one["id"] for one in taken], 1) == answered
    assert {CUSTOMER: VISITORS, BOT: VISITORS} == authors


def claims_run_out(database: Database) -> None:
    """What a dead process had begun is another one's after this long; it has passed."""
    claim_for = CLAIM + 2 * timedelta(milliseconds=BOT_DEADLINE_MS)
    claimed = select(Conversation).where(Conversation.claimed_until.isnot(None)).with_for_update()
    with database.transaction() as session:
        for one in session.scalars(claimed):
            one.claimed_until -= claim_for


def waiting(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Conversation.id).where(Conversation.waiting_since.isnot(None))))
