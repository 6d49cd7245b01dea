"""The foundation: declarative base, column types, sessions and migrations; imported by every package, imports none."""

from db.base import Base, UTCDateTime, column, utc_now
from db.database import Database, DatabaseError

__all__ = ["Base", "Database", "DatabaseError", "UTCDateTime", "column", "utc_now"]
