"""Tags: words agents put on conversations to find and count them."""

from __future__ import annotations

import re

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from db import Base, column

MOST_TAGS = 20
LONGEST = 40
NO_WORD = re.compile(r"[^\w-]+")


class ConversationTag(Base):
    __tablename__ = "conversation_tag"

    conversation_id: Mapped[str] = column(ForeignKey("conversation.id"), primary_key=True)
    tag: Mapped[str] = column(String(LONGEST), primary_key=True, index=True)


def as_tag(text: str) -> str:
    """A tag as it is kept, in lower case and in one piece; empty if nothing of it can be one."""
    return NO_WORD.sub("-", text.strip().lower()).strip("-_")[:LONGEST].strip("-_")
