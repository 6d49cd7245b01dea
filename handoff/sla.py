"""How fast we mean to be: by when each conversation is due, a warning before, and a mark after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from channels.conversation import AGENT, CUSTOMER, Conversation, Event, Message
from db import Database, one_by_one
from handoff.clocks import Clock, Facts, Said, Targets, running
from handoff.desk_settings import desk_settings
from handoff.handoffs import REOPENED, Handoff, first_reply_at
from handoff.hours import load_hours
from handoff.targets import SlaTarget

WARNED = "sla_warned"
MISSED = "sla_missed"

# Statements of the round are made once: it is gone every second.
_TEAMS = select(SlaTarget.team_id).distinct()
_NEAR = select(Conversation.id, Conversation.reply_due_at, Conversation.resolve_due_at).where(
    Conversation.team_id == bindparam("team"),
    or_(Conversation.reply_due_at <= bindparam("soon"), Conversation.resolve_due_at <= bindparam("soon")),
)


def load_targets(session: Session, team_id: str | None, priority: int) -> Targets:
    row = session.scalars(select(SlaTarget).filter_by(team_id=team_id, priority=priority)).first()
    return Targets(row.first_reply_minutes, row.next_reply_minutes, row.resolve_minutes) if row else Targets()


def set_due(session: Session, conversation: Conversation, now: datetime) -> None:
    """Works out anew by when a person should reply and resolve; call it after each change of who said or has what.

    The conversation's row must be locked.
    """
    conversation.reply_due_at = conversation.resolve_due_at = None
    targets = load_targets(session, conversation.team_id, conversation.priority)
    handoff = _handoff(session, conversation, now) if targets != Targets() else None
    if handoff is None:
        return
    hours, facts = load_hours(session, conversation.team_id), _facts(session, conversation, handoff)
    # A clock that ran out after the job last looked, and ends with what happens now, was missed all the same.
    ended = [clock for clock in running(facts.before(now), targets, hours) if clock.is_missed(now)]
    _mark(session, conversation.id, MISSED, ended, now)
    for clock in running(facts, targets, hours) if handoff.ended_at is None else ():
        if clock.which == "resolution":
            conversation.resolve_due_at = clock.due
        else:
            conversation.reply_due_at = clock.due


def mark_sla(database: Database, now: datetime) -> list[str]:
    """Writes what is nearly due or missed into the timelines, once for each clock; the conversations it was new of.

    Several processes may do it at once.
    """
    with database.reading() as session:
        soonest = desk_settings(session).warning_minutes
        nearly_due = _nearly_due(session, soonest, now)
    marked = one_by_one("mark_sla", nearly_due, lambda one: _mark_conversation(database, one, soonest, now), now)
    return [one for one, is_news in marked if is_news]


def _handoff(session: Session, conversation: Conversation, now: datetime) -> Handoff | None:
    """What goes on, or just ends."""
    lasts = or_(Handoff.ended_at.is_(None), Handoff.ended_at >= now)
    query = select(Handoff).where(Handoff.conversation_id == conversation.id, lasts).order_by(Handoff.id.desc())
    return session.scalars(query).first()


def _facts(session: Session, conversation: Conversation, handoff: Handoff) -> Facts:
    by_people = or_(Message.author == CUSTOMER, Message.author.startswith(AGENT))
    since = (
        Message.conversation_id == conversation.id,
        Message.created_at >= handoff.at,
        Message.is_silent.is_(False),
    )
    query = select(Message.created_at, Message.author).where(*since, by_people).order_by(Message.seq)
    said = tuple(Said(at, author != CUSTOMER) for at, author in session.execute(query))
    # Who is taken up again where a person has replied before waits for no first reply.
    before = first_reply_at(session, conversation.id) if handoff.reason == REOPENED else None
    return Facts(handoff.at, before or handoff.replied_at, conversation.owed_since, said)


def _nearly_due(session: Session, soonest: int, now: datetime) -> list[str]:
    """Those that may have something new to be marked."""
    teams = session.scalars(_TEAMS).all()
    near = [row for team_id in teams for row in _near(session, team_id, soonest, now)]
    marked = _marked(session, [row.id for row in near]) if near else {}
    return [row.id for row in near if _may_be_new(row, marked[row.id], now)]


def _near(session: Session, team_id: str, soonest: int, now: datetime) -> list[Any]:
    # By then as much opening time will have passed as there is between the earliest warning and what it warns of.
    soon = load_hours(session, team_id).after(now, soonest) or now
    return list(session.execute(_NEAR, {"team": team_id, "soon": soon}))


def _may_be_new(row: Any, marked: set[tuple[str, str]], now: datetime) -> bool:
    dues = [due for due in (row.reply_due_at, row.resolve_due_at) if due]
    return any((MISSED if due < now else WARNED, due.isoformat()) not in marked for due in dues)


def _marked(session: Session, conversation_ids: list[str]) -> defaultdict[str, set[tuple[str, str]]]:
    """By conversation, which mark for which moment."""
    marked: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    query = select(Event).where(Event.conversation_id.in_(conversation_ids), Event.kind.in_((WARNED, MISSED)))
    for event in session.scalars(query):
        marked[event.conversation_id].add((event.kind, event.details["due"]))
    return marked


def _mark_conversation(database: Database, conversation_id: str, soonest: int, now: datetime) -> bool:
    with database.transaction() as session:
        query = select(Conversation).filter_by(id=conversation_id).with_for_update(skip_locked=True)
        conversation = session.scalars(query).first()
        # Whoever holds it now works out what is due by themselves; if not, the next look finds it.
        handoff = conversation and _handoff(session, conversation, now)
        if conversation is None or handoff is None or handoff.ended_at:
            return False
        hours = load_hours(session, conversation.team_id)
        targets = load_targets(session, conversation.team_id, conversation.priority)
        clocks = running(_facts(session, conversation, handoff), targets, hours)
        missed = [clock for clock in clocks if clock.is_missed(now)]
        near = [clock for clock in clocks if clock.is_near(now, hours, soonest)]
        is_news = _mark(session, conversation_id, MISSED, missed, now)
        return _mark(session, conversation_id, WARNED, near, now) or is_news


def _mark(session: Session, conversation_id: str, kind: str, clocks: Iterable[Clock], now: datetime) -> bool:
    """Whether any was new."""
    events = session.scalars(select(Event).filter_by(conversation_id=conversation_id, kind=kind))
    known = {(event.details["which"], event.details["since"]) for event in events}
    new = [clock for clock in clocks if (clock.which, clock.since.isoformat()) not in known]
    session.add_all(_event(conversation_id, kind, clock, now) for clock in new)
    return bool(new)


def _event(conversation_id: str, kind: str, clock: Clock, now: datetime) -> Event:
    details = {"which": clock.which, "due": clock.due.isoformat(), "since": clock.since.isoformat()}
    return Event(conversation_id=conversation_id, kind=kind, details=details, at=now)
