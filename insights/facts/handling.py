"""What the handling of a matter was, without what came of a low score: a follow-up is counted by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from handoff.handoffs import BY_STAFF
from insights.facts.raw import Happened, Opened, Raw, Standing
from insights.surveys.deciding import CONVERSATION, FOLLOW_UP

REOPENED = "reopened"
ENDS = {"ended_done": "done", "ended_silence": "silence"}
"""By event, as what it closes a conversation; `resolved` says it itself."""
TAKEN = ("handed_off", "claimed", "assigned", "transferred", REOPENED)
"""Events by which a conversation comes to somebody else."""


def handled(raw: Raw) -> Raw:
    """The conversation as it was handled: until it was opened again because of a low score, if it ever was.

    Who had it when the question at the end was asked, has it: a score is about them. What answers that question is
    nothing that was said about the matter.
    """
    again = _opened_again(raw)
    before = raw.events if again is None else raw.events[:again]
    at = None if again is None else raw.events[again].at
    one = raw.conversation if at is None else _as_it_ended(raw, before)
    one = _with_whom(raw, one, _asked_at(raw) or (one.closed_at if at else None))
    since = [] if at is None else [handoff for handoff in raw.handoffs if handoff.at >= at]
    # Who calls for a person then has come again, as with a conversation of its own.
    called = [Opened(one.id, handoff.at) for handoff in since if handoff.reason not in BY_STAFF]
    return replace(
        raw,
        conversation=one,
        said=[each for each in raw.said if not each.is_survey and not (one.closed_at and each.at > one.closed_at)],
        events=before,
        handoffs=[handoff for handoff in raw.handoffs if handoff not in since],
        others=[*raw.others, *called],
    )


def _opened_again(raw: Raw) -> int | None:
    """The place of the event that opened it again because of a low score that was given in it."""
    ours = {survey.id for survey in raw.surveys if survey.touchpoint in (CONVERSATION, FOLLOW_UP)}
    if raw.follow_up is None or raw.follow_up.survey_id not in ours:
        return None
    since = raw.follow_up.opened_at
    return next((at for at, one in enumerate(raw.events) if one.kind == REOPENED and one.at >= since), None)


def _as_it_ended(raw: Raw, before: list[Happened]) -> Standing:
    """As it stood before it was opened again."""
    ended = next((one for one in reversed(before) if one.kind in ENDS or one.kind == "resolved"), None)
    if ended is None:
        # Silence that only the next message made known leaves no event: the question at the end came at once.
        asked = [survey.decided_at for survey in raw.surveys if survey.touchpoint == CONVERSATION]
        return raw.conversation._replace(closed_at=min(asked, default=None), close_reason="silence")
    reason = ENDS.get(ended.kind) or ended.details.get("reason")
    return raw.conversation._replace(closed_at=ended.at, close_reason=reason)


def _asked_at(raw: Raw) -> datetime | None:
    asked = (survey.asked_at for survey in raw.surveys if survey.touchpoint == CONVERSATION)
    return next((at for at in asked if at), None)


def _with_whom(raw: Raw, one: Standing, at: datetime | None) -> Standing:
    """Its team and person at a moment: as they are, if it has come to nobody else since."""
    if at is None or not any(event.kind in TAKEN and event.at > at for event in raw.events):
        return one
    teams = [handoff.team_id for handoff in raw.handoffs if handoff.at <= at]
    agent = _agent(event for event in raw.events if event.at <= at)
    return one._replace(team_id=teams[-1] if teams else None, agent_id=agent)


def _agent(events: Iterable[Happened]) -> str | None:
    """Who had it last."""
    agent: str | None = None
    for event in events:
        if event.kind in ("assigned", "transferred"):
            agent = event.details.get("to")
        elif event.kind == "claimed":
            agent = event.details.get("by")
        elif event.kind == "resolved":
            agent = agent or event.details.get("by")
    return agent
