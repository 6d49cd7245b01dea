"""The clocks of first reply, next reply and resolution: this table is their specification."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from handoff.clocks import Clock, Facts, Said, Targets, running, warning_minutes
from handoff.hours import Hours

LEIPZIG = Hours("Europe/Berlin", (((480, 1080),),) * 5 + ((), ()), "DE", "SN")
ALWAYS = Hours("Europe/Berlin", (((0, 1440),),) * 7)
LUNCH = Hours("Europe/Berlin", (((540, 720), (780, 1020)),) * 5 + ((), ()))
NEVER = Hours("Europe/Berlin", ((),) * 7)
CHRISTMAS_EVE = replace(LEIPZIG, closed_on=frozenset({date(2026, 12, 24)}))

NORMAL = Targets(first_reply=30, next_reply=60, resolution=480)
URGENT = Targets(first_reply=10, next_reply=15, resolution=120)
SECOND_LINE = Targets(first_reply=120, next_reply=240, resolution=2400)


def at(text: str) -> datetime:
    """`16 09:00` on the clocks of Leipzig; without a month, in November 2026. The 16th is a Monday."""
    return datetime.fromisoformat(full(text)).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(timezone.utc)


def full(text: str) -> str:
    return {8: f"2026-11-{text}", 11: f"2026-{text}"}.get(len(text), text)


def facts(handed_off: str, said: str) -> Facts:
    """What was said as `person 16 09:10, customer 16 09:20`."""
    lines = tuple(Said(at(line.partition(" ")[2]), line.startswith("person")) for line in said.split(", ") if line)
    replied_at = next((one.at for one in lines if one.by_person), None)
    before_owed = [number for number, one in enumerate(lines) if one.by_person]
    owed = lines[before_owed[-1] + 1 :] if before_owed else lines
    return Facts(at(handed_off), replied_at, owed[0].at if owed else None, lines)


TABLE = [
    # First reply: from the hand-off, whatever the customer writes meanwhile.
    ("in the day", "16 09:00", "", NORMAL, LEIPZIG, {"first_reply": "16 09:30", "resolution": "16 17:00"}),
    ("written twice", "16 09:00", "customer 16 09:10", NORMAL, LEIPZIG,
     {"first_reply": "16 09:30", "resolution": "16 17:00"}),
    ("to the minute of closing", "16 17:30", "", NORMAL, LEIPZIG,
     {"first_reply": "16 18:00", "resolution": "17 15:30"}),
    ("over the night", "16 17:45", "", NORMAL, LEIPZIG, {"first_reply": "17 08:15", "resolution": "17 15:45"}),
    ("asked at night", "16 23:00", "", NORMAL, LEIPZIG, {"first_reply": "17 08:30", "resolution": "17 16:00"}),
    ("before opening", "16 05:00", "", NORMAL, LEIPZIG, {"first_reply": "16 08:30", "resolution": "16 16:00"}),
    ("over the weekend", "20 17:50", "", NORMAL, LEIPZIG, {"first_reply": "23 08:20", "resolution": "23 15:50"}),
    ("asked on Saturday", "21 12:00", "", NORMAL, LEIPZIG, {"first_reply": "23 08:30", "resolution": "23 16:00"}),
    ("before a holiday", "17 17:50", "", NORMAL, LEIPZIG, {"first_reply": "19 08:20", "resolution": "19 15:50"}),
    ("on a holiday", "18 10:00", "", NORMAL, LEIPZIG, {"first_reply": "19 08:30", "resolution": "19 16:00"}),
    ("a holiday elsewhere", "18 10:00", "", NORMAL, replace(LEIPZIG, subdivision="BE"),
     {"first_reply": "18 10:30", "resolution": "18 18:00"}),
    ("Christmas", "12-24 17:45", "", NORMAL, LEIPZIG, {"first_reply": "12-28 08:15", "resolution": "12-28 15:45"}),
    ("closed further", "12-23 17:45", "", NORMAL, CHRISTMAS_EVE,
     {"first_reply": "12-28 08:15", "resolution": "12-28 15:45"}),
    ("over New Year", "12-31 17:50", "", URGENT, LEIPZIG,
     {"first_reply": "12-31 18:00", "resolution": "2027-01-04 09:50"}),
    ("over lunch", "16 11:45", "", NORMAL, LUNCH, {"first_reply": "16 13:15", "resolution": "17 13:45"}),
    ("clocks go forward", "2026-03-29 01:45", "", NORMAL, ALWAYS,
     {"first_reply": "2026-03-29 03:15", "resolution": "2026-03-29 10:45"}),
    ("clocks go back", "2026-10-25 01:45", "", NORMAL, ALWAYS,
     {"first_reply": "2026-10-25 02:15", "resolution": "2026-10-25 08:45"}),
    ("the weekend of summer time", "2026-03-27 17:50", "", NORMAL, LEIPZIG,
     {"first_reply": "2026-03-30 08:20", "resolution": "2026-03-30 15:50"}),
    # The customer's turn: no clock runs.
    ("replied", "16 09:00", "person 16 09:10", NORMAL, LEIPZIG, {}),
    ("replied twice", "16 09:00", "person 16 09:10, person 16 09:20", NORMAL, LEIPZIG, {}),
    ("replied late", "16 09:00", "person 16 12:00", NORMAL, LEIPZIG, {}),
    # Next reply: from the oldest message that has none.
    ("asked again", "16 09:00", "person 16 09:10, customer 16 10:00", NORMAL, LEIPZIG,
     {"next_reply": "16 11:00", "resolution": "16 17:50"}),
    ("asked again twice", "16 09:00", "person 16 09:10, customer 16 10:00, customer 16 10:30", NORMAL, LEIPZIG,
     {"next_reply": "16 11:00", "resolution": "16 17:50"}),
    ("answered and asked again", "16 09:00",
     "person 16 09:10, customer 16 10:00, person 16 10:30, customer 16 11:00", NORMAL, LEIPZIG,
     {"next_reply": "16 12:00", "resolution": "17 08:20"}),
    ("asked again at night", "16 09:00", "person 16 09:10, customer 16 21:00", NORMAL, LEIPZIG,
     {"next_reply": "17 09:00", "resolution": "17 15:50"}),
    ("asked again on Saturday", "20 09:00", "person 20 09:10, customer 21 10:00", NORMAL, LEIPZIG,
     {"next_reply": "23 09:00", "resolution": "23 15:50"}),
    ("asked again after days", "16 09:00", "person 16 09:10, customer 27 17:30", NORMAL, LEIPZIG,
     {"next_reply": "30 08:30", "resolution": "30 15:20"}),
    # Resolution: only our own time is counted.
    ("written twice before the reply", "16 09:00", "customer 16 09:05, person 16 10:00, customer 16 12:00", NORMAL,
     LEIPZIG, {"next_reply": "16 13:00", "resolution": "17 09:00"}),
    ("ran out before the reply", "16 09:00", "person 16 17:30, customer 17 09:00", NORMAL, LEIPZIG,
     {"next_reply": "17 10:00", "resolution": "16 17:00"}),
    ("ran out in the second turn", "16 09:00",
     "person 16 13:00, customer 16 14:00, person 17 09:00, customer 17 10:00", NORMAL, LEIPZIG,
     {"next_reply": "17 11:00", "resolution": "16 18:00"}),
    ("used to the minute", "16 09:00", "person 16 17:00, customer 17 09:00", NORMAL, LEIPZIG,
     {"next_reply": "17 10:00", "resolution": "17 09:00"}),
    # Another priority, another team: another target, by their hours, since the same moment.
    ("made urgent", "16 09:00", "", URGENT, LEIPZIG, {"first_reply": "16 09:10", "resolution": "16 11:00"}),
    ("made urgent while owed", "16 09:00", "person 16 09:10, customer 16 10:00", URGENT, LEIPZIG,
     {"next_reply": "16 10:15", "resolution": "16 11:50"}),
    ("transferred", "16 09:00", "", SECOND_LINE, LEIPZIG, {"first_reply": "16 11:00", "resolution": "23 09:00"}),
    ("transferred to who is always there", "16 17:45", "", NORMAL, ALWAYS,
     {"first_reply": "16 18:15", "resolution": "17 01:45"}),
    ("transferred while the customer owes", "16 09:00", "person 16 09:10", SECOND_LINE, LEIPZIG, {}),
    # Without a target, or without anybody ever there, nothing is due.
    ("only the first reply", "16 09:00", "", Targets(first_reply=30), LEIPZIG, {"first_reply": "16 09:30"}),
    ("no first reply", "16 09:00", "", Targets(next_reply=60), LEIPZIG, {}),
    ("no next reply", "16 09:00", "person 16 09:10, customer 16 10:00", Targets(first_reply=30), LEIPZIG, {}),
    ("no target", "16 09:00", "", Targets(), LEIPZIG, {}),
    ("never open", "16 09:00", "", NORMAL, NEVER, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("handed_off", "said", "targets", "hours", "due"), [row[1:] for row in TABLE], ids=[str(row[0]) for row in TABLE]
)
def test_each_clock_is_due(handed_off: str, said: str, targets: Targets, hours: Hours, due: dict[str, str]) -> None:
    clocks = running(facts(handed_off, said), targets, hours)

    assert {which: at(moment) for which, moment in due.items()} == {clock.which: clock.due for clock in clocks}


@pytest.mark.parametrize(("target", "minutes"), [(8, 2), (30, 7.5), (60, 15), (61, 15), (4800, 15)])
def test_a_warning_comes_when_a_quarter_is_left_and_not_long_before(target: int, minutes: float) -> None:
    assert minutes == warning_minutes(target)


@pytest.mark.parametrize(
    ("now", "is_near"),
    [("16 17:49", False), ("16 17:50", True), ("16 20:00", True), ("17 08:05", True), ("17 08:06", False)],
)
def test_a_warning_counts_opening_time_too(now: str, is_near: bool) -> None:
    clock = Clock("first_reply", at("16 17:35"), target=60, due=at("17 08:05"))

    assert is_near == clock.is_near(at(now), LEIPZIG)


def test_the_facts_before_something_happened() -> None:
    now = facts("16 09:00", "person 16 09:10, customer 16 10:00, customer 16 10:05, person 16 10:30")

    assert facts("16 09:00", "person 16 09:10, customer 16 10:00, customer 16 10:05") == now.before(at("16 10:30"))
    assert facts("16 09:00", "") == now.before(at("16 09:10"))
