"""What became of each conversation, told from its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.insights.recounting.hours import open_seconds
from tests.insights.recounting.rows import Row, Rows

SCALES = {"ces": (1, 7), "csat": (1, 5), "nps": (0, 10)}


@dataclass
class Story:
    id: str
    opened: datetime
    closed: datetime | None
    close_reason: str | None
    locale: str | None
    team: str | None
    agent: str | None
    last_said: datetime
    channels: list[str]
    """Of each message of the customer, until it was closed."""
    is_contact: bool
    """The customer began it, and said something."""
    came_again: datetime | None = None
    topic: str | None = None
    article: str | None = None
    """The one that was said last."""
    answers: list[str] = field(default_factory=list)
    """What came of each question to the bot."""
    verdicts: list[str] = field(default_factory=list)
    resolved: datetime | None = None
    reopens: int = 0
    marks: int = 0
    """Targets that were missed."""
    people_said: int = 0
    called: list[Call] = field(default_factory=list)
    """When the customer or the bot called for a person."""
    asked: str | None = None
    """What became of the question at its end."""
    scores: dict[str, float] = field(default_factory=dict)
    follow_ups: list[Row] = field(default_factory=list)

    @property
    def is_ours(self) -> bool:
        return self.is_contact and self.close_reason not in ("merged", "spam")

    @property
    def is_asked(self) -> bool:
        """Something was asked in it, of the bot or of a person."""
        return self.is_ours and bool(self.answers or self.called or self.people_said)

    @property
    def reason(self) -> str | None:
        return self.called[0].row["reason"] if self.called else None

    @property
    def cause(self) -> str | None:
        return self.follow_ups[0]["cause"] if self.follow_ups else None

    @property
    def refused(self) -> int:
        return min(self.verdicts.count("did_not_help"), self.answers.count("answer"))


@dataclass
class Call:
    row: Row
    replied: datetime | None
    """The first word of a person."""
    waited_open: float | None
    """Seconds until then, of the team's opening hours."""

    @property
    def claimed(self) -> datetime | None:
        found: datetime | None = self.row["claimed_at"]
        return found

    @property
    def is_over(self) -> bool:
        return self.row["ended_at"] is not None

    @property
    def was_left(self) -> bool:
        return not self.claimed and self.row["ended_as"] in ("left", "closed")


def stories(rows: Rows) -> list[Story]:
    contacts = {one["id"]: one["opened_at"] for one in rows.of["conversation"] if _is_contact(rows, one)}
    return [_story(rows, one, contacts) for one in rows.of["conversation"]]


def _story(rows: Rows, one: Row, contacts: dict[str, datetime]) -> Story:
    theirs = sorted(rows.follow_ups[one["id"]], key=lambda row: row["opened_at"])
    cut = _looked_after_from(rows, one, theirs)
    if cut:
        one = one | _first_end(rows, one, cut)
    one = one | _whose(rows, one, cut)
    closed, events = one["closed_at"], [each for each in rows.events[one["id"]] if not cut or each["id"] < cut["id"]]
    handoffs = [each for each in rows.handoffs[one["id"]] if not cut or each["at"] < cut["at"]]
    talk = [
        each
        for each in rows.said[one["id"]]
        if "survey" not in each["extra"] and (closed is None or each["created_at"] <= closed)
    ]
    heard = [each["channel"] for each in talk if each["author"] == "customer" and not each["is_silent"]]
    later = [
        contacts[other["id"]]
        for other in rows.of_customer[one["customer_id"]]
        if other["id"] in contacts and other["close_reason"] != "merged" and other["opened_at"] > one["opened_at"]
    ]
    if cut:
        calls = [each for each in rows.handoffs[one["id"]] if each["at"] >= cut["at"]]
        later += [each["at"] for each in calls if each["reason"] not in ("agent", "reopened")]
    turns = [event["details"] for event in events if event["kind"] == "turn"]
    questions = [turn["answer"] for turn in turns if turn.get("answer")]
    articles = [turn["said"][0] for turn in turns if turn.get("said")]
    happened = [event["kind"] for event in events]
    called = [each for each in handoffs if each["reason"] not in ("agent", "reopened")]
    ends = [each for each in rows.surveys[one["id"]] if each["touchpoint"] == "conversation"]
    return Story(
        one["id"],
        one["opened_at"],
        closed,
        one["close_reason"],
        one["locale"],
        one["team_id"],
        one["agent_id"],
        max((each["created_at"] for each in talk), default=one["opened_at"]),
        heard,
        bool(heard) and talk[0]["author"] == "customer",
        min(later, default=None),
        _topic(handoffs, questions),
        articles[-1] if articles else None,
        [question["kind"] for question in questions],
        [turn["verdict"] for turn in turns if turn.get("verdict")],
        _resolved(one, talk, turns),
        happened.count("reopened"),
        happened.count("sla_missed"),
        sum(_by_person(each) for each in talk),
        [_call(rows, one, each) for each in called],
        ends[0]["state"] if ends else None,
        _scores(rows.surveys[one["id"]]),
        theirs,
    )


def _looked_after_from(rows: Rows, one: Row, follow_ups: list[Row]) -> Row | None:
    """The event with which a conversation that had ended was opened once more after its low score."""
    own = [each["id"] for each in rows.surveys[one["id"]] if each["touchpoint"] in ("conversation", "follow_up")]
    for event in rows.events[one["id"]] if follow_ups and follow_ups[0]["survey_id"] in own else []:
        if event["kind"] == "reopened" and event["at"] >= follow_ups[0]["opened_at"]:
            return event
    return None


def _first_end(rows: Rows, one: Row, cut: Row) -> Row:
    """When and how it had been closed before that."""
    for event in reversed([each for each in rows.events[one["id"]] if each["id"] < cut["id"]]):
        if event["kind"] in ("resolved", "ended_done", "ended_silence"):
            how = event["details"]["reason"] if event["kind"] == "resolved" else event["kind"].removeprefix("ended_")
            return {"closed_at": event["at"], "close_reason": how}
    asked = min(each["decided_at"] for each in rows.surveys[one["id"]] if each["touchpoint"] == "conversation")
    return {"closed_at": asked, "close_reason": "silence"}


def _whose(rows: Rows, one: Row, cut: Row | None) -> Row:
    """The team and the person that had it when its question was asked, if it has gone to others since."""
    asked = [each["asked_at"] for each in rows.surveys[one["id"]] if each["touchpoint"] == "conversation"]
    moment = next(filter(None, asked), one["closed_at"] if cut else None)
    moves = ("handed_off", "claimed", "assigned", "transferred", "reopened")
    if moment is None or all(e["at"] <= moment or e["kind"] not in moves for e in rows.events[one["id"]]):
        return {}
    team, agent = None, None
    for handoff in rows.handoffs[one["id"]]:
        team = handoff["team_id"] if handoff["at"] <= moment else team
    for event in rows.events[one["id"]]:
        kind, details = event["kind"], event["details"]
        if event["at"] > moment:
            break
        if kind == "claimed" or (kind == "resolved" and not agent):
            agent = details["by"]
        elif kind in ("assigned", "transferred"):
            agent = details.get("to")
    return {"team_id": team, "agent_id": agent}


def _is_contact(rows: Rows, one: Row) -> bool:
    said = rows.said[one["id"]]
    spoke = any(each["author"] == "customer" and not each["is_silent"] for each in said)
    return spoke and said[0]["author"] == "customer"


def _by_person(said: Row) -> bool:
    return str(said["author"]).startswith("agent:")


def _topic(handoffs: list[Row], questions: list[Row]) -> str | None:
    """As a hand-off says; without one that says any, of the last answer or choice."""
    found = [each["topic"] for each in handoffs if each["topic"]]
    if not found:
        found = [each["category"] for each in questions if each["kind"] != "unknown" and each.get("category")]
    return found[-1] if found else None


def _resolved(one: Row, talk: list[Row], turns: list[Row]) -> datetime | None:
    """When it was resolved."""
    closed: datetime | None = one["closed_at"]
    if closed is None or one["close_reason"] in ("done", "solved", "answered", "not_possible"):
        return closed
    if one["close_reason"] != "silence":
        return None
    ours = [each["created_at"] for each in talk if each["author"] != "customer"]
    if any(_by_person(each) for each in talk):
        heard = [each for each in talk if not each["is_silent"]]
        return max(ours) if heard[-1]["author"] != "customer" else None
    for turn in turns[::-1]:
        if turn.get("verdict"):
            return max(ours) if turn["verdict"] == "helped" else None
        if turn.get("answer"):
            return max(ours) if turn["answer"]["kind"] == "answer" else None
    return None


def _call(rows: Rows, one: Row, handoff: Row) -> Call:
    """With the first message of a person to this customer while it was going on, in whichever conversation."""
    until = handoff["ended_at"]
    spoken = [
        said["created_at"]
        for other in rows.of_customer[one["customer_id"]]
        for said in rows.said[other["id"]]
        if _by_person(said) and said["created_at"] >= handoff["at"] and (not until or said["created_at"] <= until)
    ]
    first = min(spoken, default=None)
    waited = open_seconds(rows, _team_then(rows, one, handoff, first), handoff["at"], first) if first else None
    return Call(handoff, first, waited)


def _team_then(rows: Rows, one: Row, handoff: Row, at: datetime) -> str:
    """Whose hand-off it was at a moment, if it was given to another team after it."""
    events = [each for each in rows.events[one["id"]] if each["at"] >= handoff["at"] and "team_id" in each["details"]]
    if not any(each["kind"] == "transferred" and each["at"] > at for each in events):
        return str(handoff["team_id"])
    return str([each["details"]["team_id"] for each in events if each["at"] <= at][-1])


def _scores(surveys: list[Row]) -> dict[str, float]:
    """By kind the first score, on its usual scale; `again`: the effort after somebody has looked after a low one."""
    found: dict[str, float] = {}
    for survey in sorted(surveys, key=lambda one: one["decided_at"]):
        is_again = survey["touchpoint"] == "follow_up"
        is_elsewhere = not is_again and survey["touchpoint"] != "conversation"
        if survey["score"] is None or is_elsewhere or (is_again and survey["kind"] != "ces"):
            continue
        lowest, highest = SCALES[survey["kind"]]
        width = (highest - lowest) / (survey["highest"] - survey["lowest"])
        found.setdefault("again" if is_again else survey["kind"], lowest + (survey["score"] - survey["lowest"]) * width)
    return found
