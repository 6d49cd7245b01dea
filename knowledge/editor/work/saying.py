"""Why something is to be done, in one sentence, and what readers said of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_date

from knowledge.editor.life.words import REFUSED
from knowledge.editor.words import LANGUAGE_NAMES
from knowledge.editor.work.words import REASONS, WHY
from knowledge.life.refusals import sentence
from knowledge.work.items import Item
from knowledge.work.voices import Voices


def why(item: Item, locale: str) -> str:
    key = f"broken_{item.values['must']}" if item.kind == "broken" else item.kind
    values = {"locale": item.locale} | {name: _said(name, value, locale) for name, value in item.values.items()}
    return WHY[locale][key].format(**values | {"locale": LANGUAGE_NAMES[locale][item.locale]}, **_reason(item, locale))


def reasons(voices: Voices, locale: str) -> list[str]:
    """The most frequent first."""
    return [REASONS[locale][reason].format(count=count) for reason, count in voices.reasons.most_common()]


def _said(name: str, value: Any, locale: str) -> Any:
    if name == "on":
        return format_date(value.date() if isinstance(value, datetime) else value, "long", _place(locale))
    return LANGUAGE_NAMES[locale][value] if name in ("language", "other") else value


def _reason(item: Item, locale: str) -> Mapping[str, str]:
    stopped = item.values.get("stopped")
    return {"reason": sentence(REFUSED, locale, stopped["reason"], stopped["values"])} if stopped else {}


def _place(locale: str) -> str:
    return {"en": "en_GB"}.get(locale, locale)
