"""Facts in columns: what hundreds of thousands of conversations are counted in within milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOMENTS = (
    "opened_at",
    "closed_at",
    "said_at",
    "resolved_at",
    "next_at",
    "claim_seconds",
    "reply_seconds",
    "reply_open_seconds",
    "ces",
    "csat",
    "nps",
    "again",
    "follow_up_at",
    "follow_up_due",
    "follow_up_reached",
    "follow_up_closed",
)
"""Columns of numbers that may be missing: float64, NaN where they are."""
COUNTS = (
    "switches",
    "said",
    "by_us",
    "people_said",
    "questions",
    "answered",
    "unknown",
    "helped",
    "not_helped",
    "reopens",
    "handoffs",
    "queued",
    "left_queue",
    "ended",
    "unreplied",
    "missed",
)
"""Columns of whole numbers: int32."""
NAMED = (
    "close_reason",
    "resolved_by",
    "channels",
    "locale",
    "team_id",
    "agent_id",
    "topic",
    "article_id",
    "reason",
    "survey",
    "cause",
)
"""Columns of names, as numbers of `names[column]`: int32, -1 where there is none."""
COLUMNS = (*MOMENTS, *COUNTS, *NAMED)


class Facts:
    """Some conversations, a row each. What is taken of it shares the columns: only what is asked for is copied."""

    def __init__(
        self,
        ids: Array,
        columns: Mapping[str, Array],
        names: Mapping[str, Sequence[str]],
        rows: Array | None = None,
    ) -> None:
        """`ids`: those of the conversations; `names`: by column of `NAMED`, the names that its numbers stand for."""
        self._ids, self._columns, self.names, self._rows = ids, columns, names, rows

    def __len__(self) -> int:
        return len(self._ids if self._rows is None else self._rows)

    def __getitem__(self, column: str) -> Array:
        whole = self._columns[column]
        return whole if self._rows is None else whole[self._rows]

    @property
    def ids(self) -> Array:
        return self._ids if self._rows is None else self._ids[self._rows]

    def where(self, mask: Array) -> Facts:
        """Those for which the mask, of our length, is true."""
        chosen = np.flatnonzero(mask)
        return Facts(self._ids, self._columns, self.names, chosen if self._rows is None else self._rows[chosen])

    def at(self, places: Array) -> Facts:
        """Those at these places among ours, in their order."""
        rows = places if self._rows is None else self._rows[places]
        return Facts(self._ids, self._columns, self.names, rows)

    def code(self, column: str, name: str | None) -> int:
        """The number that a name has in a column; -1: none; -2: no conversation has it."""
        if name is None:
            return -1
        names = self.names[column]
        return names.index(name) if name in names else -2

    def has(self, column: str, *names: str) -> Array:
        """Of each conversation, whether it has one of these names in a column."""
        return np.isin(self[column], [self.code(column, name) for name in names])

    def by(self, column: str) -> dict[str | None, Facts]:
        """By name in a column, the conversations that have it; most conversations first."""
        codes = self[column]
        order = np.argsort(codes, kind="stable")
        found, begins = np.unique(codes[order], return_index=True)
        groups = np.split(order, begins[1:]) if len(found) else []
        pairs = [
            (self.names[column][code] if code >= 0 else None, self.at(group))
            for code, group in zip(found, groups, strict=True)
        ]
        return dict(sorted(pairs, key=lambda pair: -len(pair[1])))

    def in_channel(self, channel: str) -> Array:
        """Of each conversation, whether the customer wrote in this channel."""
        of = [number for number, names in enumerate(self.names["channels"]) if channel in names.split(",")]
        return np.isin(self["channels"], of)


def facts_of(rows: Sequence[Mapping[str, Any]]) -> Facts:
    """The columns of some rows; what a row does not say is missing, or 0 where it is a count."""
    columns: dict[str, Array] = {}
    names: dict[str, list[str]] = {}
    for column in MOMENTS:
        values = [row.get(column) for row in rows]
        columns[column] = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    for column in COUNTS:
        columns[column] = np.array([row.get(column) or 0 for row in rows], dtype=np.int32)
    for column in NAMED:
        said = [row.get(column) for row in rows]
        names[column] = sorted({one for one in said if one is not None})
        numbers = {name: number for number, name in enumerate(names[column])} | {None: -1}
        columns[column] = np.array([numbers[one] for one in said], dtype=np.int32)
    ids = np.array([row.get("conversation_id", "") for row in rows], dtype=object)
    return Facts(ids, columns, names)
