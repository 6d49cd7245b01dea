"""Messages, turns, joining and parting at one moment: nothing is lost, and nobody waits for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import jwt
import pytest
from limits.storage import MemoryStorage
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from channels.conversation import CUSTOMER, Conversation, Message
from channels.customer import Address, Customer, find_address, web_address
from channels.inbound import Inbound, Rules, receive
from channels.linking.codes import LinkCode, show_code
from channels.linking.continuing import Continuing, RefusedError, Ways
from channels.linking.heeding import heed_links
from channels.linking.site import secret_key
from channels.linking.texting import Texting, Typed
from channels.linking.visitors import Visitors
from channels.webchat.session import Sessions
from db import Database, utc_now
from handoff.turn import take_turn, waiting_conversations
from tests.cast import echo
from tests.channels.linking.people import ANNA, PHONE, address, are_one
from tests.channels.linking.test_merging import sound
from tests.channels.linking.test_texted_codes import RULES as CODE_RULES

RULES = Rules(heed=heed_links)
ROUNDS = 12
_ids = count()


def writes(database: Database, who: tuple[str, str], said: str) -> None:
    now = utc_now()
    provider_id = f"m{next(_ids)}"
    receive(database, Inbound(who[0], who[1], said, provider_id, sender="+4930"), now, RULES)


def links_and_parts(database: Database) -> None:
    for _ in range(ROUNDS):
        with database.transaction() as session:
            code = show_code(session, address(session, ANNA, utc_now()), utc_now())
        writes(database, PHONE, code)
        writes(database, PHONE, "yes")
        writes(database, PHONE, "not me")


def chats(database: Database, who: tuple[str, str]) -> None:
    for number in range(ROUNDS * 3):
        writes(database, who, f"{who[0]} {number}")


def answers(database: Database) -> None:
    for _ in range(ROUNDS * 6):
        for conversation in waiting_conversations(database, utc_now()):
            take_turn(database, echo, conversation, utc_now())


def test_joining_and_parting_while_everybody_writes_loses_nothing(database: Database) -> None:
    writes(database, ANNA, "web first")
    writes(database, PHONE, "phone first")
    with ThreadPoolExecutor(4) as pool:
        work = [
            pool.submit(links_and_parts, database),
            pool.submit(chats, database, ANNA),
            pool.submit(answers, database),
            pool.submit(answers, database),
        ]
        for one in work:
            one.result(timeout=120)
    for _ in range(3):
        answers(database)

    with database.reading() as session:
        said = select(func.count()).select_from(Message).where(Message.author == CUSTOMER)
        assert ROUNDS * 3 + 1 == session.scalar(said.where(Message.channel == "web"))
        assert ROUNDS * 3 + 1 == session.scalar(said.where(Message.channel == PHONE[0]))
        assert [] == session.scalars(select(Conversation.id).where(Conversation.waiting_since.isnot(None))).all()
        sound(session, [customer.id for customer in session.scalars(select(Customer))], in_time=False)


# In which order rows are locked.

SMS = ("sms", PHONE[1])
SECRET = "a secret of the shop, 32 characters or more"
Doing = tuple[str, Callable[[], Any]]
"""A visitor, and what happens to them."""


def continuing(database: Database, texting: Texting | None = None) -> Continuing:
    return Continuing(database, Ways(sms="+4930"), texting or Texting(CODE_RULES, MemoryStorage()))


def is_texted(database: Database) -> str:
    """The digits that were texted to Anna's phone."""
    continuing(database).text_code(ANNA[1], SMS[1], "192.0.2.1", "en", None, utc_now())
    with database.reading() as session:
        [said] = session.scalars(select(Message.text).where(Message.text.contains("is your code")))
        return str(said[:6])


def types_code(database: Database) -> Doing:
    digits = is_texted(database)
    return ANNA[1], lambda: continuing(database).check_code(ANNA[1], digits, "en", utc_now())


def asks_for_code(database: Database) -> Doing:
    is_texted(database)
    asked = (ANNA[1], SMS[1], "192.0.2.1", "en", None, utc_now())
    return ANNA[1], lambda: continuing(database).text_code(*asked)


def signs_in(database: Database) -> Doing:
    sessions = Sessions("k" * 32, timedelta(days=1))
    page = sessions.start()
    with database.transaction() as session:
        web_address(session, page.visitor, utc_now())
        address(session, SMS)
    claims = {"sub": "anna", "exp": time.time() + 3600, "phone_number": SMS[1], "phone_number_verified": True}
    token = jwt.encode(claims, SECRET, "HS256")
    return page.visitor, lambda: Visitors(database, sessions, secret_key(SECRET)).recognise(page, token)


@contextmanager
def impatient(database: Database) -> Iterator[Session]:
    """A transaction in which it is an error to wait for somebody."""
    with database.transaction() as session:
        session.execute(text("SET LOCAL lock_timeout = '300ms'"))
        yield session


def until_somebody_waits(database: Database) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + 30
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(waiting):
            assert time.monotonic() < deadline, "Nobody waits."
            time.sleep(0.01)


@pytest.mark.parametrize("doing", [types_code, asks_for_code, signs_in])
def test_who_waits_for_a_phone_does_not_hold_the_visitor(
    database: Database, doing: Callable[[Database], Doing]
) -> None:
    if database.is_sqlite:  # One writer at a time: nobody can wait for each other.
        return
    visitor, do = doing(database)
    with ThreadPoolExecutor(1) as pool:
        with impatient(database) as session:
            find_address(session, *SMS)  # As `receive` does.
            done = pool.submit(do)
            until_somebody_waits(database)
            assert find_address(session, "web", visitor) is not None
        done.result(timeout=30)


def test_who_sends_a_code_while_the_visitor_is_shown_another_waits_before_using_it(database: Database) -> None:
    if database.is_sqlite:
        return
    with database.transaction() as session:
        code = show_code(session, address(session, ANNA, utc_now()), utc_now())
    with ThreadPoolExecutor(1) as pool:
        with impatient(database) as session:
            anna = address(session, ANNA)
            sent = pool.submit(writes, database, PHONE, code)
            until_somebody_waits(database)
            show_code(session, anna, utc_now())
        sent.result(timeout=30)

    assert not are_one(database, ANNA, PHONE)


class Unlucky(Texting):
    """Is sent away once when all is done, as by a PostgreSQL in which two wait for each other."""

    failures = 1

    def check(self, session: Session, web_address: Address, typed: object, now: datetime, locale: str | None) -> Typed:
        checked = super().check(session, web_address, typed, now, locale)
        if self.failures:
            self.failures -= 1
            raise OperationalError("deadlock detected", None, Exception())
        return checked


def test_an_attempt_that_was_sent_away_is_made_again_and_counted_once(database: Database) -> None:
    digits = is_texted(database)
    wrong = "000000" if digits != "000000" else "000001"
    with pytest.raises(RefusedError):
        continuing(database, Unlucky(CODE_RULES, MemoryStorage())).check_code(ANNA[1], wrong, "en", utc_now())
    with database.reading() as session:
        assert [1] == session.scalars(select(LinkCode.attempts)).all()

    continuing(database, Unlucky(CODE_RULES, MemoryStorage())).check_code(ANNA[1], digits, "en", utc_now())
    assert are_one(database, ANNA, SMS)
