"""One-time links: to choose a first password, or a new one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column


class OneTimeLink(Base):
    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = column(String(64), primary_key=True)
    user_id: Mapped[str | None] = column(ForeignKey("staff_user.id"), nullable=True, index=True)
    """Whose password it sets; None: it makes the first admin."""
    expires_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    used_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
