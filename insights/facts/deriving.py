"""From what was kept of a conversation to its facts: pure, so that the same rows always give the same facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from channels.conversation import AGENT, CUSTOMER
from handoff.handoffs import BY_STAFF, Handoff
from handoff.hours import Hours
from insights.facts.handling import handled
from insights.facts.raw import Happened, Raw, Said
from insights.surveys.survey import SCALES, Survey

SOLVED = ("solved", "answered", "not_possible")
"""What an agent chose where the matter was dealt with; `no_reply`, `duplicate` and `spam` are none of it."""
DONE = "done"
"""The customer said that this was all."""
SILENCE = "silence"
ENDS = ("left", "closed")
"""How a hand-off ends that the customer went away from."""

HoursOf = Callable[[str | None], Hours]
"""The opening hours of a team."""


def derive(raw: Raw, hours_of: HoursOf) -> dict[str, Any]:
    """The values of a `ConversationFact`, without its version."""
    raw = handled(raw)
    one, said = raw.conversation, raw.said
    turns = [event for event in raw.events if event.kind == "turn"]
    called = [handoff for handoff in raw.handoffs if handoff.reason not in BY_STAFF]
    resolved_by = _resolved_by(raw, said, turns)
    return {
        "conversation_id": one.id,
        "customer_id": one.customer_id,
        "opened_at": one.opened_at.timestamp(),
        "closed_at": _seconds(one.closed_at),
        "said_at": max((message.at for message in said), default=one.opened_at).timestamp(),
        "close_reason": one.close_reason,
        "resolved_at": _seconds(_resolved_at(raw, said, resolved_by)),
        "resolved_by": resolved_by,
        "next_at": min((other.at.timestamp() for other in raw.others if other.at > one.opened_at), default=None),
        "locale": one.locale,
        "team_id": one.team_id,
        "agent_id": one.agent_id,
        "reopens": sum(event.kind == "reopened" for event in raw.events),
        "missed": sum(event.kind == "sla_missed" for event in raw.events),
        "people_said": sum(message.author.startswith(AGENT) for message in said),
        **_of_customer(said),
        **_of_bot(turns, raw.handoffs),
        **_of_waiting(called, hours_of),
        **_of_surveys(raw),
    }


def _resolved_by(raw: Raw, said: list[Said], turns: list[Happened]) -> str | None:
    reason = raw.conversation.close_reason
    if raw.conversation.closed_at is None:
        return None
    if reason == DONE:
        return "customer"
    if reason in SOLVED:
        return "agent"
    return "silence" if reason == SILENCE and _was_answered(said, turns) else None


def _was_answered(said: list[Said], turns: list[Happened]) -> bool:
    """Whether the last word before the silence was an answer: a person's, or one of the bot's that nobody refused."""
    spoken = [message for message in said if not message.is_silent]
    if any(message.author.startswith(AGENT) for message in said):
        return spoken[-1].author != CUSTOMER
    for turn in reversed(turns):
        if verdict := turn.details.get("verdict"):
            return bool(verdict == "helped")
        if answer := turn.details.get("answer"):
            return bool(answer["kind"] == "answer")
    return False


def _resolved_at(raw: Raw, said: list[Said], resolved_by: str | None) -> datetime | None:
    """Where silence followed on an answer, it was resolved by that answer, not by the silence."""
    if resolved_by is None:
        return None
    if resolved_by == "silence":
        answers = (message.at for message in said if message.author != CUSTOMER)
        return max(answers, default=raw.conversation.closed_at)
    return raw.conversation.closed_at


def _of_customer(said: Sequence[Said]) -> dict[str, Any]:
    channels = [message.channel for message in said if message.author == CUSTOMER and not message.is_silent]
    return {
        "said": len(channels),
        "by_us": int(bool(said) and said[0].author != CUSTOMER),
        "channels": ",".join(dict.fromkeys(channels)),
        "switches": sum(before != after for before, after in pairwise(channels)),
    }


def _of_bot(turns: list[Happened], handoffs: list[Handoff]) -> dict[str, Any]:
    answers = [turn.details["answer"] for turn in turns if turn.details.get("answer")]
    verdicts = [turn.details.get("verdict") for turn in turns]
    articles = [turn.details["said"][0] for turn in turns if turn.details.get("said")]
    topics = [handoff.topic for handoff in handoffs if handoff.topic] or [_topic(answer) for answer in answers]
    return {
        "questions": len(answers),
        "answered": sum(answer["kind"] == "answer" for answer in answers),
        "unknown": sum(answer["kind"] == "unknown" for answer in answers),
        "helped": verdicts.count("helped"),
        "not_helped": verdicts.count("did_not_help"),
        "article_id": articles[-1] if articles else None,
        "topic": next((topic for topic in reversed(topics) if topic), None),
    }


def _topic(answer: dict[str, Any]) -> str:
    return str(answer.get("category") or "") if answer["kind"] != "unknown" else ""


def _of_waiting(called: list[Handoff], hours_of: HoursOf) -> dict[str, Any]:
    claimed = next((one for one in called if one.claimed_at), None)
    replied = next((one for one in called if one.replied_at), None)
    over = [one for one in called if one.claimed_at or one.ended_at]
    ended = [one for one in called if one.replied_at or one.ended_at]
    return {
        "handoffs": len(called),
        "reason": called[0].reason if called else None,
        "queued": len(over),
        "left_queue": sum(one.claimed_at is None and one.ended_as in ENDS for one in over),
        "ended": len(ended),
        "unreplied": sum(one.replied_at is None for one in ended),
        "claim_seconds": _between(claimed.at, claimed.claimed_at) if claimed else None,
        "reply_seconds": _between(replied.at, replied.replied_at) if replied else None,
        "reply_open_seconds": _open_seconds(replied, hours_of) if replied else None,
    }


def _between(start: datetime, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if end else None


def _open_seconds(handoff: Handoff, hours_of: HoursOf) -> float | None:
    if handoff.replied_at is None or handoff.reply_open_seconds is not None:
        return handoff.reply_open_seconds
    return 60 * hours_of(handoff.team_id).open_minutes(handoff.at, handoff.replied_at)


def _of_surveys(raw: Raw) -> dict[str, Any]:
    # One by a place's link, after which the customer came into this conversation, is not about it.
    asked = [survey for survey in raw.surveys if survey.touchpoint == "conversation"]
    again = [survey for survey in raw.surveys if survey.touchpoint == "follow_up" and survey.kind == "ces"]
    at_end = next(iter(asked), None)
    follow_up = raw.follow_up
    return {
        "survey": at_end and at_end.state,
        **{kind: _score([one for one in asked if one.kind == kind]) for kind in SCALES},
        "again": _score(again),
        "follow_up_at": follow_up and follow_up.opened_at.timestamp(),
        "follow_up_due": follow_up and _seconds(follow_up.due_at),
        "follow_up_reached": follow_up and _seconds(follow_up.reached_at),
        "follow_up_closed": follow_up and _seconds(follow_up.closed_at),
        "cause": follow_up and follow_up.cause,
    }


def _score(surveys: list[Survey]) -> float | None:
    """The first score, on the scale that its kind usually has."""
    return next((on_usual_scale(one) for one in surveys if one.score is not None), None)


def on_usual_scale(survey: Survey) -> float:
    """As far between the ends of `SCALES` as it was between those of the scale it was given on."""
    lowest, highest = SCALES[survey.kind]  # type: ignore[index]
    share = ((survey.score or 0) - survey.lowest) / (survey.highest - survey.lowest)
    return lowest + share * (highest - lowest)


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None
