"""What runs while somebody waits for a person: first reply, next reply and resolution, and when each is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal

from handoff.hours import Hours

Which = Literal["first_reply", "next_reply", "resolution"]

WARNING_MINUTES = 15
WARNING_SHARE = 0.25
"""A warning comes when a quarter of the target is left, and no sooner than 15 minutes (of opening time) before it is
due, or what is set instead: sooner it would be no news to who works on many conversations."""


@dataclass(frozen=True)
class Targets:
    """Minutes of opening time; None: no target."""

    first_reply: int | None = None
    next_reply: int | None = None
    resolution: int | None = None


@dataclass(frozen=True)
class Said:
    at: datetime
    by_person: bool
    """By one of us, not by the customer; what the bot says counts for nothing."""


@dataclass(frozen=True)
class Facts:
    """What happened since a conversation was given to people."""

    handed_off_at: datetime
    replied_at: datetime | None = None
    """The first reply by a person; before the hand-off, if the conversation was opened again."""
    owed_since: datetime | None = None
    """The oldest message of the customer that a person still owes an answer to."""
    said: tuple[Said, ...] = ()
    """In order, from the hand-off on."""

    def before(self, moment: datetime) -> Facts:
        """The facts as they were just before something happened."""
        said = tuple(one for one in self.said if one.at < moment)
        replied_at = self.replied_at if self.replied_at and self.replied_at < moment else None
        return Facts(self.handed_off_at, replied_at, _owed_since(said), said)


@dataclass(frozen=True)
class Clock:
    which: Which
    since: datetime
    target: int
    """Minutes of opening time."""
    due: datetime

    def is_missed(self, now: datetime) -> bool:
        return self.due < now

    def is_near(self, now: datetime, hours: Hours, soonest: float = WARNING_MINUTES) -> bool:
        """Whether it is time for a warning; `soonest`: how many minutes before it is due one may come."""
        return not self.is_missed(now) and hours.open_minutes(now, self.due) <= warning_minutes(self.target, soonest)


def warning_minutes(target: int, soonest: float = WARNING_MINUTES) -> float:
    """How long before it is due a warning comes."""
    return min(target * WARNING_SHARE, soonest)


def running(facts: Facts, targets: Targets, hours: Hours) -> list[Clock]:
    """The clocks that run now, by the targets and the opening hours of whose matter it is now.

    The first reply is due from the hand-off on, each next one from the oldest message of the customer that has none,
    or from when it was taken up again after it was closed.
    The clock of the resolution stands still between a person's reply and what the customer writes next. A transfer
    or another priority changes how much time there is, not since when the customer has waited.
    """
    clocks = [_reply(facts, targets, hours), _resolution(facts, targets, hours)]
    return [clock for clock in clocks if clock]


def _reply(facts: Facts, targets: Targets, hours: Hours) -> Clock | None:
    if facts.replied_at is None:
        return _clock("first_reply", facts.handed_off_at, targets.first_reply, hours)
    if facts.owed_since is None:
        return None
    return _clock("next_reply", max(facts.owed_since, facts.handed_off_at), targets.next_reply, hours)


def _clock(which: Which, since: datetime, target: int | None, hours: Hours) -> Clock | None:
    due = None if target is None else hours.after(since, target)
    return Clock(which, since, target, due) if target is not None and due else None


def _resolution(facts: Facts, targets: Targets, hours: Hours) -> Clock | None:
    if targets.resolution is None or (facts.said and facts.said[-1].by_person):
        return None
    due = _runs_out(_turns(facts), targets.resolution, hours)
    return Clock("resolution", facts.handed_off_at, targets.resolution, due) if due else None


def _turns(facts: Facts) -> list[Said]:
    """When it became our turn, or the customer's, beginning with ours."""
    moments = (Said(facts.handed_off_at, by_person=False), *facts.said)
    return [moments[0], *(one for before, one in pairwise(moments) if one.by_person != before.by_person)]


def _runs_out(turns: list[Said], target: int, hours: Hours) -> datetime | None:
    """When so many minutes were ours; the last turn is."""
    left = float(target)
    for ours, theirs in zip(turns[:-1:2], turns[1::2], strict=True):
        used = hours.open_minutes(ours.at, theirs.at)
        if used > left:
            return hours.after(ours.at, left)
        left -= used
    return hours.after(turns[-1].at, left)


def _owed_since(said: tuple[Said, ...]) -> datetime | None:
    owed = None
    for one in said:
        owed = None if one.by_person else owed or one.at
    return owed
