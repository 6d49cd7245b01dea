"""Whose public holidays are known, what they are called, and in which time zones one can be."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any
from unicodedata import normalize
from zoneinfo import available_timezones

from babel import Locale

from handoff.hours import Hours

REGION_CHARS = 10
"""The longest code that a calendar keeps."""
NEXT = 3


def time_zones() -> dict[str, list[str]]:
    """By part of the world."""
    zones: dict[str, list[str]] = {}
    for zone in _zones():
        zones.setdefault(zone.partition("/")[0], []).append(zone)
    return zones


@cache
def _zones() -> tuple[str, ...]:
    # The others are abbreviations and offsets, which know no summer time.
    return ("UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")))


def is_zone(name: str) -> bool:
    return name in available_timezones()


@cache
def countries(locale: str) -> dict[str, str]:
    """Their names by their codes, in the order of the names."""
    names = Locale(locale).territories
    found = {code: str(names[code]) for code in _regions() if code in names}
    return dict(sorted(found.items(), key=lambda pair: _in_order(pair[1])))


@cache
def regions(country: str) -> dict[str, str]:
    """Their names by their codes, in the order of the names, as the country calls them."""
    from holidays import country_holidays

    named: dict[str, str] = {}
    for name, code in country_holidays(country).subdivisions_aliases.items() if country in _regions() else ():
        # Of several names the longest: the others are abbreviations or other languages.
        named[code] = max(named.get(code, ""), name, key=len)
    found = {code: named.get(code, code) for code in _regions().get(country, ()) if len(code) <= REGION_CHARS}
    return dict(sorted(found.items(), key=lambda pair: _in_order(pair[1])))


def next_holidays(hours: Hours, now: datetime, locale: str) -> list[tuple[date, str]]:
    if hours.country is None:
        return []
    from holidays import country_holidays

    today = hours.local(now).date()
    language = _language(country_holidays(hours.country), locale)
    years = (today.year, today.year + 1)
    days = country_holidays(hours.country, subdiv=hours.subdivision, years=years, language=language)
    return list(islice((pair for pair in sorted(days.items()) if pair[0] >= today), NEXT))


def _language(days: Any, locale: str) -> str | None:
    """That of the locale if the names are known in it, else the country's own."""
    return next((one for one in days.supported_languages if one.partition("_")[0] == locale), None)


@cache
def _regions() -> dict[str, list[str]]:
    from holidays import list_supported_countries

    return {code: codes for code, codes in list_supported_countries().items() if len(code) == 2}


def _in_order(name: str) -> str:
    """Österreich stands at O."""
    return "".join(sign for sign in normalize("NFKD", name.casefold()) if sign.isalnum())
