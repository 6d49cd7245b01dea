"""Whether a customer may be written to: dated records with their source; the last one counts."""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile
from typing import Literal

from sqlalchemy import ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session

from channels.customer import Address
from db import Base, UTCDateTime, column

State = Literal["stopped", "started"]
Source = Literal["keyword", "provider"]
"""A word they sent, or the provider: it has understood the word itself, or refuses to send."""


class Consent(Base):
    """One change of mind; the last one of an address counts."""

    __tablename__ = "consent"

    id: Mapped[int] = column(Integer, primary_key=True)
    address_id: Mapped[str] = column(ForeignKey("address.id"), index=True)
    state: Mapped[str] = column(String(16))
    source: Mapped[str] = column(String(16))
    said: Mapped[str] = column(Text)
    """What they wrote, or the provider's code."""
    at: Mapped[datetime] = column(UTCDateTime)


def record_consent(
    session: Session, address: Address, state: State, source: Source, said: str, now: datetime
) -> Consent:
    """Keeps what was said about being written to, and lets it count from now on."""
    consent = Consent(address_id=address.id, state=state, source=source, said=said, at=now)
    session.add(consent)
    address.stopped_at = now if state == "stopped" else None
    return consent


def stops_since_start(session: Session, address: Address) -> list[Consent]:
    """The records by which nothing may be sent to the address now, last first."""
    records = select(Consent).filter_by(address_id=address.id).order_by(Consent.id.desc())
    return list(takewhile(lambda one: one.state == "stopped", session.scalars(records)))
