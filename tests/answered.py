"""Whether all that customers said was answered: what they said beside the turns that were taken and their replies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import BOT, CUSTOMER, Event, Message
from channels.outbox import Delivery


@dataclass(frozen=True)
class Turn:
    event: Event
    message: Message
    """The last one of the burst that it answers."""


def unanswered_messages(session: Session) -> list[str]:
    """The customers' messages that no turn has answered."""
    query = select(Message).filter_by(author=CUSTOMER, is_silent=False).order_by(Message.conversation_id, Message.seq)
    said = {conversation: list(group) for conversation, group in groupby(session.scalars(query), _conversation)}
    turns: dict[str, list[Message]] = {}
    for turn in _turns(session):
        turns.setdefault(turn.message.conversation_id, []).append(turn.message)
    return [one.id for key, messages in said.items() for one in _left_out(messages, turns.get(key, []))]


def turns_without_reply(session: Session) -> list[str]:
    """The messages whose turn has said nothing that is to be delivered."""
    replies = select(Message).join(Delivery, Delivery.message_id == Message.id).where(Message.author == BOT)
    # A turn says its replies at one moment, where it was asked; those of one claim share the moment.
    said = Counter((one.conversation_id, one.created_at, one.address_id) for one in session.scalars(replies))
    without = []
    for turn in _turns(session):
        asked = turn.message
        key = (asked.conversation_id, turn.event.at, asked.address_id)
        if not said[key]:
            without.append(asked.id)
        said[key] -= 1 if said[key] else 0
    return without


def _turns(session: Session) -> list[Turn]:
    query = select(Event, Message).join(Message, Message.id == Event.message_id).where(Event.kind == "turn")
    return [Turn(*row) for row in session.execute(query.order_by(Event.id))]


def _left_out(said: Sequence[Message], turns: Sequence[Message]) -> Iterator[Message]:
    """What no burst of these turns can have held. Each goes from the turn before it to its own message."""
    until = 0
    for last in turns:
        if last.seq <= until:
            continue
        # Only texts in a row, and from one channel, are answered together.
        yield from (one for one in said if until < one.seq <= last.seq and _kind(one) != _kind(last))
        until = last.seq
    yield from (one for one in said if one.seq > until)


def _kind(message: Message) -> tuple[str | None, str]:
    return message.payload, message.channel


def _conversation(message: Message) -> str:
    return message.conversation_id
