"""What is set of the desk while it runs: what is said outside opening hours, how often to those who wait, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session

from db import Base, column
from handoff.clocks import WARNING_MINUTES


class DeskSetting(Base):
    """One that was ever saved; what isn't there is as it was delivered."""

    __tablename__ = "desk_setting"

    name: Mapped[str] = column(String(40), primary_key=True)
    """A field of `DeskSettings`."""
    value: Mapped[Any] = column(JSON)


@dataclass(frozen=True)
class DeskSettings:
    closed: Mapping[str, str] = field(default_factory=dict)
    """By language, what customers hear besides outside opening hours."""
    again_minutes: int = 10
    """Nobody who waits is told more often how long it takes."""
    most_times: int = 3
    """How often at most; after that the house has nothing new to say."""
    warning_minutes: int = WARNING_MINUTES
    """A warning comes no sooner than so long before a target is missed."""

    @property
    def again(self) -> timedelta:
        return timedelta(minutes=self.again_minutes)


_KEPT = select(DeskSetting.name, DeskSetting.value)
"""Made once: it is asked for in every round."""


def desk_settings(session: Session) -> DeskSettings:
    """As they are now, in all processes."""
    kept = {name: value for name, value in session.execute(_KEPT)}  # noqa: C416  rows are no tuples to mypy
    return DeskSettings(**{name: kept[name] for name in DeskSettings.__dataclass_fields__ if name in kept})


def keep_desk_settings(session: Session, settings: DeskSettings) -> None:
    for name, value in asdict(settings).items():
        session.merge(DeskSetting(name=name, value=value))
