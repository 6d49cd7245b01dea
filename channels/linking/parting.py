"""Undoes the joining of two customers: every address, conversation and message goes back where it was.

What came since from an address that goes back goes with it, and so do the replies to it: into the conversation that the
address's customer then has.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from channels.addresses import forms
from channels.conversation import BOT, CUSTOMER, QUEUE, Conversation, Event, Message, customer_messages_after
from channels.customer import Address, Customer
from channels.linking.merging import MERGED, Merge, give, lock_addresses, lock_conversations

UNSYNCHRONIZED = {"synchronize_session": False}


class CannotUndo(Exception):
    """A joining that can't be undone now; says why in a sentence."""


def undo(session: Session, merge: Merge, now: datetime) -> None:
    """Parts the two customers again. Raises CannotUndo."""
    addresses = lock_addresses(session, merge.kept_id, merge.gone_id)
    _claim(session, merge, now)
    returning = _returning(merge, addresses)
    both = lock_conversations(session, merge.kept_id, merge.gone_id)
    conversations = [one for one in both if one.customer_id == merge.kept_id]
    before = [one for one in conversations if one.id in merge.moved["conversations"]]
    since = [one for one in conversations if one.id not in merge.moved["conversations"]]
    whole, mixed = _touched(session, since, {address.id for address in returning})
    give(merge.gone_id, returning, [*before, *whole])
    closed = [one for one in before if one.id in merge.moved["closed"] and one.close_reason == MERGED]
    if not any(one.closed_at is None for one in whole):
        _reopen(closed, merge)
    if mixed:
        target = closed[-1] if closed else _new_conversation(session, merge.gone_id, mixed, whole)
        _move(session, mixed, target, [address.id for address in returning], merge.moved["bot_states"])
    session.flush()
    _part_references(conversations)
    _give_back_profile(session, merge)


def _claim(session: Session, merge: Merge, now: datetime) -> None:
    """Two who undo at once: the second one finds it done."""
    later = select(Merge.id).where(Merge.gone_id == merge.kept_id, Merge.undone_at.is_(None))
    if session.scalars(later).first():
        raise CannotUndo("This customer was joined with another one since. Undo that first.")
    open_merge = update(Merge).where(Merge.id == merge.id, Merge.undone_at.is_(None)).values(undone_at=now)
    done: Any = session.execute(open_merge, execution_options=UNSYNCHRONIZED)
    if not done.rowcount:
        raise CannotUndo("This was undone already.")
    session.refresh(merge)


def _returning(merge: Merge, addresses: list[Address]) -> list[Address]:
    """The addresses that came with the one who was gone, and those the same phone got since."""
    came = [address for address in addresses if address.id in merge.moved["addresses"]]
    numbers = {forms(address.value) for address in came}
    stayed = {*merge.moved["addresses"], *merge.moved["kept_addresses"]}
    new = [address for address in addresses if address.id not in stayed and forms(address.value) in numbers]
    return [*came, *new]


def _touched(
    session: Session, conversations: list[Conversation], returning: set[str]
) -> tuple[list[Conversation], list[Conversation]]:
    """The conversations in which only those who go back took part, and those in which others did too."""
    asked = select(Message.conversation_id, Message.address_id, Message.author).distinct()
    speakers: dict[str, set[str | None]] = {}
    for conversation_id, address_id, author in session.execute(
        asked.where(Message.conversation_id.in_([one.id for one in conversations]))
    ):
        if address_id or author == CUSTOMER:
            speakers.setdefault(conversation_id, set()).add(address_id)
    touched = [one for one in conversations if speakers.get(one.id, set()) & returning]
    whole = [one for one in touched if speakers[one.id] <= returning]
    return whole, [one for one in touched if one not in whole]


def _reopen(closed: Iterable[Conversation], merge: Merge) -> None:
    """Each belongs again to whom it belonged before; who waits for a person does so from then on."""
    for conversation in closed:
        conversation.closed_at = conversation.close_reason = None
        conversation.owner = merge.moved.get("owners", {}).get(conversation.id, BOT)
        conversation.queued_at = merge.at if conversation.owner == QUEUE else None


def _new_conversation(
    session: Session, customer_id: str, mixed: list[Conversation], whole: list[Conversation]
) -> Conversation:
    latest = mixed[-1]
    made = Conversation(customer_id, mixed[0].opened_at)
    made.locale = latest.locale
    if latest.closed_at or any(one.closed_at is None for one in whole):
        made.close(latest.close_reason or MERGED, latest.closed_at or whole[-1].opened_at)
    session.add(made)
    session.flush()
    return made


def _move(
    session: Session,
    sources: list[Conversation],
    target: Conversation,
    returning: list[str],
    bot_states: dict[str, str | None],
) -> None:
    waiting: list[Message] = []
    for source in sources:
        waiting += _move_from(session, source, target, returning)
        # A turn that is being taken knows what was said by the other one: it is taken again without.
        source.claimed_by = source.claimed_until = None
        source.bot_state = bot_states.get(source.id)
    session.flush()
    _wait(target, waiting)
    for source in sources:
        _wait_for_rest(session, source)


def _move_from(session: Session, source: Conversation, target: Conversation, returning: list[str]) -> list[Message]:
    """Moves what was said to and from these addresses; returns what still waits for an answer."""
    query = select(Message).where(Message.conversation_id == source.id, Message.address_id.in_(returning))
    messages = list(session.scalars(query.order_by(Message.seq)).all())
    waiting = [one for one in messages if _is_waiting(one, source)]
    for message in messages:
        target.last_seq += 1
        message.conversation_id, message.seq = target.id, target.last_seq
        target.last_at = message.created_at
    moved = update(Event).where(Event.message_id.in_([one.id for one in messages])).values(conversation_id=target.id)
    session.execute(moved, execution_options=UNSYNCHRONIZED)
    return waiting


def _is_waiting(message: Message, conversation: Conversation) -> bool:
    return message.author == CUSTOMER and not message.is_silent and message.seq > conversation.answered_seq


def _wait(target: Conversation, waiting: list[Message]) -> None:
    """Answered up to the first message that waits; where one waited before, what came after it is answered again."""
    target.claimed_by = target.claimed_until = None
    if target.waiting_since is None:
        target.answered_seq = waiting[0].seq - 1 if waiting else target.last_seq
        target.waiting_since = waiting[0].created_at if waiting else None


def _wait_for_rest(session: Session, source: Conversation) -> None:
    rest = customer_messages_after(session, source.id, source.answered_seq)
    source.waiting_since = rest[0].created_at if rest else None


def _part_references(conversations: list[Conversation]) -> None:
    """No conversation follows one of the other customer's."""
    owners = {one.id: one.customer_id for one in conversations}
    for one in conversations:
        if one.previous_id in owners and owners[one.previous_id] != one.customer_id:
            one.previous_id = None


def _give_back_profile(session: Session, merge: Merge) -> None:
    kept = session.get(Customer, merge.kept_id)
    for name, value in merge.moved["profile"].items():
        if getattr(kept, name) == value:
            setattr(kept, name, None)
