"""Who plays in the tests of linking: Anna in the web, her phone, and Mallory, who wants to read what isn't hers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import BOT, CUSTOMER, Conversation, Message, messages_after, open_conversation_of
from channels.customer import Address, add_address, find_address
from channels.linking.codes import show_code
from channels.linking.merging import latest_seen
from channels.linking.redeeming import Redeemed, redeem
from channels.linking.words import prefilled
from channels.outbox import delivery_of
from db import Database
from tests.cast import MONDAY

ANNA = ("web", "anna")
PHONE = ("whatsapp", "+4915112345678")
OTHER_PHONE = ("sms", "+4915187654321")
MALLORY = ("web", "mallory")

Who = tuple[str, str]


def later(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


SOON = later(1)


def address(session: Session, who: Who, now: datetime = MONDAY) -> Address:
    return find_address(session, *who) or add_address(session, *who, now)


def says(session: Session, who: Who, text: str, now: datetime, answer: str | None = "So it is.") -> Conversation:
    """They write, and are answered by the bot, unless `answer` is None."""
    speaker = address(session, who, now)
    conversation = open_conversation_of(session, speaker.customer_id) or Conversation(speaker.customer_id, now)
    session.add(conversation)
    session.flush()
    message = conversation.say(CUSTOMER, who[0], text, now, address_id=speaker.id)
    session.add(message)
    if answer is None:
        conversation.waiting_since = conversation.waiting_since or now
    else:
        reply = conversation.say(BOT, who[0], answer, now, address_id=speaker.id)
        session.add(reply)
        session.flush()
        session.add(delivery_of(reply, speaker.value, now))
        conversation.answered_seq, conversation.waiting_since = message.seq, None
    session.flush()
    return conversation


def shown_code(database: Database, who: Who = ANNA, now: datetime = MONDAY) -> str:
    with database.transaction() as session:
        return show_code(session, address(session, who, now), now, "en")


def sends(database: Database, who: Who, text: str, now: datetime = SOON) -> Redeemed | None:
    """A phone sends a text that may be about linking."""
    with database.transaction() as session:
        return redeem(session, address(session, who, now), text, now)


def sends_code(database: Database, who: Who, code: str, now: datetime = SOON) -> Redeemed | None:
    return sends(database, who, prefilled(code, "en"), now)


def sees(database: Database, who: Who) -> list[str]:
    """What is shown at an address."""
    with database.reading() as session:
        conversation = latest_seen(session, *who)
        return [one.text for one in messages_after(session, conversation, 0)] if conversation else []


def are_one(database: Database, *people: Who) -> bool:
    with database.reading() as session:
        return 1 == len({owner(session, who) for who in people})


def owner(session: Session, who: Who) -> str:
    query = select(Address.customer_id).filter_by(channel=who[0], value=who[1])
    return str(session.scalars(query).one())


def everything_of(session: Session, conversation_id: str) -> list[Message]:
    return messages_after(session, conversation_id, 0)
