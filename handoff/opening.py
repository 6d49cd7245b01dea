"""Opening hours as they are stored: a calendar of the company, and of each team that has its own."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from db import Base, column


class Calendar(Base):
    __tablename__ = "calendar"

    id: Mapped[int] = column(Integer, primary_key=True)
    team_id: Mapped[str | None] = column(ForeignKey("team.id"), nullable=True, unique=True)
    """None: the company's, for teams without one of their own."""
    time_zone: Mapped[str] = column(String(64))
    """IANA: `Europe/Berlin`."""
    week: Mapped[list[list[list[str]]]] = column(JSON)
    """From Monday to Sunday, the spans of each day as `["08:00", "18:00"]`; `24:00` is the day's end."""
    country: Mapped[str | None] = column(String(2), nullable=True)
    """ISO 3166: whose public holidays are closed."""
    subdivision: Mapped[str | None] = column(String(10), nullable=True)
    closed_on: Mapped[list[str]] = column(JSON, default=list)
    """Further days, `2026-12-24`."""
