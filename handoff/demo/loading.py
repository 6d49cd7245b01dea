"""Gives an installation that nobody has set up yet the opening hours, targets and canned replies of the demo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import yaml
from sqlalchemy import select, update

from db import Database, lock
from handoff.canned import CannedReply
from handoff.opening import Calendar
from handoff.targets import SlaTarget
from staff.audit import AuditEntry, record
from staff.teams import default_team

REPLIES = Path(__file__).with_name("replies.yml")
HOURS = {
    "time_zone": "Europe/Berlin",
    "week": [[["08:00", "18:00"]]] * 5 + [[], []],
    "country": "DE",
    "subdivision": "SN",
}
"""The company's: its first team is there by them, and so is each that gets none of its own."""
TARGETS = {0: (240, 480, 1800), 1: (60, 120, 1200), 2: (30, 60, 600), 3: (15, 30, 240)}
"""By priority, minutes of opening time until the first reply, the next one, and the resolution."""
LOADED = "demo_loaded"
CHANGES = (LOADED, "hours_changed", "own_hours_ended", "targets_changed", "reply_written", "reply_deleted")


def load_demo_desk(database: Database, now: datetime) -> bool:
    """Whether it was loaded: not where somebody has changed any of it, nor a second time."""
    with database.transaction() as session:
        lock(session, LOADED)
        if session.scalars(select(AuditEntry.id).where(AuditEntry.action.in_(CHANGES)).limit(1)).first():
            return False
        session.execute(update(Calendar).where(Calendar.team_id.is_(None)).values(HOURS))
        session.add_all(_targets(default_team(session).id))
        session.add_all(_replies(now))
        record(session, LOADED, now, fields=["hours", "targets", "replies"])
        return True


def _targets(team_id: str) -> list[SlaTarget]:
    names = ("first_reply_minutes", "next_reply_minutes", "resolve_minutes")
    return [
        SlaTarget(team_id=team_id, priority=priority, **dict(zip(names, minutes, strict=True)))
        for priority, minutes in TARGETS.items()
    ]


def _replies(now: datetime) -> list[CannedReply]:
    texts = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))
    return [
        CannedReply(shortcut=shortcut, locale=locale, title=said["title"], text=said["text"].strip(), updated_at=now)
        for shortcut, by_locale in texts.items()
        for locale, said in by_locale.items()
    ]
