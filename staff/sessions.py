"""A signed-in browser: a row that ends when it is signed out, too old, or unused for too long."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column


class StaffSession(Base):
    __tablename__ = "staff_session"

    token_hash: Mapped[str] = column(String(64), primary_key=True)
    """SHA-256 of what the cookie holds: who reads the database can't sign in with it."""
    user_id: Mapped[str] = column(ForeignKey("staff_user.id"), index=True)
    created_at: Mapped[datetime] = column(UTCDateTime)
    seen_at: Mapped[datetime] = column(UTCDateTime)
