"""Waivers: a question that is broken with somebody's leave, until it holds again or nobody asks it any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Boolean, ForeignKey, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column
from knowledge.article_text import CONTROL
from knowledge.articles import Article
from knowledge.checking.expecting import Expectation
from staff import audit
from staff.people import User

REASON_LENGTH = 500
WAITS = timedelta(days=30)
"""So long a waiver waits for the publication that it was given for."""


class Waiver(Base):
    """Somebody's leave for one article, language, question and what is expected of it."""

    __tablename__ = "waiver"
    __table_args__ = (UniqueConstraint("article_id", "locale", "question", "must"),)

    id: Mapped[int] = column(Integer, primary_key=True)
    article_id: Mapped[str] = column(ForeignKey(Article.id))
    locale: Mapped[str] = column(String(10))
    question: Mapped[str] = column(String(500))
    must: Mapped[str] = column(String(12))
    """A `Must`."""
    reason: Mapped[str] = column(Text)
    user_id: Mapped[str] = column(ForeignKey(User.id))
    at: Mapped[datetime] = column(UTCDateTime)
    is_used: Mapped[bool] = column(Boolean, default=False)
    """Whether the question was broken among what is live since; before that, a draft waits to break it."""

    @property
    def expectation(self) -> Expectation:
        return Expectation(
            self.article_id, self.locale, self.question, "answer" if self.must == "answer" else "not_answer"
        )


class WaiverError(Exception):
    """A waiver can't be taken; the reason is a key of the words beside the page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def waive(session: Session, expectation: Expectation, reason: str, user_id: str, now: datetime) -> Waiver:
    """Gives leave, or gives it anew with another reason. Raises WaiverError."""
    said = " ".join(CONTROL.sub(" ", reason).split())
    if not said:
        raise WaiverError("no_reason")
    if len(said) > REASON_LENGTH:
        raise WaiverError("long_reason")
    waiver = find_waiver(session, expectation) or _blank(expectation)
    waiver.reason, waiver.user_id, waiver.at = said, user_id, now
    session.add(waiver)
    _note(session, "question_waived", expectation, now, user_id)
    return waiver


def take_back(session: Session, expectation: Expectation, user_id: str | None, now: datetime) -> None:
    """It is no longer waived; nothing if it wasn't."""
    waiver = find_waiver(session, expectation)
    if waiver is not None:
        session.delete(waiver)
        _note(session, "waiver_ended", expectation, now, user_id)


def find_waiver(session: Session, expectation: Expectation) -> Waiver | None:
    query = select(Waiver).filter_by(
        article_id=expectation.article_id,
        locale=expectation.locale,
        question=expectation.question,
        must=expectation.must,
    )
    found: Waiver | None = session.scalars(query).one_or_none()
    return found


def waivers(session: Session) -> dict[Expectation, Waiver]:
    return {waiver.expectation: waiver for waiver in session.scalars(select(Waiver))}


def settle(session: Session, holds: Mapping[Expectation, bool], asked: Collection[Expectation], now: datetime) -> None:
    """Forgets what is past: the question holds again, is asked by no text any more, or was never broken after all.

    `holds`: of the waived questions that are live; `asked`: all that live articles and drafts ask.
    """
    for expectation, waiver in waivers(session).items():
        is_broken = holds.get(expectation) is False
        waiver.is_used = waiver.is_used or is_broken
        is_over = not is_broken and (waiver.is_used or now - waiver.at > WAITS)
        if expectation not in asked or is_over:
            take_back(session, expectation, None, now)


def _blank(expectation: Expectation) -> Waiver:
    return Waiver(
        article_id=expectation.article_id,
        locale=expectation.locale,
        question=expectation.question,
        must=expectation.must,
        is_used=False,
    )


def _note(session: Session, action: str, expectation: Expectation, now: datetime, user_id: str | None) -> None:
    subject = f"{expectation.article_id} ({expectation.locale})"[:100]
    audit.record(session, action, now, user_id=user_id, subject=subject, must=expectation.must)
