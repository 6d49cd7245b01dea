"""Writes a note beside a conversation, and tells those who are named in it."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from channels.inbound import InboundError, clean_text
from handoff.drafts import Draft
from handoff.finding import Refused, find
from handoff.notes import Mention, Note
from staff.people import DESK, User

LONGEST = 10_000


def note(session: Session, user: User, conversation_id: str, text: str, now: datetime) -> Note:
    """Raises NotYours, Refused."""
    conversation = find(session, user, conversation_id)
    try:
        cleaned = clean_text(text, LONGEST)
    except InboundError as error:
        raise Refused("too_long_note" if error.reason == "too_long" else "no_note") from None
    made = Note(conversation_id=conversation.id, user_id=user.id, text=cleaned, at=now)
    session.add(made)
    session.flush()
    session.add_all(
        Mention(note_id=made.id, user_id=one.id) for one in mentioned(session, cleaned) if one.id != user.id
    )
    session.execute(delete(Draft).filter_by(conversation_id=conversation.id, user_id=user.id, is_note=True))
    return made


def mentioned(session: Session, text: str) -> list[User]:
    """Who is named with @ and their name, or its first word where that is one person's alone."""
    colleagues = [one for one in session.scalars(select(User).filter_by(is_active=True)) if one.may(DESK)]
    names: dict[str, list[User]] = {}
    for one in colleagues:
        names.setdefault(one.name.casefold(), []).append(one)
        first = one.name.split()[0].casefold()
        if first != one.name.casefold():
            names.setdefault(first, []).append(one)
    longest_first = sorted((name for name in names if len(names[name]) == 1), key=len, reverse=True)
    if not longest_first:
        return []
    pattern = re.compile(rf"(?<!\w)@({'|'.join(map(re.escape, longest_first))})(?!\w)")
    found = dict.fromkeys(pattern.findall(text.casefold()))
    return list({names[name][0].id: names[name][0] for name in found}.values())


def see_mentions(session: Session, user: User, conversation_id: str, now: datetime) -> None:
    """Whoever opens the conversation has seen where they are named in it."""
    notes = select(Note.id).filter_by(conversation_id=conversation_id)
    unseen = update(Mention).where(Mention.user_id == user.id, Mention.seen_at.is_(None), Mention.note_id.in_(notes))
    session.execute(unseen.values(seen_at=now), execution_options={"synchronize_session": False})
