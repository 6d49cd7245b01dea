"""How it is at one moment: who waits, who is there, what is late; and what a monitoring system is told of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.insights.recounting.rows import Rows

ONLINE_FOR, THERE_FOR = timedelta(seconds=90), timedelta(minutes=10)


@dataclass(frozen=True)
class Standing:
    waiting: int
    longest: float
    """Seconds."""
    with_agents: int
    late: int
    online: int
    away: int
    follow_ups: int
    follow_ups_late: int


def standing(rows: Rows, now: datetime, team: str | None = None) -> Standing:
    """Of a team; of all, if none is named."""
    open_ones = [one for one in rows.of["conversation"] if not one["closed_at"] and one["owner"] != "bot"]
    ours = [one for one in open_ones if team in (None, one["team_id"])]
    waiting = [one for one in ours if one["owner"] == "queue"]
    dues = [[one[name] for name in ("reply_due_at", "resolve_due_at") if one[name]] for one in ours]
    follow_ups = [one for one in rows.of["follow_up"] if not one["closed_at"] and team in (None, one["team_id"])]
    states = Counter(_states(rows, now, team))
    return Standing(
        len(waiting),
        max(((now - one["queued_at"]).total_seconds() for one in waiting), default=0.0),
        len(ours) - len(waiting),
        sum(any(due < now for due in due_ones) for due_ones in dues),
        states["online"],
        states["away"],
        len(follow_ups),
        sum(bool(one["due_at"]) and one["due_at"] < now for one in follow_ups),
    )


def with_bot(rows: Rows) -> int:
    return sum(one["owner"] == "bot" and not one["closed_at"] for one in rows.of["conversation"])


def _states(rows: Rows, now: datetime, team: str | None) -> list[str]:
    members = {one["user_id"] for one in rows.of["team_member"] if one["team_id"] == team}
    working = {
        one["id"]
        for one in rows.of["staff_user"]
        if one["is_active"] and one["role"] in ("agent", "supervisor", "admin") and (not team or one["id"] in members)
    }
    return [
        "online" if one["chosen"] == "online" and now - one["seen_at"] <= ONLINE_FOR else "away"
        for one in rows.of["presence"]
        if one["user_id"] in working and one["chosen"] != "off" and now - one["seen_at"] <= THERE_FOR
    ]
