"""A piece of work: an article, or what was searched for in vain, with the one reason why it needs somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal

Kind = Literal[
    "stopped", "broken", "waiting", "unhelpful", "review", "stale", "outdated", "missing", "no_result", "unused"
]
KINDS: tuple[Kind, ...] = (
    "stopped", "broken", "waiting", "unhelpful", "review", "stale", "outdated", "missing", "no_result", "unused"
)  # fmt: skip
"""In the order of those that customers meet as often."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Item:
    kind: Kind
    locale: str
    title: str
    """Of the article; or what was searched for."""
    met: int
    """How often customers met it in the last `DAYS`."""
    id: str = ""
    """Of the article; empty: there is none yet."""
    owner_id: str | None = None
    since: datetime = LONG_AGO
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What its sentence names."""

    @property
    def rank(self) -> tuple[Any, ...]:
        return -self.met, KINDS.index(self.kind), self.since, self.locale, self.id, self.title
