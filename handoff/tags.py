"""Tags: words agents put on conversations to find and count them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from db import Base, column


class ConversationTag(Base):
    __tablename__ = "conversation_tag"

    conversation_id: Mapped[str] = column(ForeignKey("conversation.id"), primary_key=True)
    tag: Mapped[str] = column(String(40), primary_key=True, index=True)
