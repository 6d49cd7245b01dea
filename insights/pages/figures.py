"""Figures as a page shows them: the number, what it was before, and the way to the conversations behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

import numpy as np

from insights.facts.columns import Facts
from insights.numbers.number import Measured, Number, measure, measure_part
from insights.pages import saying
from insights.pages.asked import NONE, Asked
from insights.pages.called import Names
from insights.pages.charts import At, Bars, Line, bars, line
from insights.pages.words import WORDS, cases

CONVERSATIONS = "/insights/conversations"
MOST_GROUPS = 20
"""Rows of a table that compares."""
MOST_OF_ALL = 500
"""Of one that was asked for whole."""
NOT_ALWAYS = ("csat", "satisfied", "nps", "ces_again", "follow_up_in_time", "follow_up_reached")


@dataclass(frozen=True)
class View:
    """What everything on a page is counted from."""

    asked: Asked
    facts: Facts
    """Of the period, filtered."""
    before: Facts
    now: float
    locale: str

    def behind(self, number: Number, part: str = "", **more: str) -> str:
        """The address of the conversations behind a figure."""
        return f"{CONVERSATIONS}?{urlencode(self.asked.but(figure=number.key, part=part, **more))}"

    def said(self, value: float | None, number: Number) -> str:
        return saying.said(value, number.unit, self.locale)


@dataclass(frozen=True)
class Card:
    """One figure."""

    key: str
    name: str
    definition: str
    value: str
    n: str
    interval: str
    median: str
    tail: str
    """How bad it gets, in words: nine in ten are no worse."""
    change: str
    judged: str
    """`good`, `bad`, or empty where the change may be chance."""
    href: str


@dataclass(frozen=True)
class Entry:
    """A row of a table that compares."""

    key: str
    name: str
    cards: list[Card]
    share: float
    """Of the longest bar, 0 to 100."""
    href: str
    """The same page for this one alone."""


def view(asked: Asked, facts: Facts, now: float, locale: str) -> View:
    return View(asked, asked.now(facts), asked.before(facts), now, locale)


def card(seen: View, number: Number, facts: Facts | None = None, **more: str) -> Card:
    """A figure of the page's conversations, or of some of them, whom `more` of the address names."""
    measured = measure_part(number, seen.facts if facts is None else facts, seen.facts, seen.now)
    before = measure(number, seen.before, seen.now) if facts is None else Measured(0, None)
    has_spread = number.value is not None and measured.median is not None
    return Card(
        number.key,
        number.names[seen.locale],
        number.definition[seen.locale],
        seen.said(measured.value, number),
        saying.said(measured.n, "count", seen.locale),
        saying.interval(measured, number.unit, seen.locale),
        seen.said(measured.median, number) if has_spread else "",
        _tail(seen, number, measured) if has_spread else "",
        saying.change(measured, before, number, seen.locale),
        saying.judged(measured, before, number),
        seen.behind(number, "met" if number.of_all else "", **more),
    )


def _tail(seen: View, number: Number, measured: Measured) -> str:
    """What nine in ten are up to; where more is better, what they are at least, before it."""
    words = WORDS[seen.locale]
    most = words["p90"].format(value=seen.said(measured.p90, number))
    if number.best != "high":
        return most
    return f"{words['p10'].format(value=seen.said(measured.p10, number))} · {most}"


def cards(seen: View, numbers: Sequence[Number]) -> list[Card]:
    """Without scores that nobody was asked for."""
    found = [(number, card(seen, number)) for number in numbers]
    return [one for number, one in found if one.n != "0" or number.key not in NOT_ALWAYS]


def entries(
    seen: View, groups: Mapping[str | None, Facts], name: str, names: Names, numbers: Sequence[Number], page: str
) -> list[Entry]:
    """A row for each group, which the filter `name` of the address chooses; those without any case are left out."""
    found = []
    for key, facts in groups.items():
        value = NONE if key is None else key
        row = [card(seen, number, facts, **{name: value}) for number in numbers]
        if any(one.n != "0" for one in row):
            href = f"/insights/{page}?{urlencode(seen.asked.but(**{name: value}))}"
            found.append(Entry(value, names.of(name, key), row, len(facts), href))
    longest = max((one.share for one in found), default=1)
    return [replace(one, share=round(100 * one.share / longest, 1)) for one in found]


@dataclass(frozen=True)
class Chart:
    """A chart with all that its table says."""

    key: str
    title: str
    summary: str
    line: Line | None
    bars: Bars | None
    head: list[str]
    rows: list[list[str]]
    hrefs: list[str]
    """Of each row, the conversations behind it; empty where there is none."""
    name: str
    """Of the figure."""


def trend(seen: View, number: Number, facts: Facts | None = None) -> Chart:
    """A figure over the period, a day or a week each."""
    words = WORDS[seen.locale]
    some = seen.facts if facts is None else facts
    period = seen.asked.period
    days, edges = period.bins(), period.edges()
    places = np.searchsorted(edges, some["opened_at"], side="right") - 1
    order = np.argsort(places, kind="stable")
    cuts = np.searchsorted(places[order], np.arange(len(days) + 1))
    values, rows, hrefs = [], [], []
    for at, day in enumerate(days):
        measured = measure(number, some.at(order[cuts[at] : cuts[at + 1]]), seen.now)
        label = saying.day(day, seen.locale)
        values.append(At(label, measured.value, measured.low, measured.high))
        shown = [seen.said(measured.value, number), saying.said(measured.n, "count", seen.locale)]
        rows.append([label, *shown, saying.interval(measured, number.unit, seen.locale) or saying.MISSING])
        last = days[at + 1] - timedelta(days=1) if at + 1 < len(days) else period.last
        hrefs.append(_behind_days(seen, number, day, last) if measured.n else "")
    bounds = number.bounds if np.isfinite(number.bounds).all() else None
    if number.unit == "share":
        bounds = (0.0, 1.0)
    drawn = line(values, lambda value: saying.on_axis(value, number.unit, seen.locale), number.unit, bounds)
    step = words["per_day"] if len(days) == period.days else words["per_week"]
    name = number.names[seen.locale]
    head = [words["from_day"], name, words["cases"], words["interval"]]
    summary = _summary(seen, number, some)
    return Chart(f"trend-{number.key}", f"{name}, {step}", summary, drawn, None, head, rows, hrefs, name)


def _behind_days(seen: View, number: Number, first: date, last: date) -> str:
    """The address of the conversations behind a figure that were begun on these days."""
    return seen.behind(number, days="", since=first.isoformat(), until=last.isoformat())


def _summary(seen: View, number: Number, facts: Facts) -> str:
    measured = measure(number, facts, seen.now)
    return WORDS[seen.locale]["in_all"].format(
        value=seen.said(measured.value, number), cases=cases(measured.n, seen.locale)
    )


def distribution(seen: View, number: Number, values: Sequence[int]) -> Chart:
    """How many gave each score."""
    words = WORDS[seen.locale]
    scores = number.value(seen.facts, seen.now) if number.value else np.empty(0)
    given = np.floor(scores[number.of(seen.facts, seen.now) > 0] + 0.5)
    counts = [int((given == value).sum()) for value in values]
    total = sum(counts) or 1
    shares = [saying.said(count / total, "share", seen.locale) for count in counts]
    told = [saying.said(count, "count", seen.locale) for count in counts]
    drawn = bars([(str(value), count, text) for value, count, text in zip(values, counts, told, strict=True)])
    rows = [[str(value), count, share] for value, count, share in zip(values, told, shares, strict=True)]
    title = words["distribution"].format(name=number.names[seen.locale])
    head = [words["score"], words["cases"], words["share"]]
    hrefs = [
        seen.behind(number, score=str(value)) if count else "" for value, count in zip(values, counts, strict=True)
    ]
    name = number.names[seen.locale]
    return Chart(
        f"spread-{number.key}", title, _summary(seen, number, seen.facts), None, drawn, head, rows, hrefs, name
    )
