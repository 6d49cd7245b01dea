"""What becomes of a topic: which team takes it, what one must know for it, and whether the bot may answer at all."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session

from db import Base, column, lock
from knowledge.article_text import ArticleError
from knowledge.redirects import CategoryRedirect


class TopicRule(Base):
    __tablename__ = "topic_rule"

    topic: Mapped[str] = column(String(64), primary_key=True)
    """The key of a help category."""
    team_id: Mapped[str | None] = column(ForeignKey("team.id"), nullable=True)
    skill: Mapped[str | None] = column(String(40), nullable=True)
    people_only: Mapped[bool] = column(Boolean, default=False)


_PEOPLE_ONLY = select(TopicRule.topic).where(TopicRule.people_only.is_(True))
_FORMER = (
    select(CategoryRedirect.old_key)
    .join(TopicRule, TopicRule.topic == CategoryRedirect.key)
    .where(TopicRule.people_only.is_(True))
)


def follow_category(session: Session, old: str, new: str, merged: bool) -> None:
    """The rule of a category goes with it to another key; where two become one, the one that takes in keeps its own.

    Raises ArticleError where the bot would begin to answer, or stop answering, without an admin having said so.
    """
    lock(session, "topics")
    theirs, there = session.get(TopicRule, old), session.get(TopicRule, new)
    if merged and _is_people_only(theirs) != _is_people_only(there):
        raise ArticleError(
            "In one of the two, only people answer. Ask an admin to make that alike under Topics, then merge them.",
            "In einer der beiden antworten nur Menschen. Bitten Sie die Administration, das unter Themen anzugleichen;"
            " danach lassen sie sich zusammenlegen.",
        )
    if theirs is not None:
        session.delete(theirs)
    if not merged:
        _put(session, theirs, there, new)


def _is_people_only(rule: TopicRule | None) -> bool:
    return rule is not None and rule.people_only


def _put(session: Session, rule: TopicRule | None, left_over: TopicRule | None, topic: str) -> None:
    """In the place of what another category of this key may have left behind."""
    if left_over is not None:
        session.delete(left_over)
        session.flush()
    if rule is not None:
        session.add(TopicRule(topic=topic, team_id=rule.team_id, skill=rule.skill, people_only=rule.people_only))


def people_only_topics(session: Session) -> frozenset[str]:
    """The topics of which the bot answers nothing."""
    # What is read by an old key was found a moment before its category was moved.
    return frozenset(session.scalars(_PEOPLE_ONLY.union(_FORMER)))
