"""Customers, agents and clocks that reach for the same rows at one moment: nobody waits for ever, nothing is twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import func, select, update

from bot.reply import Reply, TurnContext
from channels.conversation import Conversation
from channels.customer import Address, Customer
from channels.inbound import Inbound, receive
from channels.linking.merging import merge
from db import Database
from handoff import acting, marking
from handoff.finding import Refused
from handoff.joining import follow_all
from handoff.turn import take_turn
from staff.people import User
from tests.cast import MONDAY, anna, echo, says
from tests.channels.linking.test_at_one_moment import impatient, until_somebody_waits
from tests.handoff.at_work import hire, person_wanted, waits

LATER = MONDAY + timedelta(minutes=3)
ROUNDS = 30
NUMBER = "+4915112345678"


def by_whatsapp(text: str, name: str | None = None) -> Inbound:
    return Inbound("whatsapp", NUMBER, text, f"WA{text}", name=name, sender="+4930")


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each of them returns, all begun at the same moment."""
    together = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        together.wait(timeout=30)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def in_german(state: str | None, text: str, context: TurnContext) -> Reply:
    """A bot that has noticed in which language they write: the customer's row is written, too."""
    said = echo(state, text, context)
    return Reply(said.said, said.state, "de" if len(text) % 2 else "en", said.intent, 1.0)


def test_a_message_that_waits_for_its_conversation_does_not_hold_the_customer(database: Database) -> None:
    if database.is_sqlite:  # One writer at a time: nobody can wait for each other.
        return
    one = receive(database, by_whatsapp("Hello"), MONDAY).conversation_id
    with ThreadPoolExecutor(1) as pool:
        with impatient(database) as session:
            conversation = session.scalars(select(Conversation).filter_by(id=one).with_for_update()).one()
            named = pool.submit(receive, database, by_whatsapp("It is me", "Anna Kern"), LATER)
            until_somebody_waits(database)
            theirs = select(Customer).filter_by(id=conversation.customer_id).with_for_update()
            assert session.scalars(theirs).one().name is None
        named.result(timeout=30)

    with database.reading() as session:
        assert ["Anna Kern"] == list(session.scalars(select(Customer.name)))


def test_who_is_blocked_and_unblocked_while_they_write_and_are_answered_waits_for_nobody(database: Database) -> None:
    susanne = hire(database, "Susanne Ott", "supervisor")
    one = receive(database, by_whatsapp("Hello"), MONDAY).conversation_id

    def writes() -> None:
        for number in range(ROUNDS):
            with database.transaction() as session:
                session.execute(update(Customer).values(name=None))
            receive(database, by_whatsapp(f"Message {number}", "Anna Kern"), LATER)

    def answers() -> None:
        for _ in range(ROUNDS * 2):
            take_turn(database, in_german, one, LATER)

    def changes_her_mind() -> None:
        for _ in range(ROUNDS):
            for verb in (marking.block, marking.unblock):
                with database.transaction() as session:
                    verb(session, susanne, one, LATER)

    at_once(writes, answers, changes_her_mind)


def test_a_message_and_an_agent_who_opens_it_again_at_one_moment_open_one_conversation(database: Database) -> None:
    mira = hire(database, "Mira Kern")
    for number in range(ROUNDS):
        now = MONDAY + timedelta(hours=number)
        one = waits(database, f"A person, please {number}", now)
        _resolve(database, mira, one)
        at_once(
            lambda now=now: says(database, anna("One more thing"), now),  # type: ignore[misc]
            lambda one=one: _opens_again(database, mira, one),  # type: ignore[misc]
        )
        with database.reading() as session:
            still_open = list(session.scalars(select(Conversation.id).where(Conversation.closed_at.is_(None))))
        assert 1 == len(still_open)
        _resolve(database, hire(database, f"Susanne {number}", "supervisor"), still_open[0])


def _resolve(database: Database, user: User, one: str) -> None:
    with database.transaction() as session:
        acting.resolve(session, user, one, "solved", LATER)


def _opens_again(database: Database, user: User, one: str) -> None:
    try:
        with database.transaction() as session:
            acting.reopen(session, user, one, LATER)
    except Refused:
        return


def test_of_two_processes_that_open_again_what_was_left_behind_one_does_it_and_both_go_on(database: Database) -> None:
    hire(database, "Mira Kern")
    for number in range(ROUNDS):
        _left_behind(database, number)
        opened = at_once(*[lambda: follow_all(database, LATER)] * 2)

        assert 1 == sum(len(ones) for ones in opened)  # type: ignore[arg-type]
        with database.reading() as session:
            again = select(func.count()).select_from(Conversation).where(Conversation.closed_at.is_(None))
            assert number + 1 == session.scalar(again)


def _left_behind(database: Database, number: int) -> None:
    """Somebody waits by SMS, and is then joined with a visitor who has nothing open."""
    says(database, Inbound("web", f"visitor {number}", "Hello", f"v{number}", locale="en"))
    phone = f"+4915112340{number:03}"
    waiting = receive(database, Inbound("sms", phone, "A person", f"p{number}", sender="+4930"), MONDAY)
    take_turn(database, person_wanted, waiting.conversation_id, MONDAY)
    with database.transaction() as session:
        kept, gone = (
            session.scalars(select(Customer).join(Address).where(Address.value == value)).one()
            for value in (f"visitor {number}", phone)
        )
        chat = session.scalars(select(Conversation).filter_by(customer_id=kept.id)).one()
        chat.close("silence", LATER)
        chat.waiting_since = None
        merge(session, kept, gone, "shown", LATER)
