"""The foundation: declarative base, column types, sessions and migrations; imported by every package, imports none."""

from db.attempting import attempt
from db.base import Base, UTCDateTime, column, looked_up, utc_now
from db.database import Database, DatabaseError
from db.locking import lock
from db.one_by_one import one_by_one, resting

__all__ = [
    "Base",
    "Database",
    "DatabaseError",
    "UTCDateTime",
    "attempt",
    "column",
    "lock",
    "looked_up",
    "one_by_one",
    "resting",
    "utc_now",
]
