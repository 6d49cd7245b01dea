"""One giving of a conversation to a person: why, since when, who came and when it was over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column

Reason = Literal[
    "asked",
    "failures",
    "people_only",
    "anger",
    "urgency",
    "legal",
    "safety",
    "did_not_help",
    "bot_down",
    "agent",
    "reopened",
]
"""Why a person: the customer asked; two failures; an article or topic is for people only; how it was said; "didn't
help" twice; Rasa is down; an agent took it by themselves, or opened it again."""
REOPENED: Reason = "reopened"
BY_STAFF = ("agent", REOPENED)
"""Reasons that are none of the customer's or the bot's."""


class Handoff(Base):
    __tablename__ = "handoff"
    __table_args__ = (
        Index("ix_handoff_conversation_id_ended_at", "conversation_id", "ended_at"),
        Index("ix_handoff_ended_at", "ended_at"),
        # The queue's own history, by which waits are foretold.
        Index("ix_handoff_team_id_claimed_at", "team_id", "claimed_at"),
    )

    id: Mapped[int] = column(Integer, primary_key=True)
    conversation_id: Mapped[str] = column(ForeignKey("conversation.id"))
    reason: Mapped[str] = column(String(16))
    team_id: Mapped[str] = column(ForeignKey("team.id"))
    topic: Mapped[str | None] = column(String(64), nullable=True)
    """The key of the help category it is about, as far as is known."""
    skill: Mapped[str | None] = column(String(40), nullable=True)
    """What whoever takes it must know (`User.skills`)."""
    locale: Mapped[str] = column(String(8))
    channel: Mapped[str] = column(String(16))
    """Where the customer was when it began."""
    at: Mapped[datetime] = column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    claimed_by: Mapped[str | None] = column(ForeignKey("staff_user.id"), nullable=True)
    """Who took it first."""
    replied_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """The first reply by a person."""
    reply_open_seconds: Mapped[float | None] = column(Float, nullable=True)
    """The wait for that in opening hours, as they were then; None: not kept, it is told by those of today."""
    ended_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    ended_as: Mapped[str | None] = column(String(16), nullable=True)
    """`resolved`, `to_bot` (an agent gave it back), `left` (the customer went back to the bot, or said that
    nobody is needed any more) or `closed`."""
    told_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """When the customer was last told how long it takes."""
    told_minutes: Mapped[int | None] = column(Integer, nullable=True)
    """What they were told; None: that somebody is there at a certain time."""
    told_until: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """The time until which they were told to wait."""
    told_times: Mapped[int] = column(Integer, default=0)
    """How often they were told that it takes longer."""
    callback: Mapped[str | None] = column(Text, nullable=True)
    """The number they left, as they wrote it."""


def open_handoff(session: Session, conversation_id: str) -> Handoff | None:
    """The hand-off that is going on."""
    query = select(Handoff).filter_by(conversation_id=conversation_id, ended_at=None).order_by(Handoff.id.desc())
    return session.scalars(query).first()


def reasons_of(session: Session, conversation_ids: Iterable[str]) -> dict[str, str]:
    """By conversation, why it came to people last; that it was opened again says less than why it first came."""
    query = select(Handoff.conversation_id, Handoff.reason).where(Handoff.conversation_id.in_(list(conversation_ids)))
    rows = session.execute(query.order_by(Handoff.reason != REOPENED, Handoff.id))
    return {conversation_id: str(reason) for conversation_id, reason in rows}


def first_reply_at(session: Session, conversation_id: str) -> datetime | None:
    """When a person first replied in a conversation, in whichever of its hand-offs."""
    query = select(Handoff.replied_at).where(Handoff.conversation_id == conversation_id, Handoff.replied_at.isnot(None))
    found: datetime | None = session.scalars(query.order_by(Handoff.replied_at).limit(1)).first()
    return found
