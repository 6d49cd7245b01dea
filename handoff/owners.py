"""Who speaks next, as a customer may know it: the assistant, a person who is still to come, or one by name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import Conversation, agent_id
from channels.customer import Address
from channels.linking.merging import latest_seen
from channels.names import WEB
from handoff.transitions import Kind, kind_of
from staff.people import User


@dataclass(frozen=True)
class Speaker:
    kind: Kind
    name: str = ""
    """The agent's."""


def speaker_of(session: Session, conversation_id: str) -> Speaker | None:
    """None if there is no such conversation."""
    owner = session.scalars(select(Conversation.owner).filter_by(id=conversation_id)).first()
    if owner is None:
        return None
    who = agent_id(owner)
    name = session.scalars(select(User.name).filter_by(id=who)).first() if who else None
    return Speaker(kind_of(owner), name or "")


def visitors_of(session: Session, conversation_id: str) -> list[str]:
    """The web visitors whose pages show this conversation, not a later one."""
    query = (
        select(Address.value)
        .join(Conversation, Conversation.customer_id == Address.customer_id)
        .where(Conversation.id == conversation_id, Address.channel == WEB)
    )
    return [one for one in session.scalars(query) if latest_seen(session, WEB, one) == conversation_id]
