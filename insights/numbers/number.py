"""What a figure is: how it is counted, what it is called, and its definition as it stands on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from insights.facts.columns import Array, Facts
from insights.numbers.intervals import student, wilson

Unit = Literal["count", "share", "score", "seconds", "nps"]
Counting = Callable[[Facts, float], Array]
"""From facts and the moment (seconds since 1970) to a number for each conversation; it changes neither."""


@dataclass(frozen=True)
class Number:
    key: str
    unit: Unit
    names: dict[str, str]
    """By language."""
    definition: dict[str, str]
    of: Counting
    """How many cases each conversation brings: 0 or 1, or more where questions or hand-offs are counted."""
    met: Counting | None = None
    """Of a share: how many of them are meant."""
    value: Counting | None = None
    """Of a mean: the value of each case."""
    best: Literal["high", "low", "neither"] = "neither"
    bounds: tuple[float, float] = (-np.inf, np.inf)
    """Between which values it can lie; an interval does not go beyond."""
    of_all: bool = False
    """Where groups are compared, whether the cases of each are those of all of them: their shares add up."""


@dataclass(frozen=True)
class Measured:
    """A figure of some conversations. What there are too few cases for is None."""

    n: int
    """Cases it was counted from."""
    value: float | None
    low: float | None = None
    high: float | None = None
    """The 95 % confidence interval."""
    median: float | None = None
    p90: float | None = None
    """The 90th percentile, interpolated between neighbours: of what is good when it is low, how bad it gets."""
    p10: float | None = None
    """The 10th one: of what is good when it is high."""
    total: float = 0.0
    """Of a share, how many were meant; of a mean, the sum."""

    @property
    def is_known(self) -> bool:
        return self.value is not None


def measure(number: Number, facts: Facts, now: float) -> Measured:
    """The figure of these conversations, as it is known at this moment."""
    cases = number.of(facts, now)
    if number.met:
        return _share(int(cases.sum()), int((number.met(facts, now) * (cases > 0)).sum()))
    if number.value:
        return _mean(number, number.value(facts, now)[cases > 0])
    return Measured(int(cases.sum()), float(cases.sum()), total=float(cases.sum()))


def measure_part(number: Number, part: Facts, whole: Facts, now: float) -> Measured:
    """Of a share, how many of the whole's cases are meant and among these conversations of it."""
    if not (number.of_all and number.met):
        return measure(number, part, now)
    cases = number.of(part, now)
    return _share(int(number.of(whole, now).sum()), int((number.met(part, now) * (cases > 0)).sum()))


def behind(number: Number, facts: Facts, now: float, part: str = "") -> Facts:
    """The conversations that a figure was counted from; of a share, with `part`, those `met` or `missed`."""
    cases = number.of(facts, now)
    mask = cases > 0
    if number.met and part == "met":
        mask &= number.met(facts, now) > 0
    elif number.met and part == "missed":
        mask &= number.met(facts, now) < cases
    return facts.where(mask)


def _share(n: int, met: int) -> Measured:
    if n == 0:
        return Measured(0, None)
    low, high = wilson(met, n) or (None, None)
    return Measured(n, met / n, low, high, total=met)


def _mean(number: Number, values: Array) -> Measured:
    n = len(values)
    if n == 0:
        return Measured(0, None)
    mean, (lowest, highest) = float(np.mean(values)), number.bounds
    low, high = student(values) or (None, None)
    interval = (None if low is None else max(low, lowest), None if high is None else min(high, highest))
    if number.unit == "nps":
        return Measured(n, mean, *interval, total=float(np.sum(values)))
    p10, median, p90 = (float(one) for one in np.percentile(values, (10, 50, 90)))
    return Measured(n, mean, *interval, median, p90, p10, float(np.sum(values)))
