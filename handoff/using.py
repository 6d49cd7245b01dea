"""Which articles a turn used: the one that was said, and those before that a verdict or a call for a person means."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reply import Reply
from channels.conversation import Conversation, Event
from knowledge.answers import Source
from knowledge.usage import Use, What

LOOKED_BACK = 20
"""Turns: who says "it helped" much later hardly means that answer."""
COUNTED: dict[str, What] = {"helped": "helped", "did_not_help": "not_helped"}


def uses_of(session: Session, conversation: Conversation, reply: Reply) -> list[Use]:
    """Ask before this turn's own event is stored."""
    said = article_said(reply)
    found = [Use(said.id, said.locale, "answered")] if said else []
    judged = _judged(session, conversation) if reply.verdict else None
    return [*found, Use(*judged, COUNTED[reply.verdict])] if judged and reply.verdict else found


def article_said(reply: Reply) -> Source | None:
    """The article whose sentences were said as the answer."""
    if reply.answer is None or reply.answer.kind != "answer":
        return None
    return next((source for said in reply.said for source in said.sources), None)


def use_facts(reply: Reply) -> dict[str, Any]:
    """What the turn's event keeps of it, for the verdict of a later turn."""
    said = article_said(reply)
    return {"said": [said.id, said.locale] if said else None, "verdict": reply.verdict}


def asked_about(session: Session, conversation: Conversation) -> tuple[str, ...]:
    """The articles of the last question to which the bot found any, best first: who calls for a person means that."""
    turns = select(Event.details).filter_by(conversation_id=conversation.id, kind="turn").order_by(Event.id.desc())
    for details in session.scalars(turns.limit(LOOKED_BACK)):
        answer = details.get("answer")
        if answer and answer["kind"] != "unknown":
            return tuple(hit["article_id"] for hit in answer["hits"])
    return ()


def _judged(session: Session, conversation: Conversation) -> tuple[str, str] | None:
    """The article that was said last, if nothing was said to it yet: each answer is judged once."""
    turns = select(Event.details).filter_by(conversation_id=conversation.id, kind="turn").order_by(Event.id.desc())
    for details in session.scalars(turns.limit(LOOKED_BACK)):
        if details.get("verdict"):
            return None
        if said := details.get("said"):
            return said[0], said[1]
    return None
