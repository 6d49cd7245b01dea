"""By when follow-ups should be closed is changed: checked first, then kept together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from db import Database, lock
from handoff.admin.refused import NotTaken
from insights.follow_ups.settings import FollowUpSettings, follow_up_settings, keep_follow_up_settings
from staff.audit import record

LIMITS = {"hours": (1, 80), "reminder_hours": (0, 40)}
"""From and to, in hours of opening time."""


def entry_of(settings: FollowUpSettings) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(settings).items()}


def change_follow_ups(database: Database, by: str, entry: Mapping[str, str], now: datetime) -> None:
    """For those that are opened from now on. Raises NotTaken."""
    after = FollowUpSettings(**{name: _number(entry.get(name, ""), name) for name in LIMITS})
    if after.reminder_hours >= after.hours:
        raise NotTaken("bad_order")
    with database.transaction() as session:
        lock(session, "follow-up settings")
        before = asdict(follow_up_settings(session))
        changed = [name for name, value in asdict(after).items() if value != before[name]]
        if changed:
            keep_follow_up_settings(session, after)
            record(session, "follow_up_settings_changed", now, user_id=by, fields=changed)


def _number(text: str, name: str) -> int:
    digits, (least, most) = text.strip(), LIMITS[name]
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(most))
    if not is_number or not least <= int(digits) <= most:
        raise NotTaken(f"bad_{name}", least=str(least), most=str(most))
    return int(digits)
