"""The desk's settings are changed: checked first, then kept together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from db import Database, lock
from handoff.admin.refused import NotTaken
from handoff.desk_settings import DeskSettings, desk_settings, keep_desk_settings
from staff.audit import record
from staff.words import LANGUAGES

CLOSED_CHARS = 300
LIMITS = {
    "again_minutes": (5, 120),  # More often nags, more seldom leaves people alone.
    "most_times": (0, 10),
    "warning_minutes": (5, 60),
}
"""From and to."""


@dataclass(frozen=True)
class Entry:
    """What a form says."""

    closed: Mapping[str, str] = field(default_factory=dict)
    """By language."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """By the name of the setting, of those in `LIMITS`."""


def entry_of(settings: DeskSettings) -> Entry:
    return Entry(settings.closed, {name: str(getattr(settings, name)) for name in LIMITS})


def change_desk(database: Database, by: str, entry: Entry, now: datetime) -> None:
    """Raises NotTaken."""
    after = _settings(entry)
    with database.transaction() as session:
        lock(session, "desk settings")
        before = asdict(desk_settings(session))
        changed = [name for name, value in asdict(after).items() if value != before[name]]
        if changed:
            keep_desk_settings(session, after)
            record(session, "desk_settings_changed", now, user_id=by, fields=changed)


def _settings(entry: Entry) -> DeskSettings:
    sentences = {locale: _sentence(entry.closed.get(locale, ""), locale) for locale in LANGUAGES}
    numbers = {name: _number(entry.numbers.get(name, ""), name) for name in LIMITS}
    return DeskSettings({locale: text for locale, text in sentences.items() if text}, **numbers)


def _sentence(text: str, locale: str) -> str:
    """On one line, without what can't be seen."""
    sentence = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(sentence) > CLOSED_CHARS:
        raise NotTaken("closed_long", language=LANGUAGES[locale], longest=str(CLOSED_CHARS))
    return sentence


def _number(text: str, name: str) -> int:
    digits, (least, most) = text.strip(), LIMITS[name]
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(most))
    if not is_number or not least <= int(digits) <= most:
        raise NotTaken(f"bad_{name}", least=str(least), most=str(most))
    return int(digits)
