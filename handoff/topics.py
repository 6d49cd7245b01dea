"""What becomes of a topic: which team takes it, what one must know for it, and whether the bot may answer at all."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session

from db import Base, column


class TopicRule(Base):
    __tablename__ = "topic_rule"

    topic: Mapped[str] = column(String(64), primary_key=True)
    """The key of a help category."""
    team_id: Mapped[str | None] = column(ForeignKey("team.id"), nullable=True)
    skill: Mapped[str | None] = column(String(40), nullable=True)
    people_only: Mapped[bool] = column(Boolean, default=False)


_PEOPLE_ONLY = select(TopicRule.topic).where(TopicRule.people_only.is_(True))


def people_only_topics(session: Session) -> frozenset[str]:
    """The topics of which the bot answers nothing."""
    return frozenset(session.scalars(_PEOPLE_ONLY))
