"""One question after a conversation, or after something else that was met: asked, skipped with a reason, answered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column

Kind = Literal["ces", "csat", "nps"]
SCALES: dict[Kind, tuple[int, int]] = {"ces": (1, 7), "csat": (1, 5), "nps": (0, 10)}
"""From the worst score to the best one.

Effort: 1 very difficult to 7 very easy (CES 2.0; Dixon, Toman, DeLisi: The Effortless Experience, 2013, asks for
agreement with "made it easy for me" on seven steps). Satisfaction: 1 to 5. Recommendation: 0 to 10 (Reichheld:
The One Number You Need to Grow, Harvard Business Review, December 2003).
"""

State = Literal["due", "skipped", "asked", "answered", "expired"]
"""To be asked in a moment; not asked; asked; answered; no longer waited for."""
Skipped = Literal[
    "asked_lately",
    "asked_again",
    "no_consent",
    "no_window",
    "blocked",
    "unreachable",
    "nothing_said",
    "went_on",
    "switched_off",
    "follow_up_open",
    "too_late",
    "refused",
]
"""Why nobody was asked: within the days in which a customer is asked once; asked at this end because of a follow-up,
which is enough; they want no messages; WhatsApp's window is
closed and there is no template; they are blocked; no address to write to; the customer said nothing that was a matter;
they wrote again, or the same matter went on in another conversation; by the settings; somebody looks after it;
the end is too long ago to be asked about. And of one that was asked and is no longer waited for: they said that they
won't answer."""

Awaiting = Literal["score", "comment"]


class Survey(Base):
    """At most one for each conversation and touchpoint: its row is the decision, also not to ask."""

    __tablename__ = "survey"
    __table_args__ = (
        UniqueConstraint("conversation_id", "touchpoint"),
        Index("ix_survey_state_expires_at", "state", "expires_at"),
        Index("ix_survey_answered_at", "answered_at"),
        Index("ix_survey_decided_at", "decided_at"),
        Index("ix_survey_commented_at", "commented_at"),
    )

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    kind: Mapped[str] = column(String(8))
    touchpoint: Mapped[str] = column(String(24), default="conversation")
    """What it asks about: `conversation` (its end), `follow_up` (after somebody has looked after a low score), or the
    name of a link that was made for another place."""
    conversation_id: Mapped[str | None] = column(ForeignKey("conversation.id"), nullable=True)
    """The conversation it belongs to, however late it is answered; None: asked by a link that belongs to none, unless
    whoever answered went on in the chat because of it (`bringing`).

    Whose it is, the conversation says: when customers are merged, nothing changes here."""
    state: Mapped[str] = column(String(12))
    skipped: Mapped[str | None] = column(String(24), nullable=True)
    """Why it was not asked, or is not answered; one of `Skipped`."""
    decided_at: Mapped[datetime] = column(UTCDateTime)
    channel: Mapped[str | None] = column(String(16), nullable=True)
    """Where it was asked."""
    message_id: Mapped[str | None] = column(ForeignKey("message.id"), nullable=True)
    """What asked it."""
    asked_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    awaiting: Mapped[str | None] = column(String(8), nullable=True)
    """What the next message of the customer may be: `score`, `comment`; None: nothing is waited for."""
    expires_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """Until when an answer in the conversation is taken for one."""
    lowest: Mapped[int] = column(Integer)
    highest: Mapped[int] = column(Integer)
    """The scale as it was when it was asked."""
    score: Mapped[int | None] = column(Integer, nullable=True)
    answered_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    answered_in: Mapped[str | None] = column(String(16), nullable=True)
    """The channel the score came by; `link`: the page of a signed link."""
    said: Mapped[str | None] = column(Text, nullable=True)
    """The answer as it was written."""
    comment: Mapped[str | None] = column(Text, nullable=True)
    """What made it hard, in the customer's words."""
    commented_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)


class SurveySetting(Base):
    """One that was ever saved; what isn't there is as it was delivered (`insights.surveys.settings`)."""

    __tablename__ = "survey_setting"

    name: Mapped[str] = column(String(60), primary_key=True)
    value: Mapped[str] = column(Text)
    """JSON."""
