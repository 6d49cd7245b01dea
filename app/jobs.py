"""What is done now and then by itself: one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from channels.linking.codes import forget_codes


@dataclass(frozen=True)
class Job:
    name: str
    every_seconds: int
    do: Callable[[Session, datetime], None]
    """In a transaction of its own; doing it twice, or in two processes at once, does no harm."""


JOBS = (Job("forget_codes", 3600, forget_codes),)
