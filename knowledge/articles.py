"""Help articles as stored: revisions, which is live and which a draft, their passages, vectors and change counter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column, utc_now

ID_LENGTH = 200


class Article(Base):
    """One matter, whatever the language it is explained in."""

    __tablename__ = "article"

    id: Mapped[str] = column(String(ID_LENGTH), primary_key=True)
    created_at: Mapped[datetime] = column(UTCDateTime, default=utc_now)


class Revision(Base):
    """What an article said in one language at one time; never changed once written."""

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
    category: Mapped[str] = column(String(64))
    tags: Mapped[list[str]] = column(JSON)
    aliases: Mapped[list[str]] = column(JSON, default=list, server_default="[]")
    """Paths under which the article could be found elsewhere; they lead to its page."""
    created_at: Mapped[datetime] = column(UTCDateTime, default=utc_now)


class Translation(Base):
    """An article in one language: which revision customers see, and which one is being written."""

    __tablename__ = "article_translation"

    article_id: Mapped[str] = column(ForeignKey("article.id"), primary_key=True)
    locale: Mapped[str] = column(String(10), primary_key=True)
    live_revision_id: Mapped[int | None] = column(ForeignKey("article_revision.id"), nullable=True, index=True)
    draft_revision_id: Mapped[int | None] = column(ForeignKey("article_revision.id"), nullable=True, index=True)


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
