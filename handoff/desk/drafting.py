"""Keeps what an agent has begun to write, and gives it back at whatever machine they go on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from channels.inbound import CONTROL
from handoff.drafts import Draft
from staff.people import User

LONGEST = 10_000


def keep_draft(session: Session, user: User, conversation_id: str, text: str, now: datetime, *, is_note: bool) -> None:
    """Keeps it, or forgets it if nothing is written. Who may see the conversation was asked before."""
    text = CONTROL.sub("", text)[:LONGEST]
    own = {"conversation_id": conversation_id, "user_id": user.id, "is_note": is_note}
    if not text.strip():
        session.execute(delete(Draft).filter_by(**own))
        return
    session.merge(Draft(text=text, updated_at=now, **own))


def drafts_of(session: Session, user: User, conversation_id: str) -> dict[str, str]:
    """Of a `reply` and of a `note`, what is begun; empty if nothing is."""
    query = select(Draft).filter_by(conversation_id=conversation_id, user_id=user.id)
    found = {one.is_note: one.text for one in session.scalars(query)}
    return {"reply": found.get(False, ""), "note": found.get(True, "")}
