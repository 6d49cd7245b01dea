"""People in the web chat, over the wire: who speaks next, what they say, and what of it is nobody's business."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from app.wiring import Served, wire_web
from channels.conversation import agent
from channels.webchat.views import tell_owner, tell_writing
from db import Database
from tests.cast import echo
from tests.channels.colleague import MIRA, add_mira, belongs_to, mira_says, visitor_of
from tests.channels.test_webchat import SETTINGS, Page

LABEL = {"name": "label.pdf", "url": "/files/abc", "kind": "document", "size": 2048, "attachment_id": "7"}


@pytest.fixture
def served(sqlite_database: Database) -> Iterator[Served]:
    add_mira(sqlite_database)
    served = wire_web(SETTINGS, sqlite_database, echo)
    yield served
    served.stop()


def test_a_person_is_named_and_their_files_can_be_fetched(served: Served, sqlite_database: Database) -> None:
    page = Page(served)
    thread = page.say("hello")["thread"]
    page.wait_for("bot_uttered")
    mira_says(sqlite_database, thread, "Hello Anna,\nhere is the **label**.", LABEL)
    served.workers.deliver()

    said = page.wait_for("bot_uttered", 2)[1]
    metadata = said["metadata"]
    assert ("agent", "Mira Brandt") == (metadata["author"], metadata["name"])
    assert "<p>Hello Anna,<br>\nhere is the <strong>label</strong>.</p>" == metadata["html"].strip()
    assert [{key: LABEL[key] for key in ("name", "url", "kind", "size")}] == metadata["files"]
    assert said["text"].endswith("[label.pdf](http://127.0.0.1:8000/files/abc)")


def test_nothing_that_a_page_is_told_says_which_of_the_staff_it_was(served: Served, sqlite_database: Database) -> None:
    page = Page(served)
    thread = page.say("hello")["thread"]
    page.wait_for("bot_uttered")
    mira_says(sqlite_database, thread, "Hello.")
    belongs_to(sqlite_database, agent(MIRA))
    served.workers.deliver()
    page.wait_for("bot_uttered", 2)
    again = Page(served, session_id=page.session, after=0, thread=None)

    told = json.dumps([page.heard(), again.wait_for("thread"), again.wait_for("owner")])
    assert "Mira Brandt" in told
    assert MIRA not in told


@pytest.mark.parametrize(
    ("owner", "shown"),
    [
        ("bot", {"kind": "bot", "name": ""}),
        ("queue", {"kind": "queue", "name": ""}),
        (agent(MIRA), {"kind": "agent", "name": "Mira Brandt"}),
        (agent("nobody"), {"kind": "agent", "name": ""}),
        ("closed", {"kind": "bot", "name": ""}),
    ],
)
def test_a_page_that_comes_back_learns_who_speaks_next(
    served: Served, sqlite_database: Database, owner: str, shown: dict[str, str]
) -> None:
    page = Page(served)
    page.say("hello")
    # The turn is over, and it was told whose it is now.
    page.wait_for("owner")
    belongs_to(sqlite_database, owner)

    assert [shown] == Page(served, session_id=page.session, after=0).wait_for("owner")


def test_whoever_has_not_said_anything_speaks_to_the_bot(served: Served) -> None:
    assert [{"kind": "bot", "name": ""}] == Page(served, after=0).wait_for("owner")


def test_pages_are_told_when_somebody_takes_over_and_writes(served: Served, sqlite_database: Database) -> None:
    page, other = Page(served), Page(served)
    page.say("hello")
    # First the bot, whose turn it is.
    page.wait_for("owner")
    visitor = visitor_of(sqlite_database)
    socketio = served.app.extensions["socketio"]
    tell_owner(socketio, visitor, "queue")
    tell_owner(socketio, visitor, "agent", "Mira Brandt")
    tell_writing(socketio, visitor, "Mira Brandt")

    _, *told = page.wait_for("owner", 3)
    assert [{"kind": "queue", "name": ""}, {"kind": "agent", "name": "Mira Brandt"}] == told
    assert [{"name": "Mira Brandt"}] == page.wait_for("agent_writing")
    assert "Mira" not in json.dumps(other.heard())
