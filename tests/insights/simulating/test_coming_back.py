"""Invented customers whose matter was closed too early are back, and agents go on with it where it was left."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sqlalchemy import select

from channels.conversation import Conversation
from channels.inbound import Inbound, receive
from db import Database
from insights.simulating.agents import Agents
from insights.simulating.phrases import STILL
from tests.cast import MONDAY
from tests.handoff.at_work import hire
from tests.insights.surveys.scene import Scene
from tests.insights.told import Told

TUESDAY = MONDAY + timedelta(days=1)


class Back:
    """Who is back with which conversation, and because of which."""

    def __init__(self, **of: str) -> None:
        self._of, self.went = of, list[str]()

    def before(self, conversation_id: str) -> str | None:
        return self._of.get(conversation_id) if conversation_id not in self.went else None

    def goes_back(self, conversation_id: str) -> None:
        self.went.append(conversation_id)


def _standing(database: Database, conversation_id: str) -> tuple[bool, str | None]:
    with database.reading() as session:
        query = select(Conversation.closed_at, Conversation.close_reason).filter_by(id=conversation_id)
        closed_at, reason = session.execute(query).one()
        return closed_at is None, reason


def _is_back(told: Told) -> tuple[str, str, list[str]]:
    """What was resolved on Monday, the conversation of Tuesday, and who works."""
    mira = hire(told.database, "Mira")
    before = told.says("anna", "A person, please", MONDAY)
    told.replies(mira, before, MONDAY + timedelta(minutes=10))
    told.resolves(mira, before, MONDAY + timedelta(minutes=20))
    return before, told.says("anna", "It still doesn't work. A person, please", TUESDAY), [mira.id]


def test_what_was_closed_too_early_is_opened_again_and_resolved_there(told: Told) -> None:
    before, again, agents = _is_back(told)
    back = Back(**{again: before})
    team = Agents(told.database, agents, Random(1), lambda *_: "Press it for five seconds.", back)
    team.sit(TUESDAY)
    team.work(TUESDAY + timedelta(minutes=5))
    assert ((False, "duplicate"), (True, None)) == (_standing(told.database, again), _standing(told.database, before))
    for minutes in range(10, 60, 5):
        team.work(TUESDAY + timedelta(minutes=minutes))

    now = TUESDAY + timedelta(hours=1)
    first, second = told.facts(before, now), told.facts(again, now)
    assert [again] == back.went
    assert (1, "agent", 2) == (first.reopens, first.resolved_by, first.people_said)
    assert TUESDAY.timestamp() < (first.resolved_at or 0)
    # It was no contact of its own, but an answered one.
    assert (None, 1, 0) == (second.resolved_by, second.people_said, second.unreplied)
    assert TUESDAY.timestamp() == first.next_at


def test_who_has_begun_something_else_meanwhile_is_answered_where_they_are(told: Told) -> None:
    before, again, agents = _is_back(told)
    told.corrects(Conversation, {"customer_id": _stranger(told)}, id=before)
    team = Agents(told.database, agents, Random(1), lambda *_: "Press it.", Back(**{again: before}))
    team.sit(TUESDAY)
    for minutes in range(5, 60, 5):
        team.work(TUESDAY + timedelta(minutes=minutes))

    assert (False, "solved") == _standing(told.database, before)
    assert "duplicate" != _standing(told.database, again)[1]
    assert 1 == told.facts(again, TUESDAY + timedelta(hours=1)).people_said


def _stranger(told: Told) -> str:
    """A customer who is at something else just now, with which the bot is still alone."""
    received = receive(told.database, Inbound("web", "ben", "Hello", "b1", locale="en"), TUESDAY)
    with told.database.reading() as session:
        return str(session.scalars(select(Conversation.customer_id).filter_by(id=received.conversation_id)).one())


def test_that_it_still_does_not_work_is_no_answer_to_the_question_at_the_end(database: Database) -> None:
    scene = Scene(database)
    for number, text in enumerate((*STILL["en"], *STILL["de"])):
        who = f"visitor{number}"
        conversation = scene.ended(who)
        scene.later(days=1)

        assert conversation != scene.says(text, who).conversation_id
        assert "asked" == scene.survey(conversation).state
