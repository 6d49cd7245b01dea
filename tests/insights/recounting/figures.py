"""The 27 figures of some conversations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import fmean, quantiles, stdev

from scipy import stats

from tests.insights.recounting.stories import Story

Z = stats.norm.ppf(0.975)
WEEK, QUIET = timedelta(days=7), timedelta(hours=72)


@dataclass(frozen=True)
class Counted:
    n: int
    value: float | None
    low: float | None = None
    high: float | None = None
    median: float | None = None
    p90: float | None = None
    p10: float | None = None


def figures(told: Iterable[Story], now: datetime) -> dict[str, Counted]:
    """By its key, each figure of these conversations, as it is known at this moment."""
    every = list(told)
    ours = [one for one in every if one.is_ours]
    return {
        "conversations": Counted(len(ours), float(len(ours))),
        **_scores(every),
        **_follow_ups([row for one in every for row in one.follow_ups[:1]], now),
        **_outcomes(ours, now),
        **_bot(ours, now),
        **_people(ours),
    }


def _scores(every: list[Story]) -> dict[str, Counted]:
    given = {
        kind: [one.scores[kind] for one in every if kind in one.scores] for kind in ("ces", "csat", "nps", "again")
    }
    asked = [one for one in every if one.asked in ("asked", "answered", "expired")]
    nps = mean_of([100.0 if one >= 9 else -100.0 if one <= 6 else 0.0 for one in given["nps"]], -100, 100)
    return {
        "ces": mean_of(given["ces"], 1, 7),
        "ease": share_of(sum(one >= 5 for one in given["ces"]), len(given["ces"])),
        "csat": mean_of(given["csat"], 1, 5),
        "satisfied": share_of(sum(one >= 4 for one in given["csat"]), len(given["csat"])),
        "nps": Counted(nps.n, nps.value, nps.low, nps.high),
        "response": share_of(sum(one.asked == "answered" for one in asked), len(asked)),
        "ces_again": mean_of(given["again"], 1, 7),
    }


def _follow_ups(rows: list[dict[str, datetime]], now: datetime) -> dict[str, Counted]:
    decided = [row for row in rows if row["closed_at"] or (row["due_at"] and row["due_at"] <= now)]
    in_time = [row for row in decided if row["closed_at"] and not (row["due_at"] and row["closed_at"] > row["due_at"])]
    reached = [(row["reached_at"] - row["opened_at"]).total_seconds() for row in rows if row["reached_at"]]
    return {
        "follow_ups": Counted(len(rows), float(len(rows))),
        "follow_up_in_time": share_of(len(in_time), len(decided)),
        "follow_up_reached": mean_of(reached, 0),
    }


def _outcomes(ours: list[Story], now: datetime) -> dict[str, Counted]:
    over = [one for one in ours if one.closed and one.is_asked]
    resolved = [(one, one.resolved) for one in ours if one.resolved and one.is_asked]
    ripe = [(one, at) for one, at in resolved if at + WEEK <= now]
    alone = [one for one, at in ripe if not one.reopens and not (one.came_again and one.came_again <= at + WEEK)]
    return {
        "resolved": share_of(sum(one.resolved is not None for one in over), len(over)),
        "resolution_time": mean_of([(at - one.opened).total_seconds() for one, at in resolved], 0),
        "first_contact": share_of(len(alone), len(ripe)),
        "reopened": share_of(sum(one.reopens > 0 for one, _ in resolved), len(resolved)),
        "switched": share_of(sum(len(set(one.channels)) > 1 for one in ours), len(ours)),
    }


def _bot(ours: list[Story], now: datetime) -> dict[str, Counted]:
    answers = [kind for one in ours for kind in one.answers]
    asked = [one for one in ours if one.is_asked]
    quiet = [one for one in asked if one.last_said + QUIET <= now]
    served = [
        one
        for one in quiet
        if "answer" in one.answers
        and not one.called
        and not one.people_said
        and not (one.came_again and one.came_again <= one.last_said + QUIET)
    ]
    return {
        "self_service": share_of(len(served), len(quiet)),
        "answer_rate": share_of(answers.count("answer"), len(answers)),
        "unknown": share_of(answers.count("unknown"), len(answers)),
        "wrong_answer": share_of(sum(one.refused for one in ours), answers.count("answer")),
        "handoff_rate": share_of(sum(bool(one.called) for one in asked), len(asked)),
    }


def _people(ours: list[Story]) -> dict[str, Counted]:
    calls = [call for one in ours for call in one.called]
    waited = [call for call in calls if call.claimed or call.is_over]
    ended = [call for call in calls if call.replied or call.is_over]
    replied = [next(call for call in one.called if call.replied) for one in ours if any(c.replied for c in one.called)]
    claimed = [next(call for call in one.called if call.claimed) for one in ours if any(c.claimed for c in one.called)]
    with_people = [one for one in ours if one.called]
    return {
        "first_reply": mean_of([call.waited_open for call in replied if call.waited_open is not None], 0),
        "first_reply_clock": mean_of([_seconds(call.row["at"], call.replied) for call in replied], 0),
        "queue_time": mean_of([_seconds(call.row["at"], call.claimed) for call in claimed], 0),
        "left_queue": share_of(sum(call.was_left for call in waited), len(waited)),
        "unreplied": share_of(sum(not call.replied for call in ended), len(ended)),
        "missed_targets": share_of(sum(one.marks > 0 for one in with_people), len(with_people)),
    }


def _seconds(start: datetime, end: datetime | None) -> float:
    assert end is not None
    return (end - start).total_seconds()


def share_of(met: int, n: int) -> Counted:
    """With Wilson's interval as the roots of (p − met/n)² = z² p (1 − p) / n."""
    if n == 0:
        return Counted(0, None)
    share = met / n
    a, b, c = 1 + Z**2 / n, -2 * share - Z**2 / n, share**2
    root = sqrt(max(b * b - 4 * a * c, 0))
    return Counted(n, share, max((-b - root) / (2 * a), 0), min((-b + root) / (2 * a), 1))


def mean_of(values: list[float], lowest: float, highest: float = float("inf")) -> Counted:
    if not values:
        return Counted(0, None)
    n, mean = len(values), fmean(values)
    if n == 1:
        return Counted(1, mean, None, None, values[0], values[0], values[0])
    reach = stats.t.ppf(0.975, n - 1) * stdev(values) / sqrt(n)
    tenths = quantiles(values, n=10, method="inclusive")
    return Counted(n, mean, max(mean - reach, lowest), min(mean + reach, highest), tenths[4], tenths[8], tenths[0])
