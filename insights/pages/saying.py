"""Figures as they are written for people, in each language."""

from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from insights.numbers.number import Measured, Number, Unit

MISSING = "–"
MINUTE, HOUR, DAY = 60, 3600, 86400
SPANS = {
    "en": {"second": "{n}\u00a0s", "minute": "{n}\u00a0min", "hour": "{n}\u00a0h", "day": "{n}\u00a0d"},
    "de": {"second": "{n}\u00a0Sek.", "minute": "{n}\u00a0Min.", "hour": "{n}\u00a0Std.", "day": "{n}\u00a0T."},
}
POINTS = {"en": " pts", "de": " Punkte"}


def said(value: float | None, unit: Unit, locale: str) -> str:
    """A value with its unit."""
    if value is None:
        return MISSING
    if unit == "share":
        return format_percent(value, "#,##0.#%" if locale == "en" else "#,##0.#\u00a0%", locale=locale)
    if unit == "seconds":
        return span(value, locale)
    if unit == "score":
        return format_decimal(value, "0.00", locale=locale)
    return format_decimal(value, "+0;−0" if unit == "nps" else "#,##0", locale=locale)


def on_axis(value: float, unit: Unit, locale: str) -> str:
    """As short as it stands beside a chart."""
    return format_decimal(value, "0.##", locale=locale) if unit == "score" else said(value, unit, locale)


def span(seconds: float, locale: str) -> str:
    """A time in its two largest units: `2 h 10 min`."""
    names = SPANS[locale]
    whole = round(seconds)
    if whole < MINUTE:
        return names["second"].format(n=whole)
    if whole < HOUR:
        return names["minute"].format(n=round(whole / MINUTE))
    larger, unit, smaller, rest = (HOUR, "hour", MINUTE, "minute") if whole < 2 * DAY else (DAY, "day", HOUR, "hour")
    many, left = divmod(round(whole / smaller), larger // smaller)
    first = names[unit].format(n=many)
    return f"{first} {names[rest].format(n=left)}" if left else first


def interval(measured: Measured, unit: Unit, locale: str) -> str:
    """From where to where it may lie; empty where nobody can say."""
    if measured.low is None or measured.high is None:
        return ""
    return f"{said(measured.low, unit, locale)} – {said(measured.high, unit, locale)}"


def change(now: Measured, before: Measured, number: Number, locale: str) -> str:
    """How much more or less it is than it was; empty where one of them is not known."""
    if now.value is None or before.value is None:
        return ""
    by = now.value - before.value
    if by == 0:
        return ""
    if number.unit == "count":
        form = "+#,##0%;−#,##0%" if locale == "en" else "+#,##0\u00a0%;−#,##0\u00a0%"
        return format_percent(by / before.value, form, locale=locale) if before.value else ""
    if number.unit == "share":
        return format_decimal(by * 100, "+0.0;−0.0", locale=locale) + POINTS[locale]
    if number.unit == "seconds":
        sign = "+" if by >= 0 else "−"
        return f"{sign}{span(abs(by), locale)}"
    return format_decimal(by, "+0.00;−0.00" if number.unit == "score" else "+0;−0", locale=locale)


def judged(now: Measured, before: Measured, number: Number) -> str:
    """`good` or `bad`, if it differs by more than chance: their intervals have nothing in common."""
    bounds = (now.low, now.high, before.low, before.high)
    if number.best == "neither" or None in bounds or now.value is None or before.value is None:
        return ""
    low, high, low_before, high_before = bounds
    if low <= high_before and low_before <= high:  # type: ignore[operator]
        return ""
    return "good" if (now.value > before.value) == (number.best == "high") else "bad"


def day(one: date, locale: str) -> str:
    return format_date(one, "d MMM" if locale == "en" else "d. MMM", locale=locale)


def whole_day(one: date, locale: str) -> str:
    return format_date(one, "d MMMM yyyy" if locale == "en" else "long", locale=locale)


def moment(seconds: float, zone: str, locale: str) -> str:
    """In the company's time."""
    local = datetime.fromtimestamp(seconds, timezone.utc).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return format_datetime(local, "d MMM yyyy, HH:mm" if locale == "en" else "d. MMM yyyy, HH:mm", locale=locale)
