"""The lists of the desk: which conversations stand in each, in which order, and what a row shows of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Integer, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from channels.conversation import BOT, QUEUE, Conversation, agent
from handoff.desk.filters import Filter, clauses
from handoff.desk.rows import Row, rows_of
from handoff.desk.searching import search
from handoff.notes import Mention, Note
from handoff.seeing import visible
from knowledge.help.marking import Piece
from staff.people import User

PAGE = 60
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
LISTS = ("mine", "waiting", "mentions", "snoozed", "all", "bot", "closed")
FOUND = "search"
"""What a search finds is a list, too."""

IS_OPEN = and_(Conversation.closed_at.is_(None), Conversation.last_at.isnot(None))


@dataclass(frozen=True)
class Key:
    """One of the things by which a list is ordered; never null."""

    by: Any
    is_descending: bool = False


@dataclass(frozen=True)
class Page:
    rows: tuple[Row, ...]
    next: str = ""
    """Where the next page begins; empty after the last one."""


def page_of(
    session: Session, user: User, name: str, asked: Filter, now: datetime, *, after: str = "", query: str = ""
) -> Page:
    """One page of a list, as this person sees it; `after` is the `next` of the page before."""
    if name == FOUND:
        return _found(session, user, query, asked, now)
    keys = ORDERS[name](user)
    listed = _listed(user, name, asked, now, keys)
    position = _position(after, keys)
    if position:
        listed = listed.where(_follows(keys, position))
    return _page(session, user, listed, keys, now)


def changes(
    session: Session, user: User, name: str, asked: Filter, now: datetime, ids: Sequence[str]
) -> dict[str, Row | None]:
    """Of these conversations the rows as they stand in a list now; None: it is not, or no longer, in it."""
    keys = ORDERS[name](user)
    listed = _listed(user, name, asked, now, keys).where(Conversation.id.in_(ids))
    rows = _page(session, user, listed, keys, now).rows
    return dict.fromkeys(ids) | {row.id: row for row in rows}


def counts(session: Session, user: User, now: datetime) -> dict[str, int]:
    """How many stand in each list; of what is closed nobody counts."""
    own, awake = Conversation.owner == agent(user.id), _is_awake(now)
    numbers = {
        "mine": and_(own, awake),
        "waiting": and_(Conversation.owner == QUEUE, awake),
        "all": Conversation.owner != BOT,
        "snoozed": and_(_is_at_hand(user), ~awake),
    }
    query = select(*(func.count(case((clause, 1))).label(name) for name, clause in numbers.items()))
    row = session.execute(query.where(IS_OPEN, visible(user))).one()
    return {**{name: int(row._mapping[name]) for name in numbers}, "mentions": _unseen_mentions(session, user)}


def is_listed(name: str) -> bool:
    return name in ORDERS or name == FOUND


def _is_awake(now: datetime) -> Any:
    return or_(Conversation.snoozed_until.is_(None), Conversation.snoozed_until <= now)


def _is_at_hand(user: User) -> Any:
    return Conversation.owner.in_((agent(user.id), QUEUE))


def _unseen_mentions(session: Session, user: User) -> int:
    query = (
        select(func.count(Note.conversation_id.distinct()))
        .join(Mention, Mention.note_id == Note.id)
        .join(Conversation, Conversation.id == Note.conversation_id)
        .where(Mention.user_id == user.id, Mention.seen_at.is_(None), visible(user))
    )
    return int(session.execute(query).scalar_one())


def has_unseen_mention(session: Session, user: User, conversation_id: str) -> bool:
    """Whether this person is named in a note there that they have not seen."""
    unseen = (Mention.user_id == user.id, Mention.seen_at.is_(None), Note.conversation_id == conversation_id)
    query = select(Note.id).join(Mention, Mention.note_id == Note.id).where(*unseen).limit(1)
    return session.execute(query).first() is not None


def _mine(_user: User) -> list[Key]:
    """Whom an answer is owed longest; then what was talked about last."""
    is_owed: Any = case((Conversation.owed_since.isnot(None), 0), else_=1)
    owed_since = func.coalesce(Conversation.owed_since, literal(EPOCH, Conversation.owed_since.type))
    return [Key(is_owed), Key(owed_since), _LAST, _ID]


def _mentions(user: User) -> list[Key]:
    return [Key(func.coalesce(_last_mention(user), 0), is_descending=True), _ID]


def _last_mention(user: User) -> Any:
    named = select(func.max(Note.id)).join(Mention, Mention.note_id == Note.id)
    own = (Note.conversation_id == Conversation.id, Mention.user_id == user.id)
    return named.where(*own).correlate(Conversation).scalar_subquery()


_ID = Key(Conversation.id)
_LAST = Key(Conversation.last_at, is_descending=True)
ORDERS: dict[str, Callable[[User], list[Key]]] = {
    "mine": _mine,
    "waiting": lambda _user: [
        Key(Conversation.priority, is_descending=True),
        Key(func.coalesce(Conversation.queued_at, Conversation.opened_at)),
        _ID,
    ],
    "all": lambda _user: [_LAST, _ID],
    "bot": lambda _user: [_LAST, _ID],
    "mentions": _mentions,
    "snoozed": lambda _user: [Key(Conversation.snoozed_until), _ID],
    "closed": lambda _user: [Key(Conversation.closed_at, is_descending=True), _ID],
}


def _belongs(name: str, user: User, now: datetime) -> list[Any]:
    if name == "mine":
        return [IS_OPEN, Conversation.owner == agent(user.id), _is_awake(now)]
    if name == "waiting":
        return [IS_OPEN, Conversation.owner == QUEUE, _is_awake(now)]
    if name == "all":
        # What is still the bot's alone is nobody's work.
        return [IS_OPEN, Conversation.owner != BOT]
    if name == "bot":
        return [IS_OPEN, Conversation.owner == BOT]
    if name == "mentions":
        named = select(Note.conversation_id).join(Mention, Mention.note_id == Note.id)
        return [Conversation.id.in_(named.where(Mention.user_id == user.id))]
    if name == "snoozed":
        return [IS_OPEN, _is_at_hand(user), Conversation.snoozed_until > now]
    return [Conversation.closed_at.isnot(None), Conversation.team_id.isnot(None)]


def _listed(user: User, name: str, asked: Filter, now: datetime, keys: Sequence[Key]) -> Any:
    order = [key.by.desc() if key.is_descending else key.by for key in keys]
    columns = (key.by.label(f"key_{place}") for place, key in enumerate(keys))
    query = select(*columns).where(visible(user), *_belongs(name, user, now), *clauses(asked, now))
    return query.order_by(*order)


def _page(session: Session, user: User, listed: Any, keys: Sequence[Key], now: datetime) -> Page:
    found = session.execute(listed.limit(PAGE + 1)).all()
    positions = {values[-1]: _written(keys, values) for values in found[:PAGE]}
    rows = rows_of(session, user, list(positions), now)
    ordered = tuple(replace(rows[one], position=position) for one, position in positions.items())
    return Page(ordered, ordered[-1].position if len(found) > PAGE else "")


def _found(session: Session, user: User, query: str, asked: Filter, now: datetime) -> Page:
    places = search(session, user, query, clauses(asked, now))
    rows = rows_of(session, user, [place.conversation_id for place in places], now)
    pieces: dict[str, tuple[Piece, ...]] = {place.conversation_id: place.pieces for place in places}
    return Page(tuple(replace(rows[one], pieces=pieces[one]) for one in pieces))


def _follows(keys: Sequence[Key], position: Sequence[Any]) -> Any:
    """That a conversation stands behind a position in the order of a list."""
    steps = []
    for place, (key, value) in enumerate(zip(keys, position, strict=True)):
        same = [one.by == known for one, known in zip(keys[:place], position[:place], strict=True)]
        steps.append(and_(*same, key.by < value if key.is_descending else key.by > value))
    # Said twice, so that an index can be entered there: no database sees it in the alternatives.
    first, at = keys[0], position[0]
    return and_(first.by <= at if first.is_descending else first.by >= at, or_(*steps))


def _written(keys: Sequence[Key], values: Sequence[Any]) -> str:
    """A position as a page keeps it: numbers that grow down the list, and the id."""
    numbers = [_number(value) * (-1 if key.is_descending else 1) for key, value in zip(keys, values[:-1], strict=False)]
    return ",".join([*map(str, numbers), values[-1]])


def _number(value: Any) -> int:
    if isinstance(value, datetime):
        return (value - EPOCH) // timedelta(microseconds=1)
    return int(value)


def _position(after: str, keys: Sequence[Key]) -> list[Any] | None:
    """A position as it was written; None if it is none of this list."""
    *numbers, last = after.split(",")
    if len(numbers) != len(keys) - 1:
        return None
    try:
        return [*(_value(key, int(number)) for key, number in zip(keys, numbers, strict=False)), last]
    except (ValueError, OverflowError):
        return None


def _value(key: Key, number: int) -> Any:
    number = -number if key.is_descending else number
    if not isinstance(key.by.type, Integer):
        return EPOCH + timedelta(microseconds=number)
    if abs(number) >= 2**31:
        raise OverflowError
    return number
