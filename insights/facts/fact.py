"""The facts of one conversation: a row that can be thrown away and derived again."""

from __future__ import annotations

from sqlalchemy import Float, Index, Integer, String
from sqlalchemy.orm import Mapped

from db import Base, column

WHOLE = 1
"""The one row of `FactState`."""


class ConversationFact(Base):
    """Moments are seconds since 1970 in UTC: hundreds of thousands of them are read at once.

    What customer and house said to each other counts until the conversation was closed; the question at the end and
    its answer come after it. Of one that was opened again because of a low score, all is as it was before: what the
    follow-up did is in its own columns.
    """

    __tablename__ = "conversation_fact"
    __table_args__ = (Index("ix_conversation_fact_version", "version"),)

    conversation_id: Mapped[str] = column(String(36), primary_key=True)
    version: Mapped[int] = column(Integer)
    """The number of the change that wrote it: who has read up to one asks for what came after it."""
    customer_id: Mapped[str] = column(String(36))
    opened_at: Mapped[float] = column(Float)
    closed_at: Mapped[float | None] = column(Float, nullable=True)
    said_at: Mapped[float] = column(Float)
    """When the last thing was said in it."""
    close_reason: Mapped[str | None] = column(String(32), nullable=True)
    resolved_at: Mapped[float | None] = column(Float, nullable=True)
    """When it was resolved, for good; None: it was not, or not yet."""
    resolved_by: Mapped[str | None] = column(String(12), nullable=True)
    """`customer` said so, `agent` closed it as resolved, or `silence` followed on an answer."""
    next_at: Mapped[float | None] = column(Float, nullable=True)
    """When the customer, or whoever turned out to be them, opened another conversation, in whichever channel; or, after
    a low score, called for a person."""
    channels: Mapped[str] = column(String(60))
    """Those the customer wrote in, in that order, separated by commas."""
    switches: Mapped[int] = column(Integer)
    """How often they wrote in another channel than before."""
    locale: Mapped[str | None] = column(String(8), nullable=True)
    team_id: Mapped[str | None] = column(String(36), nullable=True)
    """None: it never left the bot. Its team and person are those who had it when the question at the end was asked, or
    else at last."""
    agent_id: Mapped[str | None] = column(String(36), nullable=True)
    topic: Mapped[str | None] = column(String(64), nullable=True)
    """The key of the help category: as the hand-off says, or else that of the last answer."""
    article_id: Mapped[str | None] = column(String(64), nullable=True)
    """The article that was said last."""

    said: Mapped[int] = column(Integer)
    """Messages of the customer; 0: nothing that anybody was to answer."""
    by_us: Mapped[int] = column(Integer)
    """1: somebody of us wrote first, so that it is no contact of the customer's."""
    people_said: Mapped[int] = column(Integer)
    questions: Mapped[int] = column(Integer)
    """What the bot looked for in the articles."""
    answered: Mapped[int] = column(Integer)
    unknown: Mapped[int] = column(Integer)
    """Questions to which no article was found."""
    helped: Mapped[int] = column(Integer)
    not_helped: Mapped[int] = column(Integer)
    """Answers to which the customer said so."""
    reopens: Mapped[int] = column(Integer)

    handoffs: Mapped[int] = column(Integer)
    """Without those that staff began themselves."""
    reason: Mapped[str | None] = column(String(16), nullable=True)
    """Of the first one."""
    queued: Mapped[int] = column(Integer)
    """Hand-offs whose wait is over: somebody came, or it ended before."""
    left_queue: Mapped[int] = column(Integer)
    """Of these: the customer went before anybody came."""
    ended: Mapped[int] = column(Integer)
    """Hand-offs to which a person replied, or that are over."""
    unreplied: Mapped[int] = column(Integer)
    """Of these: over without a reply by a person."""
    claim_seconds: Mapped[float | None] = column(Float, nullable=True)
    """From the first hand-off that was taken until it was."""
    reply_seconds: Mapped[float | None] = column(Float, nullable=True)
    """From the first hand-off that was replied to until a person first replied, by the clock."""
    reply_open_seconds: Mapped[float | None] = column(Float, nullable=True)
    """The same in opening hours of the team, as they were then."""
    missed: Mapped[int] = column(Integer)
    """Targets that were missed."""

    survey: Mapped[str | None] = column(String(12), nullable=True)
    """What became of the question at the end (`insights.surveys.survey.State`)."""
    ces: Mapped[float | None] = column(Float, nullable=True)
    """1 to 7; of another scale, as far between its ends."""
    csat: Mapped[float | None] = column(Float, nullable=True)
    """1 to 5, likewise."""
    nps: Mapped[float | None] = column(Float, nullable=True)
    """0 to 10."""
    again: Mapped[float | None] = column(Float, nullable=True)
    """The effort, asked again after somebody has looked after a low score: 1 to 7."""
    follow_up_at: Mapped[float | None] = column(Float, nullable=True)
    follow_up_due: Mapped[float | None] = column(Float, nullable=True)
    follow_up_reached: Mapped[float | None] = column(Float, nullable=True)
    follow_up_closed: Mapped[float | None] = column(Float, nullable=True)
    cause: Mapped[str | None] = column(String(24), nullable=True)
    """Of a low score, as somebody found it out."""


TABLE = Base.metadata.tables[ConversationFact.__tablename__]


class FactState(Base):
    """How far the facts have been derived; one row."""

    __tablename__ = "fact_state"

    id: Mapped[int] = column(Integer, primary_key=True)
    version: Mapped[int] = column(Integer, default=0)
    """The number of the last change."""
    looked_at: Mapped[float] = column(Float, default=0.0)
    """Until when it was looked for what has changed."""
    event_id: Mapped[int] = column(Integer, default=0)
    """The last event that was looked at."""
    swept: Mapped[str] = column(String(36), default="")
    """The last conversation of the walk through all of them, by which in the end everything is derived again."""
