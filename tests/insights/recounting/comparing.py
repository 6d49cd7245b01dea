"""Sets what pages and exports say beside what was recounted; what differs is told in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from tests.insights.reading import Cell, Chart, Page, Table, Value, read
from tests.insights.recounting.chosen import Chosen, groups
from tests.insights.recounting.figures import Counted, figures, share_of
from tests.insights.recounting.stories import Story

SECONDS = ("resolution_time", "first_reply", "first_reply_clock", "queue_time", "follow_up_reached")
SCORES = ("ces", "csat", "ces_again")
COUNTS = ("conversations", "follow_ups")
HIGH_IS_GOOD = (
    "ces", "ease", "csat", "satisfied", "nps", "response", "resolved", "first_contact", "self_service", "answer_rate",
    "follow_up_in_time", "ces_again",
)  # fmt: skip
LOW_IS_GOOD = (
    "resolution_time", "reopened", "unknown", "wrong_answer", "first_reply", "first_reply_clock", "queue_time",
    "left_queue", "unreplied", "missed_targets", "follow_up_reached",
)  # fmt: skip
MOST_ROWS = 20
NOT_WITHOUT_CASES = ("csat", "satisfied", "nps", "ces_again", "follow_up_in_time", "follow_up_reached")
"""Cards that are left away where nobody was asked."""

Differences = Iterator[str]


def csv_differences(
    shown: Mapping[str, Mapping[str, str]], counted: Mapping[str, Counted], before: Mapping[str, Counted] | None = None
) -> Differences:
    """Of `/insights/figures.csv`, its rows by figure."""
    for key, one in counted.items():
        row = shown[key]
        expected = {"cases": float(one.n), "value": one.value, "low": one.low, "high": one.high}
        expected |= {"median": one.median, "p10": one.p10, "p90": one.p90}
        if before is not None:
            expected |= {"value_before": before[key].value, "cases_before": float(before[key].n)}
        for column, value in expected.items():
            told = Value(float(row[column]), 1e-5 * abs(float(row[column]))) if row[column] else None
            yield from _differ(f"{key} {column}", told, value)
    yield from (f"{key} was not recounted" for key in shown if key not in counted)


def card_differences(
    shown: Mapping[str, Cell], keys: tuple[str, ...], counted: Mapping[str, Counted], before: Mapping[str, Counted]
) -> Differences:
    expected = [key for key in keys if counted[key].n or key not in NOT_WITHOUT_CASES]
    if list(shown) != expected:
        yield f"cards {list(shown)}, recounted {expected}"
    for key, cell in shown.items():
        now, then = counted[key], before[key]
        yield from cell_differences(key, cell, now, is_card=True)
        yield from _differ(f"{key} change", _roughly(key, cell.change), _change(key, now, then))
        if cell.judged != _judged(key, now, then):
            yield f"{key} is said to be {cell.judged or 'neither'}, not {_judged(key, now, then) or 'neither'}"


def table_differences(
    shown: Table | None, told: list[Story], name: str, keys: tuple[str, ...], now: datetime
) -> Differences:
    """Of a table that compares by a filter."""
    parts = groups(told, name)
    counted = {group: figures(some, now) for group, some in parts.items()}
    if name == "reason":
        # Of all that asked: reason by reason it adds up to all that were handed over.
        asked = sum(one.is_asked for one in told)
        for group, some in parts.items():
            counted[group]["handoff_rate"] = share_of(sum(one.is_asked for one in some), asked)
    expected = [group for group, of in counted.items() if any(of[key].n for key in keys)]
    if not expected:
        yield from [f"there is a table by {name}"] if shown else []
        return
    if shown is None:
        yield f"there is no table by {name}"
        return
    longest = max(len(parts[group]) for group in expected)
    left_out = {group: len(parts[group]) for group in expected if group not in shown.rows}
    if len(shown.rows) != min(len(expected), MOST_ROWS) or not set(shown.rows) <= set(expected):
        yield f"rows by {name}: {sorted(shown.rows)}, recounted {sorted(expected)}"
        return
    if left_out and max(left_out.values()) > min(len(parts[group]) for group in shown.rows):
        yield f"by {name}, larger groups than some that are shown are left out: {left_out}"
    for group, cells in shown.rows.items():
        bar = 100 * len(parts[group]) / longest
        yield from _differ(f"bar of {name} {group}", Value(shown.bars[group], 0.051), bar)
        for key, cell in zip(keys, cells, strict=True):
            yield from (f"{name} {group}: {one}" for one in cell_differences(key, cell, counted[group][key]))


def trend_differences(chart: Chart, key: str, chosen: Chosen, told: list[Story], now: datetime) -> Differences:
    steps = [(day, figures(some, now)[key]) for day, some in chosen.steps(told)]
    whole = figures(chosen.of(told), now)[key]
    yield from _differ(f"trend of {key} in all", chart.value, whole.value)
    if chart.n != whole.n:
        yield f"trend of {key}: {chart.n} cases, recounted {whole.n}"
    days = [f"{day.day} {day:%b}" for day, _ in steps]
    if [row[0] for row in chart.rows] != days:
        yield f"trend of {key}: {[row[0] for row in chart.rows]}, recounted {days}"
        return
    if chart.points != sum(one.value is not None for _, one in steps):
        yield f"trend of {key}: {chart.points} points are drawn"
    for (day, one), (_, value, n, interval) in zip(steps, chart.rows, strict=True):
        low, high = interval.split(" – ") if " – " in interval else ("–", "–")
        cell = Cell(read(value), int(n.replace(",", "")), read(low), read(high))
        yield from (f"trend, {day}: {each}" for each in cell_differences(key, cell, one, is_card=True, is_short=True))


def distribution_differences(chart: Chart, told: list[Story]) -> Differences:
    given = [int(one.scores["ces"] + 0.5) for one in told if "ces" in one.scores]
    for score, (name, n, share) in zip(range(1, 8), chart.rows, strict=True):
        count = given.count(score)
        if (name, n) != (str(score), str(count)):
            yield f"score {name}: {n} cases, recounted {count}"
        yield from _differ(f"share of score {score}", read(share), count / (len(given) or 1))


def page_differences(
    page: Page, told: list[Story], chosen: Chosen, now: datetime, keys: tuple[str, ...], trends: tuple[str, ...]
) -> Differences:
    """Of a page's cards and of its lines over time."""
    counted, before = figures(chosen.of(told), now), figures(chosen.before.of(told), now)
    yield from card_differences(page.cards(), keys, counted, before)
    charts = page.charts()
    if {key for key in charts if key.startswith("trend-")} != {f"trend-{key}" for key in trends}:
        yield f"charts {list(charts)}"
    for key in trends:
        yield from trend_differences(charts[f"trend-{key}"], key, chosen, told, now)


def cell_differences(
    key: str, cell: Cell, counted: Counted, *, is_card: bool = False, is_short: bool = False
) -> Differences:
    if cell.n != counted.n:
        yield f"{key}: {cell.n} cases, recounted {counted.n}"
    # A table says nothing where there is nothing; a card of what is counted says 0.
    value = counted.value if counted.n or is_card else None
    yield from _differ(key, cell.value, value)
    yield from _differ(f"{key} from", cell.low, counted.low)
    yield from _differ(f"{key} to", cell.high, counted.high)
    if not is_short:
        yield from _differ(f"{key} median", cell.median, counted.median)
        # Of a score it is said, too, what nine in ten gave at least.
        yield from _differ(f"{key} p90", cell.p90, counted.p90)
        yield from _differ(f"{key} p10", cell.p10, counted.p10 if key in SCORES else None)


def _differ(what: str, told: Value | None, counted: float | None) -> Differences:
    if (told is None) != (counted is None) or (told and counted is not None and not told.is_about(counted)):
        yield f"{what}: {told}, recounted {counted}"


def _change(key: str, now: Counted, before: Counted) -> float | None:
    if now.value is None or before.value is None or now.value == before.value:
        return None
    if key in COUNTS:
        return (now.value - before.value) / before.value if before.value else None
    return now.value - before.value


def _roughly(key: str, change: Value | None) -> Value | None:
    """How much more is counted is said in whole percents."""
    return Value(change.number, 0.00501) if change and key in COUNTS else change


def _judged(key: str, now: Counted, before: Counted) -> str:
    bounds = (now.low, now.high, before.low, before.high)
    if key not in HIGH_IS_GOOD + LOW_IS_GOOD or None in bounds:
        return ""
    if now.low > before.high:  # type: ignore[operator]
        return "good" if key in HIGH_IS_GOOD else "bad"
    if now.high < before.low:  # type: ignore[operator]
        return "bad" if key in HIGH_IS_GOOD else "good"
    return ""
