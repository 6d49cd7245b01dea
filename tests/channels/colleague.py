"""Mira, who answers customers: what she says is put into the conversation and the outbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from channels.conversation import Conversation, Message, agent
from channels.customer import Address
from channels.outbox import delivery_of
from db import Database, utc_now
from staff.people import User

MIRA = "3f0c0e0a-0000-4000-8000-000000000001"


def add_mira(database: Database) -> None:
    with database.transaction() as session:
        session.add(User(id=MIRA, email="mira@books.example", name="Mira Brandt", role="agent", created_at=utc_now()))


def belongs_to(database: Database, owner: str) -> None:
    """Every conversation: there is one."""
    with database.transaction() as session:
        session.execute(update(Conversation).values(owner=owner))


def visitor_of(database: Database) -> str:
    """The web address of the customer: there is one."""
    with database.reading() as session:
        return str(session.query(Address.value).filter_by(channel="web").scalar())


def mira_says(database: Database, conversation_id: str, text: str, *files: dict[str, Any]) -> Message:
    now = utc_now()
    with database.transaction() as session:
        conversation = session.get(Conversation, conversation_id)
        assert conversation is not None
        address = session.query(Address).filter_by(customer_id=conversation.customer_id, channel="web").one()
        extra = {"agent": "Mira Brandt", "locale": "en"} | ({"files": list(files)} if files else {})
        message = conversation.say(agent(MIRA), "web", text, now, address_id=address.id, extra=extra)
        session.add(message)
        session.flush()
        session.add(delivery_of(message, address.value, now))
        session.expunge(message)
        return message
