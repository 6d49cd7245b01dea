"""Recovery codes: each opens the second factor's door once, when the phone with the codes is gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from db import Base, UTCDateTime, column


class RecoveryCode(Base):
    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = column(String(64), primary_key=True)
    user_id: Mapped[str] = column(ForeignKey("staff_user.id"), index=True)
    used_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
