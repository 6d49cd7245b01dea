"""Customers, bot, agents and clocks in every order: never two owners, never a bot over a person, nothing forgotten."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError

from app.models import __all__ as _every_table  # noqa: F401
from bot.reply import Reply, Said, TurnContext
from channels.conversation import Conversation
from channels.inbound import Inbound, receive
from db import Base, Database
from handoff import acting, marking
from handoff.finding import Meanwhile, NotYours, Refused, Taken
from handoff.foretelling import BACK_TO_BOT
from handoff.presence import STATES, State, choose_presence
from handoff.replying import Writing, reply
from handoff.routing import release_left, route_waiting
from handoff.transitions import NotPossible
from handoff.turn import take_turn, waiting_conversations
from handoff.waiting import tell_who_waits, wake_snoozed
from staff.people import User
from staff.teams import TeamMember, default_team
from tests.cast import MONDAY
from tests.handoff.history import faults

CUSTOMERS = ("anna", "ben")
AGENTS = ("mira", "susanne")
"""An agent, and a supervisor, who may also step into what the bot has."""
ROLES = {"mira": "agent", "susanne": "supervisor"}
NOT_NOW = (NotYours, NotPossible, Taken, Meanwhile, Refused)
"""What a person is told instead: nothing has happened then."""

_ids = count(1)
Step = Callable[[Database, datetime], object]


def a_bot(during: Callable[[], object] = lambda: None) -> Callable[[str | None, str, TurnContext], Reply]:
    """It hands over whoever asks for a person; `during` happens while it thinks."""

    def answer(state: str | None, text: str, context: TurnContext) -> Reply:
        during()
        wants = "asked" if "person" in text else None
        return Reply((Said(f"About {text}"),), "{}", "en", "question", 1.0, wants_person=wants)

    return answer


def staff(database: Database) -> None:
    with database.transaction() as session:
        for name in AGENTS:
            user = User(id=name, email=f"{name}@shop.example", name=name.title(), role=ROLES[name], created_at=MONDAY)
            user.password_hash, user.capacity = "chosen", {"web": 1}
            session.add(user)
            session.flush()
            session.add(TeamMember(team_id=default_team(session).id, user_id=name))
        # Routing gives things away, too.
        default_team(session).assigns = True


def user(database: Database, name: str) -> User:
    with database.reading() as session:
        return session.scalars(select(User).filter_by(id=name)).one()


def says(who: str, text: str) -> Step:
    return lambda database, now: receive(database, Inbound("web", who, text, f"i{next(_ids)}", locale="en"), now)


def is_there(name: str, state: State) -> Step:
    """An agent comes, goes away for a moment, or leaves."""

    def step(database: Database, now: datetime) -> None:
        with database.transaction() as session:
            choose_presence(session, name, state, now)

    return step


def latest(database: Database, who: int) -> str | None:
    """The conversation of the customer who came as this one; None if they have said nothing yet."""
    with database.reading() as session:
        ids = list(session.scalars(select(Conversation.id).order_by(Conversation.opened_at.desc(), Conversation.id)))
    return ids[who % len(ids)] if ids else None


def does(name: str, verb: str, which: int) -> Step:
    """An agent's verb on some conversation; what can't be done is refused."""

    def step(database: Database, now: datetime) -> object:
        conversation_id = latest(database, which)
        if conversation_id is None:
            return None
        person = user(database, name)
        try:
            with database.transaction() as session:
                return VERBS[verb](session, person, conversation_id, now)
        except NOT_NOW as refused:
            return refused

    return step


def _reply(session, person, conversation_id, now):  # type: ignore[no-untyped-def]
    seen = session.scalars(select(Conversation.last_seq).filter_by(id=conversation_id)).one()
    return reply(session, person, conversation_id, Writing("Hello", "web", seen_seq=seen), now)


def _other(person: User) -> str:
    return next(name for name in AGENTS if name != person.id)


VERBS: dict[str, Callable[..., object]] = {
    "claim": acting.claim,
    "take_over": lambda session, person, one, now: acting.claim(session, person, one, now, take_over=True),
    "reply": _reply,
    "release": acting.release,
    "give_back": acting.give_back,
    "resolve": lambda session, person, one, now: acting.resolve(session, person, one, "solved", now),
    "reopen": acting.reopen,
    "to_colleague": lambda session, person, one, now: acting.transfer(
        session, person, one, now, to_user=_other(person)
    ),
    "to_team": lambda session, person, one, now: acting.transfer(
        session, person, one, now, to_team=default_team(session).id
    ),
    "snooze": lambda session, person, one, now: marking.snooze(session, person, one, now + timedelta(minutes=5), now),
}


def turns(database: Database, now: datetime, during: Callable[[], object] = lambda: None) -> None:
    for conversation_id in waiting_conversations(database, now):
        take_turn(database, a_bot(during), conversation_id, now)


def clocks(database: Database, now: datetime) -> None:
    for job in (route_waiting, release_left, tell_who_waits, wake_snoozed):
        job(database, now)


said = st.builds(says, st.sampled_from(CUSTOMERS), st.sampled_from(("hello", "a person please", BACK_TO_BOT)))
done = st.builds(does, st.sampled_from(AGENTS), st.sampled_from(sorted(VERBS)), st.integers(0, 1))
presence = st.builds(is_there, st.sampled_from(AGENTS), st.sampled_from(STATES))
during = st.tuples(st.just("during a turn"), st.one_of(said, done))
steps = st.lists(
    st.one_of(said, said, done, done, presence, st.just(turns), st.just(clocks), during), min_size=12, max_size=30
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_whatever_comes_in_whatever_order_nobody_is_talked_over_or_forgotten(
    sqlite_database: Database, steps: list[object]
) -> None:
    clear(sqlite_database)
    staff(sqlite_database)
    for who in CUSTOMERS:
        says(who, "a person please")(sqlite_database, MONDAY)
    now = MONDAY
    for number, step in enumerate(steps):
        # Mostly a minute, so that somebody is still there; now and then longer than anybody was told to wait.
        now += timedelta(minutes=15 if number % 6 == 5 else 1)
        if isinstance(step, tuple):
            turns(sqlite_database, now, during=lambda step=step, now=now: step[1](sqlite_database, now))  # type: ignore[misc]
        else:
            step(sqlite_database, now)  # type: ignore[operator]
    drain(sqlite_database, MONDAY + timedelta(hours=6))
    with sqlite_database.reading() as session:
        assert [] == faults(session)


def clear(database: Database) -> None:
    kept = {"team", "calendar", "alembic_version"}
    with database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in kept:
                session.execute(delete(table))


def drain(database: Database, now: datetime) -> None:
    """Until no turn is left to be taken."""
    while waiting := waiting_conversations(database, now):
        for conversation_id in waiting:
            take_turn(database, a_bot(), conversation_id, now)


def test_with_everybody_at_once_nobody_is_talked_over_or_forgotten(database: Database) -> None:
    staff(database)
    together = Barrier(6)

    def somebody(number: int) -> None:
        chance = random.Random(number)
        together.wait()
        for place in range(40):
            _survive(lambda place=place: _one_step(database, chance, number, place))  # type: ignore[misc]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(somebody, range(6)))
    drain(database, MONDAY + timedelta(hours=6))
    with database.reading() as session:
        assert [] == faults(session)


def _one_step(database: Database, chance: random.Random, number: int, place: int) -> None:
    now = MONDAY + timedelta(seconds=place)
    if number < len(CUSTOMERS):
        says(CUSTOMERS[number], chance.choice(("hello", "a person please", "a person please", BACK_TO_BOT)))(
            database, now
        )
    elif number == 2:
        turns(database, now)
    elif number == 3:
        is_there(chance.choice(AGENTS), chance.choice(("online", "online", "off")))(database, now)
        clocks(database, now)
        turns(database, now)
    else:
        does(AGENTS[number - 4], chance.choice(sorted(VERBS)), chance.randrange(2))(database, now)


def _survive(step: Callable[[], object]) -> None:
    """PostgreSQL may send one of two who wait for each other away; they come again."""
    for _ in range(5):
        try:
            step()
            return
        except OperationalError:
            continue
    step()


@pytest.mark.parametrize("verb", ["claim", "reply"])
def test_of_a_hundred_who_reach_for_a_conversation_at_once_one_gets_it(database: Database, verb: str) -> None:
    with database.transaction() as session:
        for number in range(100):
            one = User(
                id=f"a{number}", email=f"a{number}@shop.example", name=f"A{number}", role="agent", created_at=MONDAY
            )
            one.password_hash = "chosen"
            session.add(one)
            session.flush()
            session.add(TeamMember(team_id=default_team(session).id, user_id=one.id))
    says("anna", "a person please")(database, MONDAY)
    turns(database, MONDAY)
    conversation_id = latest(database, 0)
    people = [user(database, f"a{number}") for number in range(100)]
    together = Barrier(20)

    def reach(person: User) -> object:
        together.wait(timeout=30)
        try:
            with database.transaction() as session:
                return VERBS[verb](session, person, conversation_id, MONDAY)
        except NOT_NOW as refused:
            return refused

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(reach, people))

    winners = [person for person, outcome in zip(people, outcomes, strict=True) if not isinstance(outcome, Exception)]
    [winner] = winners
    losers = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert {winner.name} == {str(loser) for loser in losers}
    assert all(isinstance(loser, Taken) for loser in losers)
