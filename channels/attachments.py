"""What customers send beside words: pictures, documents, voice notes, fetched from the provider and kept with us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column

PENDING = "pending"
STORED = "stored"
REFUSED = "refused"
"""Looked at and not kept: too large, or not what it said it was."""
LOST = "lost"
"""The provider does not give it out."""


@dataclass(frozen=True)
class Attached:
    """As the provider announces it."""

    url: str
    content_type: str


KINDS = (("image/", "picture"), ("audio/", "voice"), ("video/", "video"), ("application/", "document"))


def kind_of(content_type: str) -> str:
    """What it is in a word: `picture`, `voice`, `video`, `document` or `file`."""
    return next((kind for prefix, kind in KINDS if content_type.startswith(prefix)), "file")


class Attachment(Base):
    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_state_due_at", "state", "due_at"),)

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    message_id: Mapped[str] = column(ForeignKey("message.id"), index=True)
    position: Mapped[int] = column(Integer)
    url: Mapped[str] = column(Text)
    """Where the provider keeps it."""
    content_type: Mapped[str] = column(String(100))
    """What the provider says it is; once stored, what it is."""
    state: Mapped[str] = column(String(16), default=PENDING)
    reason: Mapped[str | None] = column(Text, nullable=True)
    """Why it is not here, in a sentence for an agent."""
    attempts: Mapped[int] = column(Integer, default=0)
    due_at: Mapped[datetime] = column(UTCDateTime)
    """Pending: when it may be fetched. Whoever fetches it moves this into the future first: that is the claim."""
    size: Mapped[int | None] = column(Integer, nullable=True)
    """Bytes."""
    sha256: Mapped[str | None] = column(String(64), nullable=True)
    content: Mapped[bytes | None] = column(LargeBinary, nullable=True)
