"""How fast a team means to be: SLA targets as they are stored."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped

from db import Base, column


class SlaTarget(Base):
    """Minutes in opening hours; None: no target."""

    __tablename__ = "sla_target"

    team_id: Mapped[str] = column(ForeignKey("team.id"), primary_key=True)
    priority: Mapped[int] = column(Integer, primary_key=True)
    first_reply_minutes: Mapped[int | None] = column(Integer, nullable=True)
    next_reply_minutes: Mapped[int | None] = column(Integer, nullable=True)
    resolve_minutes: Mapped[int | None] = column(Integer, nullable=True)
