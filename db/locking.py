"""Locks by name, for what has no row yet that could be locked, and the one order in which everything is locked.

Whoever needs several takes them in this order and leaves out what they don't need; of several of one kind, those that
others could want at the same moment are sorted:

1. addresses; a phone's before a visitor's, or the name `number …` of one that is new
2. the name `customer …` (`channels.conversation.lock_customers`), by whoever opens a conversation, also again
3. the name `route …` of a team
4. conversations
5. customers
6. whatever belongs to one conversation alone, and presence
7. what is counted of articles, at the end

Two who wait for each other would be parted by PostgreSQL, after a second, and one of them would have to come again.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def lock(session: Session, name: str) -> None:
    """Makes everybody else who asks for the same name wait until this transaction ends."""
    # SQLite has one writer at a time anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
