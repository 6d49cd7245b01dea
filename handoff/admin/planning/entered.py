"""Spans of a day, dates and targets as people write them, and as they are shown again."""

from __future__ import annotations

import re
from datetime import date

from handoff.admin.planning.words import Misread
from handoff.clocks import Which
from handoff.hours import Span, clock_of, joined

CLOSED = {"", "-", "–", "closed", "geschlossen"}
CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?(?:\s*(?:h|uhr))?"
SPAN = re.compile(rf"{CLOCK}\s*(?:-|–|—|to|until|bis)\s*{CLOCK}", re.ASCII | re.IGNORECASE)
ISO_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
GERMAN_DATE = re.compile(r"(?P<day>\d{1,2})\.\s*(?P<month>\d{1,2})\.\s*(?P<year>\d{4})", re.ASCII)
TARGET = re.compile(
    r"(?:(?P<hours>\d{1,5}(?:[.,]\d{1,2})?)\s*(?:h|hours?|std\.?|stunden?))?"
    r"\s*(?:(?P<minutes>\d{1,6})\s*(?:m|mins?\.?|minutes?|minuten?)?)?",
    re.ASCII | re.IGNORECASE,
)
MOST_SPANS = 12
MOST_DATES = 366
MOST_HOURS = 2000
SHOWN = 40
"""So much of what can't be read is repeated."""


def week_entered(texts: tuple[str, ...]) -> list[list[list[str]]]:
    """As a calendar keeps it. Raises Misread."""
    return [
        [[clock_of(start), clock_of(end)] for start, end in day_entered(text, day)] for day, text in enumerate(texts)
    ]


def day_entered(text: str, day: int) -> tuple[Span, ...]:
    """In order, none touching another; `day` counts from Monday, 0. Raises Misread."""
    if text.strip().lower() in CLOSED:
        return ()
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    if len(parts) > MOST_SPANS:
        raise Misread("long_day", day=day, most=MOST_SPANS)
    return joined([_span(part, day) for part in parts])


def _span(text: str, day: int) -> Span:
    found = SPAN.fullmatch(text)
    clocks = [int(number or 0) for number in found.groups()] if found else []
    if not clocks or clocks[1] > 59 or clocks[3] > 59:
        raise Misread("bad_span", day=day, text=text[:SHOWN])
    start, end = clocks[0] * 60 + clocks[1], clocks[2] * 60 + clocks[3]
    if max(start, end) > 24 * 60:
        raise Misread("bad_span", day=day, text=text[:SHOWN])
    if start >= end:
        raise Misread("backward_span", day=day, text=text[:SHOWN])
    return start, end


def day_shown(spans: list[list[str]]) -> str:
    return ", ".join(f"{start.removeprefix('0')}-{end.removeprefix('0')}" for start, end in spans)


def dates_entered(text: str) -> list[str]:
    """In order, each once. Raises Misread."""
    dates = sorted({_date(part.strip()) for part in re.split(r"[,;\n]", text) if part.strip()})
    if len(dates) > MOST_DATES:
        raise Misread("many_dates", most=MOST_DATES)
    return [one.isoformat() for one in dates]


def _date(text: str) -> date:
    found = ISO_DATE.fullmatch(text) or GERMAN_DATE.fullmatch(text)
    try:
        return date(**{name: int(number) for name, number in found.groupdict().items()}) if found else _no_date(text)
    except ValueError:
        return _no_date(text)


def _no_date(text: str) -> date:
    raise Misread("bad_date", text=text[:SHOWN])


def dates_shown(dates: list[str], locale: str) -> str:
    written = "%d.%m.%Y" if locale == "de" else "%Y-%m-%d"
    return "\n".join(date.fromisoformat(one).strftime(written) for one in dates)


def target_entered(text: str, priority: int, which: Which) -> int | None:
    """Minutes; None: no target. Raises Misread."""
    text = text.strip()
    if not text:
        return None
    found = TARGET.fullmatch(text)
    if found is None:
        raise Misread("bad_target", priority=priority, which=which, text=text[:SHOWN])
    hours = float((found["hours"] or "0").replace(",", "."))
    minutes = round(hours * 60) + int(found["minutes"] or 0)
    if not 1 <= minutes <= MOST_HOURS * 60:
        raise Misread("long_target", priority=priority, which=which, most=MOST_HOURS)
    return minutes


def target_shown(minutes: int | None) -> str:
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)
