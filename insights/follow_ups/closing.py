"""The end of a follow-up, for good: what made it hard, a note, and whether the customer is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from channels.conversation import Conversation
from handoff.acting import resolve
from handoff.transitions import held_by
from insights.follow_ups.follow_up import CAUSES, FollowUp
from insights.follow_ups.reaching import mark_reached
from insights.follow_ups.refused import NotDone
from insights.follow_ups.seeing import find_open, look_at
from insights.follow_ups.telling import tell
from staff.people import User

LONGEST_NOTE = 2000
SOLVED = "solved"
"""As what the conversation is closed with it (`handoff.words.RESOLUTIONS`)."""


@dataclass(frozen=True)
class Closing:
    """What somebody says when they close one."""

    cause: str
    note: str = ""
    asks_again: bool = True
    """Whether the customer is asked once more, as soon as the conversation has ended (`asking_again`)."""
    ends_conversation: bool = False
    """Whether it ends with this, if this person has it."""
    seen_seq: int | None = None
    """The customer's last message that was on the screen."""


def close(session: Session, user: User, follow_up_id: str, closing: Closing, now: datetime) -> FollowUp:
    """Closes it; whoever closes what nobody has taken has looked after it.

    Raises NotYours, NotDone, and Meanwhile if the customer wrote in the conversation that was to end with it.
    """
    note = _checked(closing)
    if closing.ends_conversation:
        _end_conversation(session, user, look_at(session, user, follow_up_id), closing, now)
    follow_up = find_open(session, user, follow_up_id)
    mark_reached(session, follow_up)
    follow_up.cause, follow_up.note, follow_up.asks_again = closing.cause, note, closing.asks_again
    follow_up.closed_at, follow_up.closed_by = now, user.id
    follow_up.user_id = follow_up.user_id or user.id
    tell(session, follow_up, "closed", now, by=user.id, cause=closing.cause)
    return follow_up


def _checked(closing: Closing) -> str:
    """The note as it is kept. Raises NotDone."""
    note = "".join(sign for sign in closing.note if sign.isprintable() or sign == "\n").strip()
    if closing.cause not in CAUSES:
        raise NotDone("no_cause")
    if len(note) > LONGEST_NOTE:
        raise NotDone("note_long", longest=f"{LONGEST_NOTE}")
    return note


def _end_conversation(session: Session, user: User, follow_up: FollowUp, closing: Closing, now: datetime) -> None:
    conversation = session.get(Conversation, follow_up.goes_on_in)
    if conversation is not None and held_by(conversation) == user.id:
        resolve(session, user, conversation.id, SOLVED, now, seen_seq=closing.seen_seq)
