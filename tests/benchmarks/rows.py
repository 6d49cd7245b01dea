"""A line of the table: a figure from one run and the limit it should keep; timings are shown, never asserted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Row:
    name: str
    figure: float | None
    """None: not measured, and the note says why."""
    unit: str = ""
    """Empty for a ratio."""
    limit: float | None = None
    at_least: bool = False
    """Whether the limit is the lowest figure that is good enough, not the highest."""
    note: str = ""

    @property
    def is_kept(self) -> bool | None:
        """Whether the limit is kept; None where there is nothing to compare."""
        if self.figure is None or self.limit is None:
            return None
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    @property
    def said(self) -> str:
        return "not measured" if self.figure is None else f"{self._rounded(self.figure)} {self.unit}".strip()

    @property
    def limit_said(self) -> str:
        if self.limit is None:
            return ""
        return f"{'at least' if self.at_least else 'at most'} {self.limit:g} {self.unit}".strip()

    def _rounded(self, figure: float) -> str:
        return f"{figure:.1f}" if self.unit else f"{figure:.2f}"


class Unmeasured(Exception):
    """This machine lacks something a measurement needs; the message is a sentence."""


def p50(seconds: Sequence[float]) -> float:
    return median(seconds)


def p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
