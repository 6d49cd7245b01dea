"""Keeps the facts true: those of what has changed at once, and all of them in a slow walk, again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from channels.conversation import Conversation, Event
from channels.linking.merging import Merge
from channels.outbox import UNSYNCHRONIZED
from db import Database, lock
from handoff.hours import load_hours
from insights.facts.deriving import HoursOf, derive
from insights.facts.fact import TABLE, WHOLE, ConversationFact, FactState
from insights.facts.raw import read
from insights.surveys.survey import Survey

LATE = timedelta(seconds=60)
"""What is looked at again each time: transactions that had begun when it was looked before may have come since."""
LATE_EVENTS = 200
SWEEP = 50
"""Conversations of the walk in one round."""
AT_ONCE = 500
"""So many are derived together."""
NAMES = [column.name for column in TABLE.columns if column.name != "version"]
Told = Callable[[int, int], None]
"""How many are done, and of how many."""


def refresh(database: Database, now: datetime) -> int:
    """Derives what has changed, and a piece of the walk; how many facts are other ones now.

    Doing it twice, or in two processes at once, does no harm.
    """
    with database.reading() as session:
        state = session.get(FactState, WHOLE) or _new_state()
        last_event = _last_event(session)
        changed = set(_changed(session, state, now))
        swept = _next_of_walk(session, state.swept)
        gone = _without_conversation(session, state.swept, swept)
    other = 0
    for ids in _in_pieces(sorted(changed | set(swept) | set(gone))):
        with database.transaction(durable=False) as session:
            other += _keep(session, _state(session), ids)
    with database.transaction(durable=False) as session:
        _looked(_state(session), now, last_event).swept = swept[-1] if len(swept) == SWEEP else ""
    return other


def rebuild(database: Database, now: datetime, told: Told = lambda _done, _all: None) -> int:
    """Derives all facts anew, as `handrail facts` does; how many there are."""
    with database.reading() as session:
        last_event = _last_event(session)
        ids = list(session.scalars(select(Conversation.id).order_by(Conversation.id)))
    for start in range(0, len(ids), AT_ONCE):
        with database.transaction(durable=False) as session:
            _keep(session, _state(session), ids[start : start + AT_ONCE])
        told(min(start + AT_ONCE, len(ids)), len(ids))
    with database.transaction() as session:
        gone = delete(ConversationFact).where(ConversationFact.conversation_id.not_in(select(Conversation.id)))
        session.execute(gone, execution_options=UNSYNCHRONIZED)
        _looked(_state(session), now, last_event)
    return len(ids)


def _state(session: Session) -> FactState:
    """Its row, locked: changes are numbered in the order in which they are committed."""
    lock(session, "facts")
    state = session.get(FactState, WHOLE, with_for_update=True, populate_existing=True)
    if state is None:
        state = _new_state()
        session.add(state)
        session.flush()
    return state


def _new_state() -> FactState:
    return FactState(id=WHOLE, version=0, looked_at=0.0, event_id=0, swept="")


def _looked(state: FactState, now: datetime, last_event: int) -> FactState:
    state.looked_at, state.event_id = max(state.looked_at, now.timestamp()), max(state.event_id, last_event)
    return state


def _last_event(session: Session) -> int:
    return session.scalars(select(func.max(Event.id))).one() or 0


def _changed(session: Session, state: FactState, now: datetime) -> Iterator[str]:
    """The conversations in which something was said or done since it was looked, and their customers' others."""
    since = min(datetime.fromtimestamp(state.looked_at, timezone.utc), now) - LATE
    touched = set(
        session.scalars(
            select(Conversation.id).where(or_(Conversation.last_at >= since, Conversation.closed_at >= since))
        )
    )
    touched |= set(session.scalars(select(Event.conversation_id).where(Event.id > state.event_id - LATE_EVENTS)))
    asked = or_(Survey.decided_at >= since, Survey.answered_at >= since)
    touched |= set(session.scalars(select(Survey.conversation_id).where(asked, Survey.conversation_id.isnot(None))))
    whose = select(Merge.kept_id, Merge.gone_id).where(or_(Merge.at >= since, Merge.undone_at >= since))
    customers = {customer for row in session.execute(whose) for customer in row}
    for ids in _in_pieces(touched):
        customers |= set(session.scalars(select(Conversation.customer_id).where(Conversation.id.in_(ids))))
    for ids in _in_pieces(customers):
        yield from session.scalars(select(Conversation.id).where(Conversation.customer_id.in_(ids)))


def _next_of_walk(session: Session, after: str) -> list[str]:
    query = select(Conversation.id).where(Conversation.id > after).order_by(Conversation.id).limit(SWEEP)
    return list(session.scalars(query))


def _without_conversation(session: Session, after: str, swept: Sequence[str]) -> list[str]:
    """Facts of this piece of the walk whose conversation was erased."""
    there = select(Conversation.id).where(Conversation.id == ConversationFact.conversation_id).exists()
    query = select(ConversationFact.conversation_id).where(ConversationFact.conversation_id > after, ~there)
    if len(swept) == SWEEP:
        query = query.where(ConversationFact.conversation_id <= swept[-1])
    return list(session.scalars(query.limit(AT_ONCE)))


def _keep(session: Session, state: FactState, conversation_ids: Sequence[str]) -> int:
    """Writes the facts that are not as they were, under the number of a new change."""
    hours_of = _hours(session)
    derived = [derive(raw, hours_of) for raw in read(session, conversation_ids)]
    before = _kept(session, conversation_ids)
    other = [values for values in derived if before.get(values["conversation_id"]) != values]
    gone = set(before) - {values["conversation_id"] for values in derived}
    if other or gone:
        state.version += 1
        _write(session, other, gone, state.version)
    return len(other) + len(gone)


def _kept(session: Session, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    columns = [TABLE.c[name] for name in NAMES]
    query = select(*columns).where(ConversationFact.conversation_id.in_(ids))
    return {row.conversation_id: dict(row._mapping) for row in session.execute(query)}


def _write(session: Session, facts: Sequence[dict[str, Any]], gone: set[str], version: int) -> None:
    ids = [*gone, *(one["conversation_id"] for one in facts)]
    before = delete(ConversationFact).where(ConversationFact.conversation_id.in_(ids))
    session.execute(before, execution_options=UNSYNCHRONIZED)
    if facts:
        session.execute(insert(TABLE), [one | {"version": version} for one in facts])


def _hours(session: Session) -> HoursOf:
    return cache(lambda team_id: load_hours(session, team_id))


def _in_pieces(values: Iterable[Any]) -> Iterator[list[Any]]:
    all_of_them = list(values)
    for start in range(0, len(all_of_them), AT_ONCE):
        yield all_of_them[start : start + AT_ONCE]
