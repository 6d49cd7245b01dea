"""What agents write to each other beside a conversation; a table of its own, so that no channel can ever send one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column


class Note(Base):
    __tablename__ = "note"

    id: Mapped[int] = column(Integer, primary_key=True)
    conversation_id: Mapped[str] = column(ForeignKey("conversation.id"), index=True)
    user_id: Mapped[str] = column(ForeignKey("staff_user.id"))
    text: Mapped[str] = column(Text)
    at: Mapped[datetime] = column(UTCDateTime)


class Mention(Base):
    """Somebody who is named in a note with @."""

    __tablename__ = "mention"

    note_id: Mapped[int] = column(ForeignKey("note.id"), primary_key=True)
    user_id: Mapped[str] = column(ForeignKey("staff_user.id"), primary_key=True, index=True)
    seen_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
