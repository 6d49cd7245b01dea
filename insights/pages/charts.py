"""Charts as shapes: where each point and bar lies, for a template to draw as SVG. The same values stand in a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 420, 190
LEFT, RIGHT, TOP, BOTTOM = 44, 10, 12, 28
MOST_LABELS = 6
TICKS = 4
MOST_STEPS = 6
CLOCK = (10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 864000)
"""Steps of an axis of time, in seconds."""
SHARE = 0.7
"""Of a bar's place that it fills."""

Text = Callable[[float], str]


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Line:
    """A value over time; where it is not known, the line is broken."""

    ticks: list[Tick]
    labels: list[Tick]
    paths: list[str]
    band: list[str]
    """The intervals around it."""
    points: list[Point]
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str
    text: str
    middle: float


@dataclass(frozen=True)
class Bars:
    bars: list[Bar]
    base: float
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class At:
    """A value of a line, with its interval where there is one."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None


def line(values: Sequence[At], text: Text, unit: str, bounds: tuple[float, float] | None = None) -> Line:
    """`text` writes a value; `bounds`: between which values the axis goes, if that is known beforehand."""
    known = [at.value for at in values if at.value is not None]
    ticks = _ticks(known, unit, bounds)
    bottom, top = ticks[0], ticks[-1]

    def y(value: float) -> float:
        inside = min(max(value, bottom), top)
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (top - inside) / (top - bottom), 1)

    def x(number: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (number + 0.5) / max(len(values), 1), 1)

    every = ceil(len(values) / MOST_LABELS) or 1
    runs = _runs(values, lambda at: at.value is not None)
    sure = _runs(values, lambda at: at.low is not None)
    return Line(
        [Tick(y(one), text(one)) for one in ticks],
        [Tick(x(number), at.label) for number, at in enumerate(values) if number % every == 0],
        [_path([(x(number), y(at.value or 0)) for number, at in run]) for run in runs],
        [_around(run, x, y) for run in sure],
        [
            Point(x(n), y(at.value), f"{at.label}: {text(at.value)}")
            for n, at in enumerate(values)
            if at.value is not None
        ],
    )


def bars(values: Sequence[tuple[str, float, str]]) -> Bars:
    """Bars with a label below and a text above each, given as label, value and text."""
    top = max((value for _, value, _ in values), default=0) or 1
    place = (WIDTH - 2 * RIGHT) / max(len(values), 1)
    base, room = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP - 14
    found = []
    for number, (label, value, text) in enumerate(values):
        height = round(room * value / top, 1)
        left = RIGHT + place * number
        x = round(left + place * (1 - SHARE) / 2, 1)
        found.append(Bar(x, base - height, round(place * SHARE, 1), height, label, text, round(left + place / 2, 1)))
    return Bars(found, base)


def _ticks(known: Sequence[float], unit: str, bounds: tuple[float, float] | None) -> list[float]:
    """Round values, the lowest at or below all of them and the highest at or above."""
    if bounds:
        low, high = bounds
        count = TICKS if unit == "share" else round(high - low) if high - low <= MOST_STEPS else TICKS
        return [low + (high - low) * number / count for number in range(count + 1)]
    low, high = min([*known, 0.0]), max([*known, 0.0])
    step = _step(max(high - low, 1e-9) / TICKS, unit)
    return [step * number for number in range(floor(low / step), max(ceil(high / step), 1) + 1)]


def _step(least: float, unit: str) -> float:
    """A round step that is no smaller: whole for what is counted, of the clock for times."""
    if unit == "seconds" and least <= CLOCK[-1]:
        return next(step for step in CLOCK if step >= least)
    size = 10 ** floor(log10(least))
    step = next(one * size for one in (1, 2, 5, 10) if one * size >= least * 0.999)
    return max(step, 1) if unit == "count" else step


def _runs(values: Sequence[At], is_known: Callable[[At], bool]) -> list[list[tuple[int, At]]]:
    """Stretches in which every value is known, with their places."""
    runs: list[list[tuple[int, At]]] = [[]]
    for number, at in enumerate(values):
        if is_known(at):
            runs[-1].append((number, at))
        else:
            runs.append([])
    return [run for run in runs if run]


def _known(run: list[tuple[int, At]]) -> list[tuple[int, At, float]]:
    return [(number, at, at.value) for number, at in run if at.value is not None]


def _around(run: list[tuple[int, At]], x: Callable[[int], float], y: Callable[[float], float]) -> str:
    above = [(x(number), y(at.high or 0)) for number, at in run]
    below = [(x(number), y(at.low or 0)) for number, at in reversed(run)]
    return _path([*above, *below]) + "Z"


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)
