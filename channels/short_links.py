"""Short addresses for what is long: an SMS has no room for the path of an article."""

from __future__ import annotations

from sqlalchemy import Integer, String, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped

from db import Base, Database, column

DIGITS = "23456789abcdefghjkmnpqrstuvwxyz"
"""None of them is mistaken for another one when it is typed off a phone."""
LONGEST = 8


class ShortLink(Base):
    __tablename__ = "short_link"

    id: Mapped[int] = column(Integer, primary_key=True)
    path: Mapped[str] = column(String(400), unique=True)


def short_path(database: Database, path: str) -> str:
    """The short path of a path on this installation; made the first time."""
    with database.reading() as session:
        known = session.scalars(select(ShortLink.id).filter_by(path=path)).first()
    return f"/a/{_spelled(known or _add(database, path))}"


def likely_short_path(database: Database, path: str) -> str:
    """What `short_path` gives, or would give if it was the next to make one; nothing is stored."""
    with database.reading() as session:
        known = session.scalars(select(ShortLink.id).filter_by(path=path)).first()
        return f"/a/{_spelled(known or (session.scalar(select(func.max(ShortLink.id))) or 0) + 1)}"


def long_path(database: Database, spelled: str) -> str | None:
    """The path behind a short one; None if there is none."""
    number = _number(spelled.lower()) if 0 < len(spelled) <= LONGEST else None
    if not number or number >= 2**31:
        return None
    with database.reading() as session:
        link = session.get(ShortLink, number)
        return link.path if link else None


def _add(database: Database, path: str) -> int:
    try:
        with database.transaction() as session:
            link = ShortLink(path=path)
            session.add(link)
            session.flush()
            return link.id
    except IntegrityError:  # Somebody else was quicker.
        with database.reading() as session:
            return int(session.scalars(select(ShortLink.id).filter_by(path=path)).one())


def _spelled(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits


def _number(spelled: str) -> int | None:
    number = 0
    for character in spelled:
        if character not in DIGITS:
            return None
        number = number * len(DIGITS) + DIGITS.index(character)
    return number
