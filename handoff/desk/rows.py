"""What a list shows of a conversation: who it is, what was said last, and whose turn it is since when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from channels.conversation import BOT, CUSTOMER, QUEUE, Conversation, Message, agent_id
from channels.customer import Customer
from handoff.desk.callings import Calling, callings
from handoff.handoffs import reasons_of
from handoff.notes import Mention, Note
from handoff.tags import ConversationTag
from handoff.transitions import Kind, kind_of
from knowledge.help.marking import Piece
from staff.people import User

LONGEST = 160


@dataclass(frozen=True)
class Row:
    id: str
    calling: Calling
    """What the customer is called."""
    text: str
    """What was said last, by people."""
    author: str
    """Who said it: `customer`, `bot`, or a member of staff's name."""
    channel: str
    at: datetime
    owner: Kind
    agent: str
    """The name of who has it; empty: nobody."""
    is_own: bool
    priority: int
    locale: str
    reason: str
    """Why it came to people; empty: it didn't."""
    queued_at: datetime | None
    owed_since: datetime | None
    due_at: datetime | None
    snoozed_until: datetime | None
    is_late: bool
    is_blocked: bool
    is_mentioned: bool
    """Whether this person is named in a note they have not seen."""
    tags: tuple[str, ...]
    team_id: str = ""
    pieces: tuple[Piece, ...] = ()
    """Where a search found its words."""
    position: str = ""
    """Where it stands in its list."""


_COLUMNS = (
    Conversation.id,
    Conversation.customer_id,
    Conversation.owner,
    Conversation.priority,
    Conversation.locale,
    Conversation.team_id,
    Conversation.opened_at,
    Conversation.closed_at,
    Conversation.queued_at,
    Conversation.owed_since,
    Conversation.reply_due_at,
    Conversation.resolve_due_at,
    Conversation.snoozed_until,
    Message.author,
    Message.channel,
    Message.created_at,
    func.substr(Message.text, 1, LONGEST).label("text"),
    Customer.blocked_at,
)
_BY_PEOPLE = aliased(Message)
# That the bot has handed over says less than what was asked.
_SEQ = (
    select(_BY_PEOPLE.seq)
    .where(_BY_PEOPLE.conversation_id == Conversation.id, _BY_PEOPLE.author != BOT)
    .order_by(_BY_PEOPLE.seq.desc())
    .limit(1)
    .correlate(Conversation)
    .scalar_subquery()
)
_LAST = and_(Message.conversation_id == Conversation.id, Message.seq == _SEQ)


def rows_of(session: Session, user: User, ids: Sequence[str], now: datetime) -> dict[str, Row]:
    """By id, what is shown of these conversations; who may see them was asked before."""
    query = (
        select(*_COLUMNS)
        .select_from(Conversation)
        .outerjoin(Message, _LAST)
        .join(Customer, Customer.id == Conversation.customer_id)
        .where(Conversation.id.in_(ids))
    )
    if not ids:
        return {}
    found = session.execute(query).all()
    names = names_of_staff(session)
    called = callings(session, {one.customer_id for one in found})
    tags, reasons, mentioned = _tags(session, ids), reasons_of(session, ids), _mentioned(session, user, ids)
    return {
        one.id: _row(one, user, now, names, called, tags.get(one.id, ()), reasons.get(one.id, ""), one.id in mentioned)
        for one in found
    }


def names_of_staff(session: Session) -> dict[str, str]:
    return {one: str(name) for one, name in session.execute(select(User.id, User.name))}


def _row(
    one: Any,
    user: User,
    now: datetime,
    names: dict[str, str],
    called: dict[str, Calling],
    tags: tuple[str, ...],
    reason: str,
    is_mentioned: bool,
) -> Row:
    held_by = agent_id(one.owner)
    due = min((date for date in (one.reply_due_at, one.resolve_due_at) if date), default=None)
    return Row(
        id=one.id,
        calling=called[one.customer_id],
        text=" ".join((one.text or "").split()),
        author=_author(one.author or CUSTOMER, names),
        channel=one.channel or "",
        at=one.created_at or one.opened_at,
        owner=kind_of(one.owner),
        agent=names.get(held_by, "") if held_by else "",
        is_own=held_by == user.id,
        priority=one.priority,
        locale=one.locale or "",
        reason=reason,
        queued_at=one.queued_at if one.owner == QUEUE else None,
        owed_since=one.owed_since,
        due_at=due,
        snoozed_until=one.snoozed_until if one.snoozed_until and one.snoozed_until > now else None,
        is_late=due is not None and due < now,
        is_blocked=one.blocked_at is not None,
        is_mentioned=is_mentioned,
        tags=tags,
        team_id=one.team_id or "",
    )


def _author(author: str, names: dict[str, str]) -> str:
    held_by = agent_id(author)
    return names.get(held_by, "") if held_by else author


def _tags(session: Session, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    query = select(ConversationTag.conversation_id, ConversationTag.tag).order_by(ConversationTag.tag)
    for one, tag in session.execute(query.where(ConversationTag.conversation_id.in_(list(ids)))):
        found[one] = (*found.get(one, ()), tag)
    return found


def _mentioned(session: Session, user: User, ids: Iterable[str]) -> set[str]:
    unseen = (Mention.user_id == user.id, Mention.seen_at.is_(None), Note.conversation_id.in_(list(ids)))
    return set(session.scalars(select(Note.conversation_id).join(Mention, Mention.note_id == Note.id).where(*unseen)))
