"""Opening hours: what a week, a time zone and its holidays make of a moment."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from db import Database
from handoff.hours import Hours, Span, hours_of, load_hours, minutes_of
from handoff.opening import Calendar
from staff.teams import Team

MINUTE = timedelta(minutes=1)

WORKDAYS: tuple[tuple[Span, ...], ...] = (((480, 1080),),) * 5 + ((), ())
LEIPZIG = Hours("Europe/Berlin", WORKDAYS, "DE", "SN")
ALWAYS = Hours("Europe/Berlin", (((0, 1440),),) * 7)
NIGHTS = Hours("Europe/Berlin", (((0, 360), (1320, 1440)),) * 7)
LUNCH = Hours("Europe/Berlin", (((540, 720), (780, 1020)),) * 7)
NEVER = Hours("Europe/Berlin", ((),) * 7)
CLOSED = Hours("Europe/Berlin", WORKDAYS, closed_on=frozenset(date(2026, 1, 1) + timedelta(n) for n in range(900)))


def berlin(text: str, fold: int = 0) -> datetime:
    """`2026-11-16 09:00` on the clocks of Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=fold).astimezone(timezone.utc)


@pytest.mark.parametrize(
    ("hours", "at", "is_open"),
    [
        (LEIPZIG, "2026-11-16 08:00", True),
        (LEIPZIG, "2026-11-16 07:59", False),
        (LEIPZIG, "2026-11-16 17:59", True),
        (LEIPZIG, "2026-11-16 18:00", False),
        (LEIPZIG, "2026-11-21 12:00", False),  # a Saturday
        (LEIPZIG, "2026-11-18 12:00", False),  # the day of repentance, a holiday in Saxony alone
        (Hours("Europe/Berlin", WORKDAYS, "DE"), "2026-11-18 12:00", True),
        (LEIPZIG, "2026-12-25 12:00", False),
        (Hours("Europe/Berlin", WORKDAYS, closed_on=frozenset({date(2026, 12, 24)})), "2026-12-24 12:00", False),
        (ALWAYS, "2026-11-16 23:59", True),
        (ALWAYS, "2026-11-17 00:00", True),
        (NIGHTS, "2026-11-17 05:59", True),
        (NIGHTS, "2026-11-17 06:00", False),
        (NEVER, "2026-11-16 12:00", False),
    ],
)
def test_it_is_open_when_the_calendar_says_so(hours: Hours, at: str, is_open: bool) -> None:
    assert is_open == hours.is_open(berlin(at))


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        (LEIPZIG, "2026-11-16 12:00", "2026-11-16 12:00"),
        (LEIPZIG, "2026-11-16 03:00", "2026-11-16 08:00"),
        (LEIPZIG, "2026-11-20 18:00", "2026-11-23 08:00"),  # over the weekend
        (LEIPZIG, "2026-11-17 20:00", "2026-11-19 08:00"),  # over a holiday
        (LEIPZIG, "2026-12-24 20:00", "2026-12-28 08:00"),  # two holidays, the second one on a Saturday
        (LEIPZIG, "2026-03-27 19:00", "2026-03-30 08:00"),  # over the change to summer time
        (LUNCH, "2026-11-16 12:30", "2026-11-16 13:00"),
        (NEVER, "2026-11-16 12:00", None),
        (CLOSED, "2026-11-16 12:00", None),  # opens again, but in years
    ],
)
def test_the_next_opening_is_the_first_moment_somebody_is_there(hours: Hours, at: str, opens: str | None) -> None:
    assert (opens and berlin(opens)) == hours.next_opening(berlin(at))


@pytest.mark.parametrize(
    ("hours", "start", "end", "minutes"),
    [
        (LEIPZIG, "2026-11-16 09:00", "2026-11-16 10:30", 90),
        (LEIPZIG, "2026-11-16 17:00", "2026-11-17 09:00", 120),
        (LEIPZIG, "2026-11-20 17:00", "2026-11-23 09:00", 120),
        (LEIPZIG, "2026-11-17 17:00", "2026-11-19 09:00", 120),
        (LEIPZIG, "2026-11-21 10:00", "2026-11-22 10:00", 0),
        (LEIPZIG, "2026-11-17 10:00", "2026-11-16 10:00", 0),
        (LUNCH, "2026-11-16 11:00", "2026-11-16 14:00", 120),
        (ALWAYS, "2026-03-29 00:00", "2026-03-30 00:00", 23 * 60),
        (ALWAYS, "2026-10-25 00:00", "2026-10-26 00:00", 25 * 60),
        (NIGHTS, "2026-03-28 12:00", "2026-03-29 12:00", 7 * 60),
        (NIGHTS, "2026-10-24 12:00", "2026-10-25 12:00", 9 * 60),
        (NEVER, "2026-11-16 09:00", "2027-11-16 09:00", 0),
    ],
)
def test_only_what_is_open_counts(hours: Hours, start: str, end: str, minutes: float) -> None:
    assert minutes == hours.open_minutes(berlin(start), berlin(end))


@pytest.mark.parametrize(
    ("hours", "at", "minutes", "then"),
    [
        (LEIPZIG, "2026-11-16 09:00", 30, "2026-11-16 09:30"),
        (LEIPZIG, "2026-11-16 17:30", 30, "2026-11-16 18:00"),
        (LEIPZIG, "2026-11-16 17:30", 31, "2026-11-17 08:01"),
        (LEIPZIG, "2026-11-20 17:30", 60, "2026-11-23 08:30"),
        (LEIPZIG, "2026-11-21 12:00", 15, "2026-11-23 08:15"),
        (LEIPZIG, "2026-11-17 17:45", 30, "2026-11-19 08:15"),
        (LEIPZIG, "2026-11-21 12:00", 0, "2026-11-21 12:00"),
        (ALWAYS, "2026-03-29 01:30", 60, "2026-03-29 03:30"),
        (NEVER, "2026-11-16 09:00", 1, None),
        (CLOSED, "2025-12-31 17:00", 61, None),
    ],
)
def test_a_time_of_opening_later(hours: Hours, at: str, minutes: float, then: str | None) -> None:
    assert (then and berlin(then)) == hours.after(berlin(at), minutes)


def test_an_hour_that_comes_twice_is_the_one_that_comes_first() -> None:
    early = Hours("Europe/Berlin", (((0, 150),),) * 7)

    assert early.is_open(berlin("2026-10-25 02:29"))
    assert not early.is_open(berlin("2026-10-25 02:15", fold=1))
    assert 60 == Hours("Europe/Berlin", (((0, 60),),) * 7).open_minutes(
        berlin("2026-10-25 00:00"), berlin("2026-10-25 12:00")
    )


def test_an_hour_that_is_left_out_has_nothing_open() -> None:
    left_out = Hours("Europe/Berlin", (((130, 170),),) * 7)
    begins_in_it = Hours("Europe/Berlin", (((150, 240),),) * 7)

    assert berlin("2026-03-30 02:10") == left_out.next_opening(berlin("2026-03-29 00:00"))
    assert berlin("2026-03-29 03:00") == begins_in_it.next_opening(berlin("2026-03-29 00:00"))


def test_a_day_that_a_country_left_out_has_nothing_open() -> None:
    apia = Hours("Pacific/Apia", (((0, 1440),),) * 7)
    start = datetime(2011, 12, 29, 10, tzinfo=timezone.utc)

    assert 48 * 60 == apia.open_minutes(start, start + timedelta(days=2))


def test_ten_years_are_reckoned_at_once() -> None:
    began = time.thread_time()
    minutes = LEIPZIG.open_minutes(berlin("2020-01-01 00:00"), berlin("2030-01-01 00:00"))

    assert 2400 * 600 < minutes < 2610 * 600
    assert time.thread_time() - began < 2


@pytest.mark.parametrize("clock", ["24:01", "8:00", "08:60", "0800", "", "ab:cd", "-1:00", "٠٨:٠٠", "08:00:00"])
def test_what_is_no_time_is_refused(clock: str) -> None:
    with pytest.raises(ValueError, match=r"^" + clock):
        minutes_of(clock)


def test_spans_that_touch_or_overlap_are_one() -> None:
    calendar = Calendar(
        time_zone="UTC", week=[[["12:00", "24:00"], ["08:00", "12:00"], ["09:00", "10:00"]]] + [[]] * 6, closed_on=[]
    )

    assert ((480, 1440),) == hours_of(calendar).week[0]


def test_a_team_has_its_own_hours_or_the_company_s(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Calendar).values(time_zone="Europe/Berlin"))
        team = session.scalars(select(Team)).one()
        night = Team(name="Night")
        session.add(night)
        session.flush()
        week = [[["22:00", "24:00"]]] * 7
        session.add(Calendar(team_id=night.id, time_zone="Europe/Vienna", week=week, closed_on=["2026-12-24"]))

    with database.reading() as session:
        assert "Europe/Berlin" == load_hours(session, team.id).time_zone
        assert "Europe/Berlin" == load_hours(session, None).time_zone
        own = load_hours(session, night.id)
    assert ("Europe/Vienna", ((1320, 1440),), {date(2026, 12, 24)}) == (own.time_zone, own.week[6], own.closed_on)


def minute_by_minute(hours: Hours, start: datetime, end: datetime) -> list[bool]:
    """For each minute whether it is open, by looking at the clock on the wall; it never goes back for anybody."""
    zone = ZoneInfo(hours.time_zone)
    at, shown, found = start - timedelta(days=2), datetime.min, []
    while at < end:
        shown = max(shown, at.astimezone(zone).replace(tzinfo=None))
        if at >= start:
            minute = shown.hour * 60 + shown.minute
            spans = hours.week[shown.weekday()] if shown.date() not in hours.closed_on else ()
            found.append(any(opens <= minute < closes for opens, closes in spans))
        at += MINUTE
    return found


spans = st.lists(st.integers(0, 96), min_size=0, max_size=4, unique=True).map(
    lambda marks: tuple((start * 15, end * 15) for start, end in zip(*[iter(sorted(marks))] * 2, strict=False))
)
weeks = st.tuples(*[spans] * 7)
zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana"]
)
# Around the days on which clocks change, and any other.
days = st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5)])
moments = st.tuples(days, st.integers(-3 * 1440, 2 * 1440)).map(
    lambda drawn: datetime.combine(drawn[0], datetime.min.time(), timezone.utc) + drawn[1] * MINUTE
)


@given(zones, weeks, st.sets(days), moments, st.integers(0, 2 * 1440))
@settings(max_examples=60, deadline=None)
def test_it_is_as_open_as_counted_minute_by_minute(
    zone: str, week: tuple[tuple[Span, ...], ...], closed: set[date], start: datetime, length: int
) -> None:
    hours = Hours(zone, week, closed_on=frozenset(closed))
    end = start + length * MINUTE
    slow = minute_by_minute(hours, start, end)

    assert sum(slow) == hours.open_minutes(start, end)
    assert slow[::37] == [hours.is_open(start + n * MINUTE) for n in range(0, len(slow), 37)]
    if any(slow):
        assert start + slow.index(True) * MINUTE == hours.next_opening(start)
        last = max(n for n, is_open in enumerate(slow) if is_open)
        assert start + (last + 1) * MINUTE == hours.after(start, sum(slow))
