"""The shapes of buttons and lists that were registered with the provider, each once."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped

from db import Base, column


class WhatsAppContent(Base):
    """A content template: a shape such as three buttons, filled with variables when it is sent."""

    __tablename__ = "whatsapp_content"

    account: Mapped[str] = column(String(64), primary_key=True)
    shape: Mapped[str] = column(String(32), primary_key=True)
    """Its kind, how many it has and our version of it, such as `quick-reply-3-v1`."""
    sid: Mapped[str] = column(String(64))
