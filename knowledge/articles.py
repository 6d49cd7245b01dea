"""Help articles as stored: what was published, what is live, its passages and vectors, and the change counter."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column, looked_up, utc_now
from knowledge.redirects import today
from staff.people import User

ID_LENGTH = 200


class Article(Base):
    """One matter, whatever the language it is explained in."""

    __tablename__ = "article"

    id: Mapped[str] = column(String(ID_LENGTH), primary_key=True)
    created_at: Mapped[datetime] = column(UTCDateTime, default=utc_now)


class Revision(Base):
    """What was published of an article in one language at one time; never changed once written."""

    __tablename__ = "article_revision"
    __table_args__ = (UniqueConstraint("article_id", "locale", "number"),)

    id: Mapped[int] = column(Integer, primary_key=True)
    article_id: Mapped[str] = column(ForeignKey("article.id"))
    locale: Mapped[str] = column(String(10))
    number: Mapped[int] = column(Integer)
    """1, 2, 3 … within the article and locale."""
    title: Mapped[str] = column(Text)
    short_answer: Mapped[str] = column(Text)
    """Plain text."""
    body: Mapped[str] = column(Text)
    """Markdown."""
    questions: Mapped[list[str]] = column(JSON)
    category_then: Mapped[str] = column("category", String(64))
    """The key of its category when it was published."""
    category: Mapped[str] = looked_up(today(category_then))
    """The key by which that category is known today."""
    tags: Mapped[list[str]] = column(JSON)
    aliases: Mapped[list[str]] = column(JSON, default=list, server_default="[]")
    """Paths under which the article could be found elsewhere; they lead to its page."""
    internal: Mapped[bool] = column(Boolean, default=False, server_default=false())
    """For staff alone: no customer finds it by any door."""
    must_answer: Mapped[list[str]] = column(JSON, default=list, server_default="[]")
    """Questions, in whatever language, to which the bot must say this article."""
    must_not_answer: Mapped[list[str]] = column(JSON, default=list, server_default="[]")
    """Questions to which it must not."""
    created_at: Mapped[datetime] = column(UTCDateTime, default=utc_now)
    """When it was published."""
    author_id: Mapped[str | None] = column(ForeignKey(User.id), nullable=True)
    """Who published it; None: an import or the command line."""
    approved_by: Mapped[str | None] = column(ForeignKey(User.id), nullable=True)
    """Who looked at it before, if somebody did."""
    note: Mapped[str] = column(Text, default="", server_default="")
    """What changed and why, for colleagues."""


class Translation(Base):
    """An article in one language: which revision is live, and who looks after it."""

    __tablename__ = "article_translation"

    article_id: Mapped[str] = column(ForeignKey("article.id"), primary_key=True)
    locale: Mapped[str] = column(String(10), primary_key=True)
    live_revision_id: Mapped[int | None] = column(ForeignKey("article_revision.id"), nullable=True, index=True)
    owner_id: Mapped[str | None] = column(ForeignKey(User.id), nullable=True, index=True)
    """Who keeps it true."""
    review_months: Mapped[int | None] = column(Integer, nullable=True)
    """How often it is to be looked at again; None: whenever somebody finds a reason."""
    review_on: Mapped[date | None] = column(Date, nullable=True, index=True)
    """When it is to be looked at next."""
    imported: Mapped[str | None] = column(String(64), nullable=True)
    """The SHA-256 of the text that an import last brought; None: none did."""
    archived_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """Since when it is out of everybody's way, without being live; None: it is not."""
    seen_revision_id: Mapped[int | None] = column(ForeignKey("article_revision.id"), nullable=True)
    """The publication in the other language that this text agrees with; None: it was never in both."""


class ArticleUse(Base):
    """What the bot did with an article on one day, counted in the transaction of its turn."""

    __tablename__ = "article_use"

    article_id: Mapped[str] = column(String(ID_LENGTH), primary_key=True)
    locale: Mapped[str] = column(String(10), primary_key=True)
    day: Mapped[date] = column(Date, primary_key=True)
    """In UTC."""
    answered: Mapped[int] = column(Integer, default=0, server_default="0")
    helped: Mapped[int] = column(Integer, default=0, server_default="0")
    """How often the customer said so."""
    not_helped: Mapped[int] = column(Integer, default=0, server_default="0")


class Passage(Base):
    """A piece of a live revision that is embedded and found."""

    __tablename__ = "passage"

    revision_id: Mapped[int] = column(ForeignKey("article_revision.id"), primary_key=True)
    ordinal: Mapped[int] = column(Integer, primary_key=True)
    kind: Mapped[str] = column(String(10))
    heading_path: Mapped[list[str]] = column(JSON)
    text: Mapped[str] = column(Text)
    content_hash: Mapped[str] = column(String(64), index=True)


class Embedding(Base):
    """The vector of one text under one model: computed once, whichever revisions and articles contain the text."""

    __tablename__ = "embedding"

    content_hash: Mapped[str] = column(String(64), primary_key=True)
    model: Mapped[str] = column(String(200), primary_key=True)
    vector: Mapped[bytes] = column(LargeBinary)
    """float32, little-endian."""


class IndexVersion(Base):
    """One row that counts the changes of what is live.

    It is updated in the transaction of each change, so that its row lock lets the changes be seen in the order of
    their numbers: a sequence of the database would give 6 to one who commits before 5.
    """

    __tablename__ = "index_version"

    id: Mapped[int] = column(Integer, primary_key=True)
    version: Mapped[int] = column(Integer)


class IndexChange(Base):
    """The version at which an article last changed in a locale; it outlives the article, so that readers hear of it."""

    __tablename__ = "index_change"

    article_id: Mapped[str] = column(String(ID_LENGTH), primary_key=True)
    locale: Mapped[str] = column(String(10), primary_key=True)
    version: Mapped[int] = column(Integer, index=True)
