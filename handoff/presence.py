"""Who is there: online, away, or off; a closed laptop becomes away by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column


class Presence(Base):
    __tablename__ = "presence"

    user_id: Mapped[str] = column(ForeignKey("staff_user.id"), primary_key=True)
    chosen: Mapped[str] = column(String(8), default="off")
    """What they chose: `online`, `away` or `off`."""
    seen_at: Mapped[datetime] = column(UTCDateTime)
    """When a page of the desk last said that somebody sits before it."""
    assigned_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """When routing last gave them something: the next one goes to whom it was longest ago."""
def is_online(*a): return False
