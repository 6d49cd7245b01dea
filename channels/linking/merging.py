"""Two customers who turn out to be one: joined, recorded, and parted again with every message back where it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column


class Merge(Base):
    """One joining of two customers, with all that is needed to undo it."""

    __tablename__ = "customer_merge"

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    kept_id: Mapped[str] = column(ForeignKey("customer.id"), index=True)
    gone_id: Mapped[str] = column(ForeignKey("customer.id"), index=True)
    proof: Mapped[str] = column(String(16))
    """`shown` or `texted` code, or `site`."""
    moved: Mapped[dict[str, Any]] = column(JSON)
    """Ids of what was moved from the one who is gone: `addresses`, `conversations`, and `closed` conversations."""
    at: Mapped[datetime] = column(UTCDateTime)
    undone_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
