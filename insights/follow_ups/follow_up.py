"""A low score that somebody looks after: whose it is, by when, and what the cause was."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args
from uuid import uuid4

from sqlalchemy import Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column

Cause = Literal[
    "wrong_answer", "no_answer", "long_wait", "had_to_repeat", "rude", "policy", "product", "defect", "other"
]
CAUSES: tuple[str, ...] = get_args(Cause)
"""What made it hard, as whoever looked after it found."""


class FollowUp(Base):
    __tablename__ = "follow_up"
    __table_args__ = (
        # What is open, what is due, and what was closed in a period.
        Index("ix_follow_up_closed_at_due_at", "closed_at", "due_at"),
        Index("ix_follow_up_team_id_closed_at", "team_id", "closed_at"),
    )

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    survey_id: Mapped[str] = column(ForeignKey("survey.id"), unique=True)
    conversation_id: Mapped[str] = column(ForeignKey("conversation.id"), index=True)
    team_id: Mapped[str | None] = column(ForeignKey("team.id"), nullable=True)
    user_id: Mapped[str | None] = column(ForeignKey("staff_user.id"), nullable=True)
    """Who looks after it; None: nobody yet."""
    opened_at: Mapped[datetime] = column(UTCDateTime)
    due_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """By when it should be closed, counted in opening hours."""
    remind_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """From when on it is reminded of, counted like the deadline."""
    reminded_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    escalated_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    reached_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """When somebody first wrote to the customer because of it."""
    reached_in: Mapped[str | None] = column(ForeignKey("conversation.id"), nullable=True)
    """The conversation in which they did."""
    cause: Mapped[str | None] = column(String(24), nullable=True)
    note: Mapped[str] = column(Text, default="")
    closed_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    asks_again: Mapped[bool] = column(Boolean, default=True)
    """Whether the customer is still to be asked again, once it is closed and so is the conversation."""
    closed_by: Mapped[str | None] = column(ForeignKey("staff_user.id"), nullable=True)
    asked_again_id: Mapped[str | None] = column(ForeignKey("survey.id"), nullable=True)
    """The survey that asked the customer again after it was closed."""

    @property
    def goes_on_in(self) -> str:
        """The conversation in which the customer is talked with about it: another one, or that which it is of."""
        return self.reached_in or self.conversation_id
