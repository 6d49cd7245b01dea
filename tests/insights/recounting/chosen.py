"""Which conversations an address chooses, and how they fall into groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from tests.insights.recounting.stories import Story

DAY = timedelta(days=1)
ONE: dict[str, Callable[[Story], Any]] = {
    "locale": lambda one: one.locale,
    "team": lambda one: one.team,
    "agent": lambda one: one.agent,
    "topic": lambda one: one.topic,
    "article": lambda one: one.article,
    "reason": lambda one: one.reason,
    "cause": lambda one: one.cause,
}
"""By filter, what each conversation has of it; `-` in an address: nothing."""


@dataclass(frozen=True)
class Chosen:
    """The days and the filters of an address."""

    first: date
    last: date
    zone: ZoneInfo
    filters: dict[str, str] = field(default_factory=dict)

    @property
    def before(self) -> Chosen:
        """As many days, directly before."""
        days = (self.last - self.first).days + 1
        return Chosen(self.first - days * DAY, self.last - days * DAY, self.zone, self.filters)

    def of(self, told: Iterable[Story]) -> list[Story]:
        return [one for one in told if self.first <= self.day(one) <= self.last and self._fits(one)]

    def day(self, one: Story) -> date:
        return one.opened.astimezone(self.zone).date()

    def steps(self, told: Iterable[Story]) -> list[tuple[date, list[Story]]]:
        """Day by day, or week by week where they are more than five weeks."""
        step = 1 if (self.last - self.first).days < 35 else 7
        chosen = self.of(told)
        found, day = [], self.first
        while day <= self.last:
            found.append((day, [one for one in chosen if day <= self.day(one) < day + step * DAY]))
            day += step * DAY
        return found

    def _fits(self, one: Story) -> bool:
        return all(_is(one, name, value) for name, value in self.filters.items())


def _is(one: Story, name: str, value: str) -> bool:
    if name == "channel":
        return value in one.channels
    if name == "score":
        return "ces" in one.scores and floor(one.scores["ces"] + 0.5) == int(value)
    return bool(ONE[name](one) == (None if value == "-" else value))


def groups(told: Iterable[Story], name: str) -> dict[str, list[Story]]:
    """By value of a filter, the matters that have it; whoever moved is in each of their channels."""
    found: dict[str, list[Story]] = {}
    for one in told:
        if one.is_ours:
            for key in set(one.channels) if name == "channel" else [ONE[name](one)]:
                found.setdefault("-" if key is None else key, []).append(one)
    if name in ("reason", "cause", "agent"):
        found.pop("-", None)
    return found
