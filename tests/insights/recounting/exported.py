"""The facts of one conversation as `/insights/conversations.csv` gives them out, told from its story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from itertools import pairwise

from tests.insights.recounting.stories import Story


def row_differences(row: Mapping[str, str], one: Story) -> Iterator[str]:
    for column, expected in _columns(one).items():
        told = row[column]
        is_same = _is_near(told, expected) if isinstance(expected, float) else told == _written(expected)
        if not is_same:
            yield f"{one.id} {column}: {told}, recounted {_written(expected)}"


def _columns(one: Story) -> dict[str, object]:
    claimed = next((call for call in one.called if call.claimed), None)
    replied = next((call for call in one.called if call.replied), None)
    follow_up = one.follow_ups[0] if one.follow_ups else {}
    return {
        "opened_at": one.opened,
        "closed_at": one.closed,
        "said_at": one.last_said,
        "resolved_at": one.resolved,
        "next_at": one.came_again,
        "close_reason": one.close_reason,
        "channels": ",".join(dict.fromkeys(one.channels)),
        "switches": sum(before != after for before, after in pairwise(one.channels)),
        "locale": one.locale,
        "team_id": one.team,
        "agent_id": one.agent,
        "topic": one.topic,
        "article_id": one.article,
        "said": len(one.channels),
        "people_said": one.people_said,
        "questions": len(one.answers),
        "answered": one.answers.count("answer"),
        "unknown": one.answers.count("unknown"),
        "helped": one.verdicts.count("helped"),
        "not_helped": one.verdicts.count("did_not_help"),
        "reopens": one.reopens,
        "handoffs": len(one.called),
        "reason": one.reason,
        "queued": sum(bool(call.claimed or call.is_over) for call in one.called),
        "left_queue": sum(call.was_left for call in one.called),
        "ended": sum(bool(call.replied or call.is_over) for call in one.called),
        "unreplied": sum(call.is_over and not call.replied for call in one.called),
        "claim_seconds": _seconds(claimed.row["at"], claimed.claimed) if claimed else None,
        "reply_seconds": _seconds(replied.row["at"], replied.replied) if replied else None,
        "reply_open_seconds": replied.waited_open if replied else None,
        "missed": one.marks,
        "survey": one.asked,
        **{kind: one.scores.get(kind) for kind in ("ces", "csat", "nps", "again")},
        "follow_up_at": follow_up.get("opened_at"),
        "follow_up_due": follow_up.get("due_at"),
        "follow_up_reached": follow_up.get("reached_at"),
        "follow_up_closed": follow_up.get("closed_at"),
        "cause": one.cause,
    }


def _seconds(start: datetime, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if end else None


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="seconds")
    return str(value)


def _is_near(told: str, value: float) -> bool:
    return bool(told) and abs(float(told) - value) <= 1e-5 * max(abs(value), 1)
