"""The declarative base of every table, with the naming convention of its constraints and the UTC column type."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import Column, DateTime, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeMeta, column_property, registry

# Named constraints can be altered by a migration on every database.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

mapper_registry = registry(metadata=MetaData(naming_convention=NAMING))


class Base(metaclass=DeclarativeMeta):
    __abstract__ = True
    registry = mapper_registry
    metadata = mapper_registry.metadata

    def __init__(self, **values: Any) -> None:
        mapper_registry.constructor(self, **values)


def column(*args: Any, **options: Any) -> Any:
    """A `Column`, typed so that `name: Mapped[str] = column(String)` reads as what the attribute holds.

    Columns are NOT NULL unless they say `nullable=True`.
    """
    options.setdefault("nullable", False)
    return Column(*args, **options)


def looked_up(expression: Any) -> Any:
    """What is read with a row but stands elsewhere, typed as `column` is."""
    return column_property(expression)


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


class UTCDateTime(TypeDecorator):  # type: ignore[type-arg]
    """A moment: aware datetimes in, aware UTC datetimes out, on databases with and without time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A moment without a time zone can't be stored: {value!r}")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=timezone.utc)
