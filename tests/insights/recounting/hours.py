"""How long a team was there between two moments, day by day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from tests.insights.recounting.rows import Rows


def zone_of(rows: Rows) -> ZoneInfo:
    """The company's."""
    return ZoneInfo(next(one["time_zone"] for one in rows.of["calendar"] if one["team_id"] is None))


def open_seconds(rows: Rows, team_id: str | None, start: datetime, end: datetime) -> float:
    calendars = {one["team_id"]: one for one in rows.of["calendar"]}
    calendar = calendars.get(team_id) or calendars[None]
    zone = ZoneInfo(calendar["time_zone"])
    total, day = 0.0, start.astimezone(zone).date() - timedelta(days=1)
    while day <= end.astimezone(zone).date():
        is_holiday = _is_holiday(calendar["country"], calendar["subdivision"], day)
        if not is_holiday and day.isoformat() not in calendar["closed_on"]:
            for opens, closes in calendar["week"][day.weekday()]:
                begin, over = (_at(day, clock, zone) for clock in (opens, closes))
                total += max((min(over, end) - max(begin, start)).total_seconds(), 0.0)
        day += timedelta(days=1)
    return total


@cache
def _is_holiday(country: str, where: str | None, day: date) -> bool:
    return bool(country) and day in country_holidays(country, subdiv=where, years=day.year)


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    if hours == 24:
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time(hours, minutes), zone)
