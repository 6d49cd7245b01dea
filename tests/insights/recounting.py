"""Every figure once more, from what was kept of conversations and with nothing of the product's own counting.

Plain loops over plain rows, in the order in which the definitions are read; slow, and meant to be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import sqrt
from statistics import fmean, quantiles, stdev
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays
from scipy import stats
from sqlalchemy import select

from db import Base, Database

Z = stats.norm.ppf(0.975)
WEEK, QUIET = timedelta(days=7), timedelta(hours=72)
SCALES = {"ces": (1, 7), "csat": (1, 5), "nps": (0, 10)}


@dataclass(frozen=True)
class Counted:
    n: int
    value: float | None
    low: float | None = None
    high: float | None = None
    median: float | None = None
    p90: float | None = None


class Rows:
    """All rows of the tables that figures come from."""

    def __init__(self, database: Database) -> None:
        with database.reading() as session:
            for name in ("conversation", "message", "event", "handoff", "survey", "follow_up", "calendar"):
                table = Base.metadata.tables[name]
                setattr(self, name, [dict(row) for row in session.execute(select(table)).mappings()])
        self.said = _by(self.message, "conversation_id")
        self.events = _by(self.event, "conversation_id")
        self.handoffs = _by(self.handoff, "conversation_id")
        self.surveys = _by(self.survey, "conversation_id")
        self.follow_ups = _by(self.follow_up, "conversation_id")
        self.of_customer = _by(self.conversation, "customer_id")
        for messages in self.said.values():
            messages.sort(key=lambda one: one["seq"])
        for events in self.events.values():
            events.sort(key=lambda one: one["id"])

    conversation: list[dict[str, Any]]
    message: list[dict[str, Any]]
    event: list[dict[str, Any]]
    handoff: list[dict[str, Any]]
    survey: list[dict[str, Any]]
    follow_up: list[dict[str, Any]]
    calendar: list[dict[str, Any]]


def recount(
    database: Database, first: date, last: date, now: datetime, only: Callable[[dict[str, Any]], bool] = lambda _: True
) -> dict[str, Counted]:
    """By its key, each figure of the conversations that began on these days of the company's; `only` some of them."""
    rows = Rows(database)
    zone = ZoneInfo(next(one["time_zone"] for one in rows.calendar if one["team_id"] is None))
    chosen = [
        one
        for one in rows.conversation
        if first <= one["opened_at"].astimezone(zone).date() <= last and _spoke(rows, one) and only(one)
    ]
    ours = [one for one in chosen if one["close_reason"] not in ("merged", "spam")]
    return {
        "conversations": _count(len(ours)),
        **_scores(rows, [one for one in rows.conversation if _began(one, zone, first, last) and only(one)], now),
        **_outcomes(rows, ours, now),
        **_bot(rows, ours, now),
        **_people(rows, ours),
    }


def _began(one: dict[str, Any], zone: ZoneInfo, first: date, last: date) -> bool:
    return first <= one["opened_at"].astimezone(zone).date() <= last


def _talk(rows: Rows, one: dict[str, Any]) -> list[dict[str, Any]]:
    """What was said until it was closed."""
    return [said for said in rows.said[one["id"]] if one["closed_at"] is None or said["created_at"] <= one["closed_at"]]


def _spoke(rows: Rows, one: dict[str, Any]) -> bool:
    talk = _talk(rows, one)
    heard = any(said["author"] == "customer" and not said["is_silent"] for said in talk)
    return heard and talk[0]["author"] == "customer"


def _is_contact(rows: Rows, one: dict[str, Any]) -> bool:
    """The customer began it, and said something."""
    said = rows.said[one["id"]]
    return (
        bool(said)
        and said[0]["author"] == "customer"
        and any(one["author"] == "customer" and not one["is_silent"] for one in said)
    )


def _by_person(said: dict[str, Any]) -> bool:
    return str(said["author"]).startswith("agent:")


def _called(rows: Rows, one: dict[str, Any]) -> list[dict[str, Any]]:
    found = [handoff for handoff in rows.handoffs[one["id"]] if handoff["reason"] not in ("agent", "reopened")]
    return sorted(found, key=lambda handoff: handoff["id"])


def _turns(rows: Rows, one: dict[str, Any]) -> list[dict[str, Any]]:
    return [event["details"] for event in rows.events[one["id"]] if event["kind"] == "turn"]


def _answers(rows: Rows, one: dict[str, Any]) -> list[str]:
    return [turn["answer"]["kind"] for turn in _turns(rows, one) if turn.get("answer")]


def _asked(rows: Rows, one: dict[str, Any]) -> bool:
    talk = _talk(rows, one)
    return bool(_answers(rows, one)) or bool(_called(rows, one)) or any(_by_person(said) for said in talk)


def _resolved(rows: Rows, one: dict[str, Any]) -> datetime | None:
    """When it was resolved."""
    if one["closed_at"] is None:
        return None
    if one["close_reason"] in ("done", "solved", "answered", "not_possible"):
        return one["closed_at"]
    if one["close_reason"] != "silence":
        return None
    talk = _talk(rows, one)
    heard = [said for said in talk if not said["is_silent"]]
    ours = [said["created_at"] for said in talk if said["author"] != "customer"]
    if any(_by_person(said) for said in talk):
        return max(ours) if heard[-1]["author"] != "customer" else None
    for turn in _turns(rows, one)[::-1]:
        if turn.get("verdict") == "helped":
            return max(ours)
        if turn.get("verdict"):
            return None
        if turn.get("answer"):
            return max(ours) if turn["answer"]["kind"] == "answer" else None
    return None


def _next(rows: Rows, one: dict[str, Any]) -> datetime | None:
    later = [
        other["opened_at"]
        for other in rows.of_customer[one["customer_id"]]
        if other["opened_at"] > one["opened_at"] and other["close_reason"] != "merged" and _is_contact(rows, other)
    ]
    return min(later, default=None)


def _scores(rows: Rows, conversations: list[dict[str, Any]], now: datetime) -> dict[str, Counted]:
    given: dict[str, list[float]] = {"ces": [], "csat": [], "nps": [], "again": []}
    asked, answered = 0, 0
    for one in conversations:
        surveys = sorted(rows.surveys[one["id"]], key=lambda survey: survey["decided_at"])
        seen: set[str] = set()
        for survey in surveys:
            if survey["touchpoint"] == "conversation":
                asked += survey["state"] in ("asked", "answered", "expired")
                answered += survey["state"] == "answered"
            what = "again" if survey["touchpoint"] == "follow_up" and survey["kind"] == "ces" else survey["kind"]
            is_other = survey["touchpoint"] != "conversation" and what != "again"
            if survey["score"] is None or what in seen or is_other:
                continue
            seen.add(what)
            lowest, highest = SCALES[survey["kind"]]
            width = (highest - lowest) / (survey["highest"] - survey["lowest"])
            given[what].append(lowest + (survey["score"] - survey["lowest"]) * width)
    follow_ups = [row for one in conversations for row in rows.follow_ups[one["id"]]]
    decided = [row for row in follow_ups if row["closed_at"] or (row["due_at"] and row["due_at"] <= now)]
    in_time = [row for row in decided if row["closed_at"] and not (row["due_at"] and row["closed_at"] > row["due_at"])]
    reached = [(row["reached_at"] - row["opened_at"]).total_seconds() for row in follow_ups if row["reached_at"]]
    signs = [100.0 if one >= 9 else -100.0 if one <= 6 else 0.0 for one in given["nps"]]
    nps = _mean(signs, -100, 100)
    return {
        "ces": _mean(given["ces"], 1, 7),
        "ease": _share(sum(one >= 5 for one in given["ces"]), len(given["ces"])),
        "csat": _mean(given["csat"], 1, 5),
        "satisfied": _share(sum(one >= 4 for one in given["csat"]), len(given["csat"])),
        "nps": Counted(nps.n, nps.value, nps.low, nps.high),
        "response": _share(answered, asked),
        "follow_ups": _count(len(follow_ups)),
        "follow_up_in_time": _share(len(in_time), len(decided)),
        "follow_up_reached": _mean(reached, 0),
        "ces_again": _mean(given["again"], 1, 7),
    }


def _outcomes(rows: Rows, ours: list[dict[str, Any]], now: datetime) -> dict[str, Counted]:
    over = [one for one in ours if one["closed_at"] and _asked(rows, one)]
    resolved = [(one, at) for one in ours if (at := _resolved(rows, one))]
    reopened = {one["id"] for one in ours if any(event["kind"] == "reopened" for event in rows.events[one["id"]])}
    ripe = [(one, at) for one, at in resolved if at + WEEK <= now]
    alone = [
        one
        for one, at in ripe
        if one["id"] not in reopened and ((came := _next(rows, one)) is None or came > at + WEEK)
    ]
    moved = 0
    for one in ours:
        heard = [said["channel"] for said in _talk(rows, one) if said["author"] == "customer" and not said["is_silent"]]
        moved += len(set(heard)) > 1
    return {
        "resolved": _share(sum(_resolved(rows, one) is not None for one in over), len(over)),
        "resolution_time": _mean([(at - one["opened_at"]).total_seconds() for one, at in resolved], 0),
        "first_contact": _share(len(alone), len(ripe)),
        "reopened": _share(sum(one["id"] in reopened for one, _ in resolved), len(resolved)),
        "switched": _share(moved, len(ours)),
    }


def _bot(rows: Rows, ours: list[dict[str, Any]], now: datetime) -> dict[str, Counted]:
    kinds = [kind for one in ours for kind in _answers(rows, one)]
    refused = sum(
        min(
            sum(turn.get("verdict") == "did_not_help" for turn in _turns(rows, one)),
            _answers(rows, one).count("answer"),
        )
        for one in ours
    )
    asked = [one for one in ours if _asked(rows, one)]
    served, quiet = 0, 0
    for one in asked:
        last = max(said["created_at"] for said in _talk(rows, one))
        if last + QUIET > now:
            continue
        quiet += 1
        came = _next(rows, one)
        by_people = _called(rows, one) or any(_by_person(said) for said in _talk(rows, one))
        served += "answer" in _answers(rows, one) and not by_people and not (came and came <= last + QUIET)
    return {
        "self_service": _share(served, quiet),
        "answer_rate": _share(kinds.count("answer"), len(kinds)),
        "unknown": _share(kinds.count("unknown"), len(kinds)),
        "wrong_answer": _share(refused, kinds.count("answer")),
        "handoff_rate": _share(sum(bool(_called(rows, one)) for one in asked), len(asked)),
    }


def _people(rows: Rows, ours: list[dict[str, Any]]) -> dict[str, Counted]:
    by_clock, in_hours, queue = [], [], []
    waited = left = ended = unreplied = with_people = missed = 0
    for one in ours:
        called = _called(rows, one)
        replies = [(handoff, at) for handoff in called if (at := _first_reply(rows, one, handoff))]
        claims = [handoff for handoff in called if handoff["claimed_at"]]
        if replies:
            handoff, at = replies[0]
            by_clock.append((at - handoff["at"]).total_seconds())
            in_hours.append(_open_seconds(rows, handoff["team_id"], handoff["at"], at))
        if claims:
            queue.append((claims[0]["claimed_at"] - claims[0]["at"]).total_seconds())
        for handoff in called:
            is_over, reply = handoff["ended_at"] is not None, _first_reply(rows, one, handoff)
            waited += bool(handoff["claimed_at"] or is_over)
            left += not handoff["claimed_at"] and handoff["ended_as"] in ("left", "closed")
            ended += bool(reply or is_over)
            unreplied += is_over and not reply
        with_people += bool(called)
        missed += bool(called) and any(event["kind"] == "sla_missed" for event in rows.events[one["id"]])
    return {
        "first_reply": _mean(in_hours, 0),
        "first_reply_clock": _mean(by_clock, 0),
        "queue_time": _mean(queue, 0),
        "left_queue": _share(left, waited),
        "unreplied": _share(unreplied, ended),
        "missed_targets": _share(missed, with_people),
    }


def _first_reply(rows: Rows, one: dict[str, Any], handoff: dict[str, Any]) -> datetime | None:
    """The first message of a person to this customer while it was going on, in whichever conversation."""
    until = handoff["ended_at"]
    spoken = [
        said["created_at"]
        for other in rows.of_customer[one["customer_id"]]
        for said in rows.said[other["id"]]
        if _by_person(said) and said["created_at"] >= handoff["at"] and (not until or said["created_at"] <= until)
    ]
    return min(spoken, default=None)


def _open_seconds(rows: Rows, team_id: str | None, start: datetime, end: datetime) -> float:
    """Day by day: how much of it the team was there."""
    calendar = next((one for one in rows.calendar if one["team_id"] == team_id), None) or next(
        one for one in rows.calendar if one["team_id"] is None
    )
    zone = ZoneInfo(calendar["time_zone"])
    country, where = calendar["country"], calendar["subdivision"]
    total, day = 0.0, start.astimezone(zone).date() - timedelta(days=1)
    while day <= end.astimezone(zone).date():
        is_holiday = bool(country) and day in country_holidays(country, subdiv=where, years=day.year)
        if not is_holiday and day.isoformat() not in calendar["closed_on"]:
            for opens, closes in calendar["week"][day.weekday()]:
                begin, over = (_at(day, clock, zone) for clock in (opens, closes))
                total += max((min(over, end) - max(begin, start)).total_seconds(), 0.0)
        day += timedelta(days=1)
    return total


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    if hours == 24:
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time(hours, minutes), zone)


def _count(n: int) -> Counted:
    return Counted(n, float(n))


def _share(met: int, n: int) -> Counted:
    """With Wilson's interval as the roots of (p − met/n)² = z² p (1 − p) / n."""
    if n == 0:
        return Counted(0, None)
    share = met / n
    a, b, c = 1 + Z**2 / n, -2 * share - Z**2 / n, share**2
    root = sqrt(max(b * b - 4 * a * c, 0))
    return Counted(n, share, max((-b - root) / (2 * a), 0), min((-b + root) / (2 * a), 1))


def _mean(values: list[float], lowest: float, highest: float = float("inf")) -> Counted:
    if not values:
        return Counted(0, None)
    n, mean = len(values), fmean(values)
    if n == 1:
        return Counted(1, mean, None, None, values[0], values[0])
    reach = stats.t.ppf(0.975, n - 1) * stdev(values) / sqrt(n)
    tenths = quantiles(values, n=10, method="inclusive")
    return Counted(n, mean, max(mean - reach, lowest), min(mean + reach, highest), tenths[4], tenths[8])


def _by(rows: Iterable[dict[str, Any]], column: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def differences(shown: dict[str, dict[str, str]], counted: dict[str, Counted]) -> list[str]:
    """What `/insights/figures.csv` (by figure, its rows) says otherwise than it was recounted."""
    found = []
    for key, one in counted.items():
        row = shown[key]
        expected = {"cases": float(one.n), "value": one.value, "low": one.low, "high": one.high}
        expected |= {"median": one.median, "p90": one.p90}
        for column, value in expected.items():
            told = float(row[column]) if row[column] else None
            if (value is None) != (told is None) or (
                value is not None and told is not None and abs(value - told) > 1e-5 * max(abs(value), 1)
            ):
                found.append(f"{key} {column}: {told}, recounted {value}")
    return [*found, *(f"{key} was not recounted" for key in shown if key not in counted)]
