"""The key that signs sessions: from SECRET_KEY, or made once and kept in the database for every process."""

from __future__ import annotations

from secrets import token_urlsafe

from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped

from db import Base, Database, column


class Secret(Base):
    __tablename__ = "secret"

    name: Mapped[str] = column(String(32), primary_key=True)
    value: Mapped[str] = column(String(200))


def signing_key(database: Database, given: str) -> str:
    """The key of SECRET_KEY, or the database's own."""
    if given:
        return given
    try:
        with database.transaction() as session:
            secret = session.get(Secret, "signing") or Secret(name="signing", value=token_urlsafe(48))
            session.add(secret)
            return secret.value
    except IntegrityError:
        # Another process made it at the same moment.
        return signing_key(database, given)
