"""Opening hours: when somebody is there, and how much of that lies between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from handoff.opening import Calendar

Span = tuple[int, int]
"""From and until, in minutes since midnight: 480, 1080 is 08:00 to 18:00; 1440 is the day's end."""
Opening = tuple[datetime, datetime]
"""From this moment on, until before that one."""

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
FORESEEN_DAYS = 366
"""What does not open for a year never opens."""


@dataclass(frozen=True)
class Hours:
    """A week that repeats in a time zone, without public holidays and further closed days.

    A time on the clock means the first moment at which clocks show it or a later one. So where clocks go back, the
    hour that comes twice belongs to what is open when it comes first; and where they go forward, nothing is open in
    the hour that is left out.
    """

    time_zone: str
    """IANA: `Europe/Berlin`."""
    week: tuple[tuple[Span, ...], ...]
    """From Monday to Sunday, the spans of each day in order, none touching another."""
    country: str | None = None
    """ISO 3166: whose public holidays are closed."""
    subdivision: str | None = None
    closed_on: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        return self.next_opening(at) == at

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment from `at` on at which it is open; None if it stays closed for a year."""
        opening = next(self.openings(at), None)
        return opening and max(opening[0], at)

    def open_minutes(self, start: datetime, end: datetime) -> float:
        """How many minutes it is open between two moments; 0 if the second is not after the first."""
        before_end = takewhile(lambda opening: opening[0] < end, self.openings(start))
        return sum((_shared(opening, start, end) for opening in before_end), timedelta()) / MINUTE

    def after(self, at: datetime, minutes: float) -> datetime | None:
        """The first moment by which it was open for so many minutes since `at`; None if that never comes."""
        left = minutes * MINUTE
        if left <= timedelta():
            return at
        for opens, closes in self.openings(at):
            lasts = closes - max(opens, at)
            if lasts >= left:
                return max(opens, at) + left
            left -= lasts
        return None

    def openings(self, at: datetime) -> Iterator[Opening]:
        """What is open at `at` or later, in order, in UTC; it ends where nothing is open for a year."""
        day, closed_days = self.local(at).date() - DAY, 0
        while closed_days < FORESEEN_DAYS:
            coming = [opening for opening in self._on(day) if opening[1] > at]
            yield from coming
            closed_days = 0 if coming else closed_days + 1
            day += DAY

    def local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.time_zone))

    def _on(self, day: date) -> list[Opening]:
        spans = self.week[day.weekday()]
        if not spans or day in self.closed_on or day in _public_holidays(self.country, self.subdivision, day.year):
            return []
        moments = [(_moment(self.time_zone, day, start), _moment(self.time_zone, day, end)) for start, end in spans]
        return [(opens, closes) for opens, closes in moments if opens < closes]


def minutes_of(clock: str) -> int:
    """`08:30` as minutes since midnight; raises ValueError if it is no time between 00:00 and 24:00."""
    hours, _, minutes = clock.partition(":")
    if not (len(hours) == len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit()):
        raise ValueError(clock)
    since_midnight = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or since_midnight > 24 * 60:
        raise ValueError(clock)
    return since_midnight


def clock_of(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def hours_of(calendar: Calendar) -> Hours:
    return Hours(
        calendar.time_zone,
        tuple(joined([(minutes_of(start), minutes_of(end)) for start, end in day]) for day in calendar.week),
        calendar.country,
        calendar.subdivision,
        frozenset(map(date.fromisoformat, calendar.closed_on)),
    )


_CALENDAR = (
    select(Calendar)
    .where(or_(Calendar.team_id == bindparam("team"), Calendar.team_id.is_(None)))
    .order_by(Calendar.team_id.is_(None))
    .limit(1)
)
"""Made once: it is asked for in every round."""


def load_hours(session: Session, team_id: str | None) -> Hours:
    """The team's own, or else the company's."""
    return hours_of(session.scalars(_CALENDAR, {"team": team_id}).one())


def joined(spans: list[Span]) -> tuple[Span, ...]:
    """In order, with those that touch or overlap made one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _shared(opening: Opening, start: datetime, end: datetime) -> timedelta:
    return max(min(opening[1], end) - max(opening[0], start), timedelta())


def _moment(time_zone: str, day: date, minutes: int) -> datetime:
    """When clocks first show this time or a later one."""
    wall = datetime.combine(day + DAY if minutes == 1440 else day, time(minutes % 1440 // 60, minutes % 60))
    local = wall.replace(tzinfo=ZoneInfo(time_zone))
    moment = local.astimezone(timezone.utc)
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) == wall:
        return moment
    return _end_of_gap(local.replace(fold=1).astimezone(timezone.utc), moment, local)


def _end_of_gap(before: datetime, after: datetime, local: datetime) -> datetime:
    """When clocks went forward, somewhere between these moments: halved until it is found to the second."""
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(local.tzinfo).replace(tzinfo=None) < local.replace(tzinfo=None):
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


@lru_cache(maxsize=1024)
def _public_holidays(country: str | None, subdivision: str | None, year: int) -> frozenset[date]:
    if country is None:
        return frozenset()
    from holidays import country_holidays

    return frozenset(country_holidays(country, subdiv=subdivision, years=year))
