"""What narrows a list down: a handful of words in the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from channels.conversation import AGENT, Conversation, Message
from handoff.handoffs import Handoff
from handoff.tags import ConversationTag

SOON = timedelta(minutes=30)
"""How long before it is due a reply counts as due soon."""
LONGEST = 100
NOBODY, SOMEBODY = "nobody", "somebody"


@dataclass(frozen=True)
class Filter:
    """Empty: anything goes."""

    team: str = ""
    channel: str = ""
    locale: str = ""
    priority: str = ""
    tag: str = ""
    agent: str = ""
    """An id, `nobody` or `somebody`."""
    reason: str = ""
    sla: str = ""
    """`late` or `soon`."""

    @property
    def chosen(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def filter_from(arguments: Mapping[str, str]) -> Filter:
    """What an address asks for; what makes no sense in it finds nothing, or is left out."""
    given = {name: (arguments.get(name) or "").strip()[:LONGEST] for name in Filter.__dataclass_fields__}
    if not given["priority"].isdecimal() or len(given["priority"]) > 1:
        given["priority"] = ""
    return Filter(**{name: "".join(filter(str.isprintable, value)) for name, value in given.items()})


def clauses(asked: Filter, now: datetime) -> list[Any]:
    """What a query for conversations must say."""
    found: list[Any] = []
    if asked.team:
        found.append(Conversation.team_id == asked.team)
    if asked.locale:
        found.append(Conversation.locale == asked.locale)
    if asked.priority:
        found.append(Conversation.priority == int(asked.priority))
    if asked.agent:
        found.append(_has(asked.agent))
    if asked.tag:
        found.append(Conversation.id.in_(select(ConversationTag.conversation_id).filter_by(tag=asked.tag)))
    if asked.channel:
        found.append(_last_message().where(Message.channel == asked.channel).exists())
    if asked.reason:
        found.append(_handoff().where(Handoff.reason == asked.reason).exists())
    if asked.sla:
        found.append(_due(asked.sla, now))
    return found


def _has(agent_id: str) -> Any:
    if agent_id == SOMEBODY:
        return Conversation.owner.startswith(AGENT)
    return Conversation.agent_id == (None if agent_id == NOBODY else agent_id)


def _last_message() -> Any:
    own = (Message.conversation_id == Conversation.id, Message.seq == Conversation.last_seq)
    return select(Message.id).where(*own).correlate(Conversation)


def _handoff() -> Any:
    return select(Handoff.id).where(Handoff.conversation_id == Conversation.id).correlate(Conversation)


def _due(sla: str, now: datetime) -> Any:
    dates = (Conversation.reply_due_at, Conversation.resolve_due_at)
    if sla == "late":
        return or_(*(date < now for date in dates))
    return or_(*((date >= now) & (date < now + SOON) for date in dates))
