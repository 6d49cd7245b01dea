"""Attempts to sign in that failed, and how long the next one must wait."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column


class FailedAttempts(Base):
    """Counted by e-mail address, known or not, and by network address: one row each."""

    __tablename__ = "failed_attempts"

    key: Mapped[str] = column(String(300), primary_key=True)
    count: Mapped[int] = column(Integer)
    last_at: Mapped[datetime] = column(UTCDateTime)
    locked_until: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
