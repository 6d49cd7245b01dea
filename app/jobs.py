"""What is done now and then by itself: one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.settings import Settings
from channels.linking.codes import forget_codes
from db import Database
from knowledge.imports.beginning import forget_imports
from knowledge.pictures import PictureStore
from knowledge.pictures.unused import remove_unused
from staff.attempts import forget_old_attempts
from staff.links import forget_links
from staff.sessions import forget_sessions

HOUR = 3600


@dataclass(frozen=True)
class Job:
    name: str
    every_seconds: int
    do: Callable[[Database, datetime], object]
    """Doing it twice, or in two processes at once, does no harm."""
    at_start: bool = False
    """Whether it is also done as soon as the process has begun."""


def unused_pictures(settings: Settings) -> Job:
    """Removes what was pasted into an article and thought better of."""
    store = PictureStore(settings.pictures_dir)
    return Job("unused_pictures", 24 * HOUR, lambda database, now: remove_unused(database, store, now), at_start=True)


def _forget_codes(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        forget_codes(session, now)


def _forget_the_door(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        forget_old_attempts(session, now)
        forget_sessions(session, now)
        forget_links(session, now)


JOBS = (
    Job("forget_codes", HOUR, _forget_codes),
    Job("forget_the_door", HOUR, _forget_the_door),
    Job("forget_imports", HOUR, forget_imports),
)
