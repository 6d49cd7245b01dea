"""One-time codes that prove whose a phone is."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column


class LinkCode(Base):
    """A code shown to a web visitor, who sends it from their phone, or texted to a phone, to be typed in the chat."""

    __tablename__ = "link_code"

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    address_id: Mapped[str] = column(ForeignKey("address.id"), index=True)
    """The web address that asked for it."""
    kind: Mapped[str] = column(String(8))
    """`shown` in the chat, or `texted` to a phone."""
    digest: Mapped[str] = column(String(64), index=True)
    sent_to: Mapped[str | None] = column(String(200), nullable=True, index=True)
    """The number it was texted to."""
    asked_id: Mapped[str | None] = column(ForeignKey("address.id"), nullable=True, index=True)
    """The phone's address that sent it and has still to say yes."""
    attempts: Mapped[int] = column(Integer, default=0)
    created_at: Mapped[datetime] = column(UTCDateTime)
    expires_at: Mapped[datetime] = column(UTCDateTime)
    used_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
