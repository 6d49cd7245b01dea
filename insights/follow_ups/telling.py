"""Leaves in the timeline of its conversation what became of a follow-up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from channels.conversation import Conversation
from handoff.finding import happened
from insights.follow_ups.follow_up import FollowUp


def tell(session: Session, follow_up: FollowUp, what: str, now: datetime, **details: Any) -> None:
    """In the conversation the score is of, as the event `follow_up_…`."""
    conversation = session.get(Conversation, follow_up.conversation_id)
    if conversation is not None:
        happened(session, conversation, f"follow_up_{what}", now, follow_up_id=follow_up.id, **details)
