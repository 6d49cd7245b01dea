"""What was kept of conversations, read for many of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from channels.conversation import CUSTOMER, Conversation, Event, Message
from channels.linking.merging import MERGED
from handoff.handoffs import Handoff
from insights.follow_ups.follow_up import FollowUp
from insights.surveys.survey import Survey

KINDS = (
    "turn", "reopened", "sla_missed", "resolved", "ended_done", "ended_silence", "handed_off", "claimed", "assigned",
    "transferred",
)  # fmt: skip
"""The events that facts are made of."""


class Said(NamedTuple):
    author: str
    channel: str
    is_silent: bool
    at: datetime
    is_survey: bool = False
    """Whether it asks the question at the end, or answers it."""


class Happened(NamedTuple):
    kind: str
    details: dict[str, Any]
    at: datetime


class Opened(NamedTuple):
    """Another conversation of a customer."""

    id: str
    at: datetime


class Standing(NamedTuple):
    """A conversation as it is now."""

    id: str
    customer_id: str
    locale: str | None
    opened_at: datetime
    closed_at: datetime | None
    close_reason: str | None
    team_id: str | None
    agent_id: str | None


@dataclass
class Raw:
    """All that was kept of one conversation."""

    conversation: Standing
    said: list[Said] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)
    follow_up: FollowUp | None = None
    """The first one: whoever was still not content when asked again may have another."""
    others: list[Opened] = field(default_factory=list)
    """The customer's other contacts: conversations that they began, without those that were put into another one."""


def read(session: Session, conversation_ids: Sequence[str]) -> list[Raw]:
    """Of those of these conversations that there are."""
    found = {one.id: Raw(one) for one in _standing(session, conversation_ids)}
    ids = list(found)
    for conversation_id, *said in _messages(session, ids):
        found[conversation_id].said.append(Said(*said))
    for conversation_id, *happened in _events(session, ids):
        found[conversation_id].events.append(Happened(*happened))
    for handoff in session.scalars(select(Handoff).where(Handoff.conversation_id.in_(ids)).order_by(Handoff.id)):
        found[handoff.conversation_id].handoffs.append(handoff)
    for survey in session.scalars(select(Survey).where(Survey.conversation_id.in_(ids)).order_by(Survey.decided_at)):
        found[survey.conversation_id or ""].surveys.append(survey)
    follow_ups = select(FollowUp).where(FollowUp.conversation_id.in_(ids)).order_by(FollowUp.opened_at)
    for follow_up in session.scalars(follow_ups):
        raw = found[follow_up.conversation_id]
        raw.follow_up = raw.follow_up or follow_up
    _add_others(session, found)
    return list(found.values())


def _standing(session: Session, ids: Sequence[str]) -> list[Standing]:
    columns = [getattr(Conversation, name) for name in Standing._fields]
    return [Standing(*row) for row in session.execute(select(*columns).where(Conversation.id.in_(ids)))]


def _messages(session: Session, ids: Sequence[str]) -> Any:
    columns = (Message.conversation_id, Message.author, Message.channel, Message.is_silent, Message.created_at)
    is_survey = Message.extra["survey"].as_string().isnot(None)
    query = select(*columns, is_survey).where(Message.conversation_id.in_(ids))
    return session.execute(query.order_by(Message.conversation_id, Message.seq))


def _events(session: Session, ids: Sequence[str]) -> Any:
    query = select(Event.conversation_id, Event.kind, Event.details, Event.at)
    return session.execute(query.where(Event.conversation_id.in_(ids), Event.kind.in_(KINDS)).order_by(Event.id))


def _add_others(session: Session, found: dict[str, Raw]) -> None:
    whose = {raw.conversation.customer_id for raw in found.values()}
    # One that was opened and joined with this one's is the same matter.
    is_own = or_(Conversation.close_reason.is_(None), Conversation.close_reason != MERGED)
    said = select(Message.id).where(Message.conversation_id == Conversation.id)
    asked = said.where(Message.author == CUSTOMER, Message.is_silent.is_(False)).exists()
    by_us = said.where(Message.seq == 1, Message.author != CUSTOMER).exists()
    query = select(Conversation.customer_id, Conversation.id, Conversation.opened_at).where(is_own, asked, ~by_us)
    theirs: dict[str, list[Opened]] = defaultdict(list)
    for customer_id, *opened in session.execute(query.where(Conversation.customer_id.in_(whose))):
        theirs[customer_id].append(Opened(*opened))
    for raw in found.values():
        raw.others = [one for one in theirs[raw.conversation.customer_id] if one.id != raw.conversation.id]
