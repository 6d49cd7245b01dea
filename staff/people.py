"""A member of staff: who they are, what they may do, and what they can take."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import JSON, Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column

Role = Literal["agent", "editor", "supervisor", "admin"]
AGENT: Role = "agent"
EDITOR: Role = "editor"
SUPERVISOR: Role = "supervisor"
ADMIN: Role = "admin"
ROLES: tuple[Role, ...] = (AGENT, EDITOR, SUPERVISOR, ADMIN)

DESK: frozenset[Role] = frozenset({AGENT, SUPERVISOR, ADMIN})
"""Who may open the desk."""
EDITING: frozenset[Role] = frozenset({EDITOR, SUPERVISOR, ADMIN})
"""Who may open the editor."""
ADMINISTRATION: frozenset[Role] = frozenset({ADMIN})
EVERY_TEAM: frozenset[Role] = frozenset({SUPERVISOR, ADMIN})
"""Who sees the conversations of all teams."""

CHOICES = ("sound", "notifications", "enter_sends")
"""What somebody may choose for their own desk; off until it is chosen."""


class User(Base):
    __tablename__ = "staff_user"

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    email: Mapped[str] = column(String(254), unique=True)
    """In lower case: what they sign in with."""
    name: Mapped[str] = column(String(80))
    """As colleagues and customers read it."""
    role: Mapped[str] = column(String(16))
    locale: Mapped[str] = column(String(8), default="en")
    """The language of the pages they work with."""
    password_hash: Mapped[str | None] = column(Text, nullable=True)
    """Argon2id; None until they have chosen a password by their one-time link."""
    totp_secret: Mapped[str | None] = column(Text, nullable=True)
    """Encrypted; None without a second factor."""
    totp_step: Mapped[int | None] = column(Integer, nullable=True)
    """The time step of the last code that was taken: none is taken twice."""
    totp_pending: Mapped[str | None] = column(Text, nullable=True)
    """Encrypted; the secret that is being set up, until a code of it was right."""
    is_active: Mapped[bool] = column(Boolean, default=True)
    created_at: Mapped[datetime] = column(UTCDateTime)

    languages: Mapped[list[str]] = column(JSON, default=list)
    """The customers' languages they answer in (`en`, `de`); empty: all."""
    skills: Mapped[list[str]] = column(JSON, default=list)
    """What they know beyond what everybody does: words of the company's own."""
    capacity: Mapped[dict[str, int]] = column(JSON, default=dict)
    """By channel, how many conversations they may have at once; a channel that is not named: the default."""
    settings: Mapped[dict[str, Any]] = column(JSON, default=dict)
    """What they chose for their own pages, of `CHOICES`."""

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    def may(self, roles: frozenset[Role]) -> bool:
        return self.is_active and self.role in roles
