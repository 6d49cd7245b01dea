"""Ends conversations in which nothing was said for long: with the bot by the clock, with people by opening hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from channels.conversation import AGENT, BOT, IS_SAID, Conversation, Message, agent_id
from channels.names import SMS, WEB, WHATSAPP
from db import Database, UTCDateTime, one_by_one
from handoff.finding import happened
from handoff.handing_over import end
from handoff.hours import Hours, load_hours
from handoff.sla import set_due
from insights.surveys.settings import CHANNELS, SurveySettings, survey_settings

SILENCE = "silence"
MOST = 200
"""Conversations ended in one round."""

_BEFORE = {channel: bindparam(channel, type_=UTCDateTime) for channel in CHANNELS}
"""Since when nothing may have been said, by the channel in which it was said last."""

# Statements of the round are made once: it is gone every second.
_WITH_BOT = (
    select(Conversation.id)
    .join(Message, (Message.conversation_id == Conversation.id) & (Message.seq == Conversation.last_seq))
    .where(
        Conversation.closed_at.is_(None),
        Conversation.owner == BOT,
        Conversation.waiting_since.is_(None),
        Conversation.last_at <= bindparam("before"),
        # Those of another channel, in which it takes longer, don't keep the others waiting.
        Conversation.last_at
        <= case(
            (Message.channel == SMS, _BEFORE[SMS]), (Message.channel == WHATSAPP, _BEFORE[WHATSAPP]), else_=_BEFORE[WEB]
        ),
    )
    .order_by(Conversation.last_at)
    .limit(MOST)
)
_LAST_SEQ = (
    select(func.max(Message.seq))
    .where(Message.conversation_id == Conversation.id, IS_SAID)
    .correlate(Conversation)
    .scalar_subquery()
)
# Without a limit: which of them are over, opening hours say.
_WITH_PEOPLE = (
    select(Conversation.id, Conversation.team_id, Message.created_at)
    .join(Message, (Message.conversation_id == Conversation.id) & (Message.seq == _LAST_SEQ))
    .where(
        Conversation.closed_at.is_(None),
        Conversation.owner.startswith(AGENT),
        Conversation.owed_since.is_(None),
        Conversation.snoozed_until.is_(None),
        Conversation.waiting_since.is_(None),
        Conversation.last_at <= bindparam("before"),
        Message.author.startswith(AGENT),
    )
    .order_by(Message.created_at)
)


def end_silent(database: Database, now: datetime) -> list[str]:
    """Closes what has ended by silence. Returns the ids of the conversations."""
    with database.reading() as session:
        settings = survey_settings(session)
        silent = [*_with_bot(session, settings, now), *_with_people(session, settings, now)]
    closed = one_by_one("end_silent", silent, lambda one: _close(database, one, settings, now), now)
    return [one for one, is_closed in closed if is_closed]


def _with_bot(session: Session, settings: SurveySettings, now: datetime) -> list[str]:
    before = {channel: now - settings.silence(channel) for channel in CHANNELS}
    return list(session.scalars(_WITH_BOT, {"before": max(before.values()), **before}))


def _with_people(session: Session, settings: SurveySettings, now: datetime) -> list[str]:
    silent = session.execute(_WITH_PEOPLE, {"before": now - timedelta(hours=settings.person_hours)}).all()
    return list(islice(_over_by_hours(session, silent, settings, now), MOST))


def _over_by_hours(session: Session, silent: Iterable[Any], settings: SurveySettings, now: datetime) -> Iterator[str]:
    """Of conversations, their teams and when something was said last, in that order, those that are over by hours."""
    hours: dict[str | None, Hours] = {}
    lasting: set[str | None] = set()
    """Teams of which one is not over yet: so none is in which something was said later."""
    for one, team_id, said_at in silent:
        if team_id in lasting:
            continue
        if team_id not in hours:
            hours[team_id] = load_hours(session, team_id)
        if _is_long(hours[team_id], said_at, settings, now):
            yield one
        else:
            lasting.add(team_id)


def _is_long(hours: Hours, said_at: datetime, settings: SurveySettings, now: datetime) -> bool:
    return hours.open_minutes(said_at, now) >= settings.person_hours * 60


def _close(database: Database, conversation_id: str, settings: SurveySettings, now: datetime) -> bool:
    with database.transaction() as session:
        conversation = session.get(Conversation, conversation_id, with_for_update=True)
        if conversation is None or not _is_over(session, conversation_id, settings, now):
            return False
        is_with_people = agent_id(conversation.owner) is not None
        conversation.claimed_by = conversation.claimed_until = None
        conversation.close(SILENCE, now)
        if is_with_people:
            end(session, conversation, "closed", now)
            set_due(session, conversation, now)
        happened(session, conversation, "ended_silence", now, by=None)
        return True


def _is_over(session: Session, conversation_id: str, settings: SurveySettings, now: datetime) -> bool:
    """Whether it has ended by silence, as it is now."""
    conversation = session.get(Conversation, conversation_id)
    last = _last(session, conversation) if conversation else None
    if conversation is None or last is None or conversation.closed_at or conversation.waiting_since:
        return False
    if conversation.owner == BOT:
        return now - last.created_at >= settings.silence(last.channel)
    # Only the customer's silence counts: not that of a person who owes an answer, or means to come back to it.
    if agent_id(last.author) is None or conversation.owed_since or conversation.snoozed_until:
        return False
    if agent_id(conversation.owner) is None:
        return False
    return _is_long(load_hours(session, conversation.team_id), last.created_at, settings, now)


def _last(session: Session, conversation: Conversation) -> Message | None:
    query = select(Message).where(Message.conversation_id == conversation.id, IS_SAID)
    found: Message | None = session.scalars(query.order_by(Message.seq.desc()).limit(1)).first()
    return found
