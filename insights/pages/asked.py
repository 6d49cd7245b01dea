"""Which conversations a page is about, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from insights.facts.columns import Array, Facts

PERIODS = ("today", "yesterday", "7", "28", "90", "365", "month", "last_month")
"""As an address names them; a number: so many days, today the last one of them."""
USUAL = "28"
LONGEST = 3660
"""Days of a period, at most."""
NONE = "-"
"""In an address: without any."""
CHANNELS = ("web", "sms", "whatsapp")
SCORES = tuple("1234567")
NAMED = {
    "locale": "locale",
    "team": "team_id",
    "topic": "topic",
    "agent": "agent_id",
    "article": "article_id",
    "reason": "reason",
    "cause": "cause",
}
"""By name in an address, the column in which the name is looked for."""
FILTERS = ("channel", *NAMED, "score")
BY_HAND = ("channel", "locale", "team", "topic")
"""Those that every page offers; the others come with the way down from a figure."""
DAY = timedelta(days=1)
DAILY = 35
"""So many days are shown a day each; more of them a week each."""
MOST_BINS = 60


@dataclass(frozen=True)
class Period:
    """Days from the first to the last one, in the company's time zone."""

    first: date
    last: date
    zone: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days, directly before."""
        return Period(self.first - self.days * DAY, self.first - DAY, self.zone)

    @property
    def start(self) -> float:
        return self.moment(self.first)

    @property
    def end(self) -> float:
        """When its last day is over."""
        return self.moment(self.last + DAY)

    def moment(self, day: date) -> float:
        """When it begins, in seconds since 1970."""
        return datetime.combine(day, time(), ZoneInfo(self.zone)).timestamp()

    def bins(self) -> list[date]:
        """The first days of the stretches that a line over time is drawn of."""
        step = 1 if self.days <= DAILY else max(7, 7 * -(-self.days // (7 * MOST_BINS)))
        return [self.first + number * DAY for number in range(0, self.days, step)]

    def edges(self) -> Array:
        return np.array([*(self.moment(day) for day in self.bins()), self.end])

    def of(self, facts: Facts) -> Facts:
        """The conversations that were begun in it."""
        opened = facts["opened_at"]
        return facts.where((opened >= self.start) & (opened < self.end))


@dataclass(frozen=True)
class Asked:
    period: Period
    preset: str
    """Of `PERIODS`; empty: from one day to another."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """By name of `FILTERS`, what it must be; only those that are set."""
    misread: tuple[str, ...] = ()
    """Of what the address names, what makes no sense and was left out."""
    is_running: bool = False
    """Whether its last day is not over."""

    @property
    def query(self) -> dict[str, str]:
        """What an address must say to mean the same."""
        if self.preset == USUAL:
            return dict(self.chosen)
        if self.preset:
            return {"days": self.preset, **self.chosen}
        return {"since": self.period.first.isoformat(), "until": self.period.last.isoformat(), **self.chosen}

    def but(self, **changes: str) -> dict[str, str]:
        """The address of the same with something else; an empty value takes a filter away."""
        return {name: value for name, value in (self.query | changes).items() if value}

    def filtered(self, facts: Facts) -> Facts:
        """Of whichever period, those that are asked for."""
        mask = np.ones(len(facts), dtype=bool)
        for name, value in self.chosen.items():
            mask &= _is(facts, name, value)
        return facts.where(mask)

    def now(self, facts: Facts) -> Facts:
        return self.filtered(self.period.of(facts))

    def before(self, facts: Facts) -> Facts:
        return self.filtered(self.period.before.of(facts))

    def without(self, name: str) -> Asked:
        return replace(self, chosen={key: value for key, value in self.chosen.items() if key != name})

    def only(self, *names: str) -> Asked:
        return replace(self, chosen={key: value for key, value in self.chosen.items() if key in names})


def asked_in(args: Mapping[str, str], today: date, zone: str) -> Asked:
    """What makes no sense is left out and named: an address that somebody mistyped shows a page, not an error."""
    given = {name: value[:100] for name in FILTERS if (value := args.get(name, ""))}
    chosen = {name: value for name, value in given.items() if _makes_sense(name, value)}
    misread = [name for name in given if name not in chosen]
    # A form sends both; what was changed in it counts.
    preset, shown = args.get("days", ""), args.get("shown")
    since, until = args.get("since", ""), args.get("until", "")
    is_chosen_anew = preset and shown is not None and preset != shown
    if (since or until) and not is_chosen_anew:
        own = _own(_day(since), _day(until), today, zone)
        if own:
            return Asked(own, "", chosen, tuple(misread), own.last >= today)
        misread.append("period")
    elif preset and preset not in PERIODS:
        misread.append("period")
    preset = preset if preset in PERIODS else USUAL
    period = Period(*_days(preset, today), zone)
    return Asked(period, preset, chosen, tuple(misread), period.last >= today)


def _makes_sense(name: str, value: str) -> bool:
    if name == "channel":
        return value in CHANNELS
    return value in SCORES if name == "score" else value.isprintable()


def _own(since: date | None, until: date | None, today: date, zone: str) -> Period | None:
    """From one day to another; to today, if no other is named."""
    until = until or (today if since and since <= today else None)
    if since and until and since <= until and (until - since).days < LONGEST:
        return Period(since, until, zone)
    return None


def _days(preset: str, today: date) -> tuple[date, date]:
    first_of_month = today.replace(day=1)
    if preset == "today":
        return today, today
    if preset == "yesterday":
        return today - DAY, today - DAY
    if preset == "month":
        return first_of_month, today
    if preset == "last_month":
        return (first_of_month - DAY).replace(day=1), first_of_month - DAY
    return today - (int(preset) - 1) * DAY, today


def _is(facts: Facts, name: str, value: str) -> Array:
    if name == "channel":
        return facts.in_channel(value)
    if name == "score":
        return np.floor(facts["ces"] + 0.5) == int(value)
    column = NAMED[name]
    return facts[column] == facts.code(column, None if value == NONE else value)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1990 < found.year < 2200 else None
