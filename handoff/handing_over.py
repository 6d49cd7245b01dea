"""Gives a conversation to people: why, to which team, and what the customer is told about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import CLOSED, QUEUE, Conversation
from handoff.finding import happened
from handoff.foretelling import UNFORETOLD, Foretold, foretell
from handoff.handoffs import Handoff, Reason, open_handoff
from handoff.routing import place
from handoff.sla import set_due
from handoff.speaking import last_heard
from handoff.transitions import move
from staff.people import User
from staff.teams import default_team, teams_of

PRIORITY = {"safety": 3, "urgency": 2, "legal": 2, "anger": 2}
"""How urgent a reason is by itself: 2 high, 3 urgent."""

LATELY = timedelta(days=14)
"""So long a customer goes on with whoever helped them, where conversations are given to people. In a team that picks
from its queue nobody is given anything: its agents see there who it was."""


@dataclass(frozen=True)
class Place:
    """Whose matter it is."""

    team_id: str
    topic: str | None = None
    skill: str | None = None


def hand_off(
    session: Session,
    conversation: Conversation,
    reason: Reason,
    now: datetime,
    *,
    articles: Sequence[str] = (),
    owed_since: datetime | None = None,
) -> Foretold:
    """Puts the bot's conversation into the queue of a team, and returns what the customer is to be told.

    One that has ended is opened again; the customer must be locked then, and have no other that is open. `articles` are
    the ids of those it was about, best first. The conversation's row must be locked. Raises NotPossible.
    """
    before = conversation.team_id if conversation.owner == CLOSED else None
    if conversation.owner == CLOSED:
        move(conversation, "reopen")
        conversation.closed_at = conversation.close_reason = None
        happened(session, conversation, "reopened", now, by=None)
    else:
        move(conversation, "hand_off")
    topic, team_id, skill = place(session, articles, conversation.locale or "en")
    # Whose matter it was knows it already.
    team_id = before or team_id
    conversation.priority = max(conversation.priority, PRIORITY.get(reason, 0))
    conversation.owed_since = owed_since or now
    if conversation.agent_id is None:
        conversation.agent_id = _agent_before(session, conversation, now)
    handoff = begin(session, conversation, reason, now, Place(team_id, topic, skill))
    happened(session, conversation, "handed_off", now, reason=reason, team_id=team_id, topic=topic, skill=skill)
    set_due(session, conversation, now)
    return foretell(session, conversation, handoff, now)


def begin(session: Session, conversation: Conversation, reason: Reason, now: datetime, where: Place) -> Handoff:
    """A hand-off that goes on from now; the conversation belongs to its team."""
    heard = last_heard(session, conversation)
    conversation.team_id = where.team_id
    conversation.queued_at = now if conversation.owner == QUEUE else None
    handoff = Handoff(
        conversation_id=conversation.id,
        reason=reason,
        team_id=where.team_id,
        topic=where.topic,
        skill=where.skill,
        locale=conversation.locale or "en",
        channel=heard.channel if heard else "web",
        at=now,
    )
    session.add(handoff)
    session.flush()
    return handoff


def end(session: Session, conversation: Conversation, how: str, now: datetime) -> Handoff | None:
    """Ends the hand-off that goes on, as `Handoff.ended_as` says; nobody owes anything any more."""
    conversation.queued_at = conversation.snoozed_until = None
    handoff = open_handoff(session, conversation.id)
    if handoff:
        handoff.ended_at, handoff.ended_as = now, how
    return handoff


def wait_again(session: Session, conversation: Conversation, now: datetime) -> None:
    """Back in the queue, where it stands by how long the customer is owed something."""
    conversation.queued_at = conversation.queued_at or conversation.owed_since or now
    conversation.snoozed_until = None
    handoff = open_handoff(session, conversation.id)
    if handoff:
        handoff.told_at, handoff.told_until = now, now + UNFORETOLD


def place_of(session: Session, conversation: Conversation, user: User) -> Place:
    """Where a conversation belongs that this person takes from the bot: where it was before, or to a team of theirs."""
    teams = teams_of(session, user)
    return Place(conversation.team_id or (teams[0] if len(teams) == 1 else default_team(session).id))


def _agent_before(session: Session, conversation: Conversation, now: datetime) -> str | None:
    """Who had the customer's conversation before this one, if that was lately."""
    lately = select(Conversation.agent_id).where(
        Conversation.id == conversation.previous_id, Conversation.last_at >= now - LATELY
    )
    found: str | None = session.scalars(lately).first()
    return found
