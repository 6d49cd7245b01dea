"""Canned replies: what agents say often, with variables."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column


class CannedReply(Base):
    __tablename__ = "canned_reply"
    __table_args__ = (UniqueConstraint("shortcut", "locale"),)

    id: Mapped[int] = column(Integer, primary_key=True)
    shortcut: Mapped[str] = column(String(40))
    """What is typed after `/`; the same one in each language."""
    locale: Mapped[str] = column(String(8))
    title: Mapped[str] = column(String(100))
    text: Mapped[str] = column(Text)
    """Markdown with `{customer}`, `{agent}`, `{company}`, `{question}`, `{wait}`."""
    team_id: Mapped[str | None] = column(ForeignKey("team.id"), nullable=True)
    """Only for this team; None: for all."""
    updated_at: Mapped[datetime] = column(UTCDateTime)
