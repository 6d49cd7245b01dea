"""Messages, turns, joining and parting at one moment: nothing is lost, and nobody waits for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count

from sqlalchemy import func, select

from channels.conversation import CUSTOMER, Conversation, Message
from channels.customer import Customer
from channels.inbound import Inbound, Rules, receive
from channels.linking.codes import show_code
from channels.linking.heeding import heed_links
from db import Database, utc_now
from handoff.turn import take_turn, waiting_conversations
from tests.cast import echo
from tests.channels.linking.people import ANNA, PHONE, address
from tests.channels.linking.test_merging import sound

RULES = Rules(heed=heed_links)
ROUNDS = 12
_ids = count()


def writes(database: Database, who: tuple[str, str], text: str) -> None:
    now = utc_now()
    provider_id = f"m{next(_ids)}"
    receive(database, Inbound(who[0], who[1], text, provider_id, sender="+4930"), now, RULES)


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
