"""Targets are changed: how fast a team means to be, by priority."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from sqlalchemy import delete
from sqlalchemy.orm import Session

from db import Database
from handoff.admin.planning.entered import target_entered, target_shown
from handoff.admin.planning.renewing import renew_due
from handoff.clocks import Targets, Which
from handoff.sla import load_targets
from handoff.targets import SlaTarget
from staff.admin.teaming import find_team
from staff.audit import record

PRIORITIES = range(4)
KINDS: tuple[Which, ...] = get_args(Which)
Typed = dict[int, dict[Which, str]]
"""By priority, what stands in each field."""


def targets_shown(session: Session, team_id: str) -> Typed:
    kept = {priority: load_targets(session, team_id, priority) for priority in PRIORITIES}
    return {
        priority: {which: target_shown(getattr(targets, which)) for which in KINDS}
        for priority, targets in kept.items()
    }


def change_targets(database: Database, by: str, team_id: str, typed: Typed, now: datetime) -> None:
    """Open conversations of the team are due anew. Raises Misread, or LookupError."""
    entered = {
        priority: Targets(**{which: target_entered(text, priority, which) for which, text in texts.items()})
        for priority, texts in typed.items()
    }
    with database.transaction() as session:
        team = find_team(session, team_id)
        before = {priority: load_targets(session, team_id, priority) for priority in entered}
        if entered == before:
            return
        session.execute(delete(SlaTarget).filter_by(team_id=team_id))
        session.add_all(_row(team_id, *pair) for pair in entered.items() if pair[1] != Targets())
        record(session, "targets_changed", now, user_id=by, subject=team.name, fields=_changed(before, entered))
    renew_due(database, [team_id], now)


def _row(team_id: str, priority: int, targets: Targets) -> SlaTarget:
    return SlaTarget(
        team_id=team_id,
        priority=priority,
        first_reply_minutes=targets.first_reply,
        next_reply_minutes=targets.next_reply,
        resolve_minutes=targets.resolution,
    )


def _changed(before: dict[int, Targets], after: dict[int, Targets]) -> list[str]:
    return [
        which
        for which in KINDS
        if any(getattr(before[priority], which) != getattr(after[priority], which) for priority in after)
    ]
