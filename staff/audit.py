"""The audit log: who did what, when, to what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column

SUBJECT = 100
"""Characters of a subject that are kept."""


class AuditEntry(Base):
    __tablename__ = "audit_entry"

    id: Mapped[int] = column(Integer, primary_key=True)
    at: Mapped[datetime] = column(UTCDateTime, index=True)
    user_id: Mapped[str | None] = column(ForeignKey("staff_user.id"), nullable=True, index=True)
    """Who; None: the command line, or somebody who is not signed in."""
    action: Mapped[str] = column(String(40))
    subject: Mapped[str] = column(String(220), default="")
    """To what: an id (the longest is an article's, with its language) or a name, never what people wrote."""
    details: Mapped[dict[str, Any]] = column(JSON, default=dict)


def record(
    session: Session, action: str, now: datetime, *, user_id: str | None = None, subject: str = "", **details: Any
) -> None:
    """Keeps an entry, in the transaction of what it tells of."""
    session.add(AuditEntry(at=now, user_id=user_id, action=action, subject=subject[:SUBJECT], details=details))
