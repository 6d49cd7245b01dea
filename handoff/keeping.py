"""What is written to a person, or while one is waited for: kept, and understood where it asks for something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from channels.conversation import Conversation, Message


def keep_for_person(session: Session, conversation: Conversation, messages: Sequence[Message], now: datetime) -> None:
    """Notes that a person owes an answer to these messages. The conversation's row must be locked."""
    conversation.owed_since = conversation.owed_since or messages[0].created_at
    # Whoever put it aside wants to know that the customer wrote.
    conversation.snoozed_until = None
