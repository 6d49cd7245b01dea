"""Does something to row after row: what goes wrong with one of them keeps no other from its turn."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

log = structlog.get_logger(__name__)

Row = TypeVar("Row", bound=Hashable)
Done = TypeVar("Done")

FIRST_REST = timedelta(seconds=1)
LONGEST_REST = timedelta(hours=1)
"""What went wrong is left alone for so long at first, then twice as long each time, and for so long at most: it is
neither tried nor logged each second for ever."""

_resting: dict[tuple[str, Hashable], tuple[datetime, timedelta]] = {}
"""By the work and the row, since when and how long."""


def one_by_one(work: str, rows: Iterable[Row], do: Callable[[Row], Done], now: datetime) -> Iterator[tuple[Row, Done]]:
    """Each row with what came of it, without those that failed now or rest since. A row is what is logged of it: ids.

    `work` names it in the log. A lost connection is no row's fault, and is raised.
    """
    _forget(now)
    for row in rows:
        key = (work, row)
        if _is_resting(key, now):
            continue
        try:
            done = do(row)
        except Exception as error:
            if getattr(error, "connection_invalidated", False):
                raise
            rest = min(2 * _resting[key][1], LONGEST_REST) if key in _resting else FIRST_REST
            _resting[key] = now, rest
            log.exception("row_failed", work=work, row=row, again_in=rest.total_seconds())
            continue
        _resting.pop(key, None)
        yield row, done


def resting(work: str, now: datetime) -> int:
    """How many rows rest: so many more are to be looked for, where only the first ones are."""
    return sum(key[0] == work and _is_resting(key, now) for key in list(_resting))


def _is_resting(key: tuple[str, Hashable], now: datetime) -> bool:
    since, rest = _resting.get(key, (now, timedelta()))
    return since <= now < since + rest


def _forget(now: datetime) -> None:
    """What nobody has come back with is done, or gone."""
    for key, (since, _rest) in list(_resting.items()):
        if not since <= now < since + 2 * LONGEST_REST:
            _resting.pop(key, None)
