"""What an agent has begun to write: kept on the server, so that it is there at every machine."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Text
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column


class Draft(Base):
    __tablename__ = "draft"

    conversation_id: Mapped[str] = column(ForeignKey("conversation.id"), primary_key=True)
    user_id: Mapped[str] = column(ForeignKey("staff_user.id"), primary_key=True)
    is_note: Mapped[bool] = column(Boolean, primary_key=True, default=False)
    text: Mapped[str] = column(Text)
    updated_at: Mapped[datetime] = column(UTCDateTime)
