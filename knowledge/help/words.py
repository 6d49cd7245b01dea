"""What the help centre's pages say, and how they write a date, in each language."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import yaml
from babel.dates import format_date

OPEN_GRAPH = {"en": "en_GB", "de": "de_DE"}

WORDS: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

ONLY_IN = {
    ("de", "en"): "Diesen Artikel gibt es nur auf Englisch.",
    ("en", "de"): "This article is only available in German.",
}
"""For whoever wanted to read in the first language what is there in the second only."""


def day(moment: datetime, locale: str) -> str:
    """`22 November 2026`, `22. November 2026`."""
    return format_date(moment, "long", locale={"en": "en_GB"}.get(locale, locale))


def short_day(moment: datetime, locale: str) -> str:
    return format_date(moment, "medium", locale={"en": "en_GB"}.get(locale, locale))


def articles(count: int, locale: str) -> str:
    words = WORDS[locale]
    return words["article"] if count == 1 else words["articles"].format(count=count)
