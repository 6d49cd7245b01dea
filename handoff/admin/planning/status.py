"""Whether it is open now, in a sentence."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_date, format_datetime

from handoff.admin.planning.countries import next_holidays
from handoff.admin.planning.words import WORDS
from handoff.hours import Hours

AROUND_THE_CLOCK = timedelta(days=14)
"""What does not close for so long has no end worth telling."""
WRITTEN = {"en": "EEEE, d MMMM, HH:mm", "de": "EEEE, d. MMMM, HH:mm"}


def status(hours: Hours, now: datetime, locale: str) -> str:
    words = WORDS[locale]
    opens = hours.next_opening(now)
    if opens is None:
        return words["never_open"]
    if opens > now:
        return words["closed_until"].format(when=_moment(hours, opens, locale))
    closes = _closes(hours, now)
    return words["open_until"].format(when=_moment(hours, closes, locale)) if closes else words["always_open"]


def holidays_shown(hours: Hours, now: datetime, locale: str) -> list[tuple[str, str]]:
    return [(format_date(day, "full", locale), name) for day, name in next_holidays(hours, now, locale)]


def _closes(hours: Hours, now: datetime) -> datetime | None:
    """When what is open now closes; a day that goes on after midnight is no end."""
    end = now
    for opens, closes in hours.openings(now):
        if opens > end:
            return end
        end = closes
        if end - now > AROUND_THE_CLOCK:
            return None
    return end


def _moment(hours: Hours, at: datetime, locale: str) -> str:
    return format_datetime(hours.local(at).replace(tzinfo=None), WRITTEN[locale], locale=locale)
