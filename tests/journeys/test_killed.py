"""A process killed at any moment: what was accepted is answered after the next start, and only once."""

from __future__ import annotations

import json
import random
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from channels.conversation import CUSTOMER, Conversation, Event, Message
from db import Database
from tests.conftest import demo_copy
from tests.server import Server

TURNS = 200
KILLS = 4
CUSTOMERS = 8
QUESTIONS = ["Where is my parcel?", "Wie lange kann ich zurückgeben?", "hello", "E05", "and to Austria?", "asdf"]


@pytest.fixture
def server(demo_template: Path, tmp_path: Path) -> Iterator[Server]:
    # What a killed process had begun is begun anew after twice this, and CLAIM.
    server = demo_copy(demo_template, tmp_path, REST_TOKEN="token", BOT_DEADLINE_MS="3000")
    server.start()
    yield server
    server.kill()


def say(server: Server, customer: int, number: int) -> None:
    """Says something until the server has taken it, always under the same id, as a page does."""
    body = {
        "sender": f"customer-{customer}",
        "message": f"{QUESTIONS[number % len(QUESTIONS)]} ({number})",
        "message_id": f"message-{number}",
    }
    request = urllib.request.Request(
        f"{server.url}/webhooks/rest/webhook",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": "Bearer token"},
    )
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(request, timeout=20):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"{body} was never taken.\n{server.log()[-2000:]}")


def test_killed_at_any_moment_every_message_is_answered_once(server: Server, tmp_path: Path) -> None:
    moments = random.Random(20261121)
    with ThreadPoolExecutor(CUSTOMERS) as pool:
        said = [pool.submit(say, server, number % CUSTOMERS, number) for number in range(TURNS)]
        for _ in range(KILLS):
            time.sleep(moments.uniform(0.1, 0.9))
            server.kill()
            server.start()
        for one in said:
            one.result()

    database = Database(f"sqlite:///{tmp_path / 'handrail.db'}")
    wait_until_answered(database)
    with database.reading() as session:
        messages = session.scalars(select(Message).filter_by(author=CUSTOMER)).all()
        answered = Counter(session.scalars(select(Event.message_id).filter_by(kind="turn")).all())
        numbers = session.execute(select(Message.conversation_id, Message.seq)).all()
    database.close()
    assert TURNS == len(messages)
    assert {1} == set(answered.values())
    assert len(numbers) == len(set(numbers))


def wait_until_answered(database: Database) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with database.reading() as session:
            waiting = session.scalars(select(Conversation).where(Conversation.waiting_since.isnot(None))).all()
        if not waiting:
            return
        time.sleep(0.2)
    raise AssertionError(f"{len(waiting)} conversations were left without an answer.")
