"""A conversation as one line: all of it once and in order, however much of it is fetched at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.conversation import CUSTOMER, Conversation
from handoff.acting import claim
from handoff.desk.timeline import PAGE, Entry, cursor, timeline_of
from handoff.noting import note
from tests.cast import MONDAY
from tests.handoff.desk_scene import Scene, deliver_all, says

SECOND = timedelta(seconds=1)


@pytest.fixture
def long(scene: Scene) -> str:
    """Many messages, ten of each moment, with a note after every fiftieth."""
    one = says(scene.database, "anna", "A person please", MONDAY)
    with scene.database.transaction() as session:
        conversation = session.get(Conversation, one)
        assert conversation
        for number in range(350):
            at = MONDAY + SECOND * (10 + number // 10)
            session.add(conversation.say(CUSTOMER, "web", f"message {number}", at))
            if number % 50 == 0:
                note(session, scene.ben, one, f"note {number}", at)
    return one


def fetched(scene: Scene, conversation_id: str) -> list[Entry]:
    """All entries, page by page from the end."""
    found: list[Entry] = []
    before = ""
    with scene.database.reading() as session:
        while True:
            page = timeline_of(session, scene.mira, conversation_id, before=before)
            found = [*page.entries, *found]
            if not page.has_earlier:
                return found
            before = cursor(page.entries[0])


def test_each_entry_comes_once_and_in_order(scene: Scene, long: str) -> None:
    entries = fetched(scene, long)

    assert [entry.place for entry in entries] == sorted({entry.place for entry in entries})
    assert [f"message {number}" for number in range(350)] == [
        entry.text for entry in entries if entry.text.startswith("message")
    ]
    assert 7 == sum(entry.kind == "n" for entry in entries)


def test_a_page_that_missed_something_gets_all_of_it(scene: Scene, long: str) -> None:
    with scene.database.reading() as session:
        whole = timeline_of(session, scene.mira, long).entries
        every = fetched(scene, long)
        missed = timeline_of(session, scene.mira, long, after=cursor(every[40]), limit=10).entries
        last = timeline_of(session, scene.mira, long, after=cursor(whole[-1]), limit=10).entries
    assert PAGE == len(whole)
    assert whole[-10:] == last
    assert every[41:] == list(missed)


def test_the_bots_first_message_says_why_and_what_became_of_it(scene: Scene) -> None:
    one = says(scene.database, "anna", "How long do I have to return something?", MONDAY)
    deliver_all(scene.database, MONDAY + SECOND)
    with scene.database.transaction() as session:
        claim(session, scene.sam, one, MONDAY + 5 * SECOND)
    with scene.database.reading() as session:
        asked, answered, taken = timeline_of(session, scene.sam, one).entries

    assert ("customer", None, None) == (asked.by, asked.why, asked.state)
    assert answered.why
    assert answered.state
    assert ("answer", 0.82, "return-window") == (
        answered.why.decision,
        answered.why.confidence,
        answered.why.articles[0].id,
    )
    assert ("sent", MONDAY + SECOND) == (answered.state.kind, answered.state.at)
    assert "You took it" == taken.text
