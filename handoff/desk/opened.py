"""All that the desk shows of one conversation beside its timeline: how it stands and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import Conversation
from channels.customer import Customer
from handoff.desk.callings import Calling, callings
from handoff.desk.rows import names_of_staff
from handoff.finding import NotYours, newest_of_customer
from handoff.handoffs import reasons_of
from handoff.seeing import visible
from handoff.tags import ConversationTag
from handoff.transitions import Kind, held_by, kind_of, may
from staff.people import User
from staff.teams import Team


@dataclass(frozen=True)
class Opened:
    id: str
    calling: Calling
    owner: Kind
    agent: str
    agent_id: str
    agent_before: str
    """Whose it was before it waited, or who helped the customer lately; empty: nobody, or it does not wait."""
    is_own: bool
    team: str
    team_id: str
    priority: int
    tags: tuple[str, ...]
    locale: str
    reason: str
    queued_at: datetime | None
    owed_since: datetime | None
    due_at: datetime | None
    snoozed_until: datetime | None
    is_late: bool
    is_blocked: bool
    last_seq: int
    customer_seq: int
    """The number of the customer's last message."""
    verbs: frozenset[str]
    """What may be done with it as it stands."""


def find_visible(session: Session, user: User, conversation_id: str) -> Conversation:
    """The conversation, to be looked at. Raises NotYours."""
    query = select(Conversation).where(Conversation.id == conversation_id, visible(user))
    found: Conversation | None = session.scalars(query).one_or_none()
    if found is None:
        raise NotYours(conversation_id)
    return found


def open_conversation(session: Session, user: User, conversation: Conversation, now: datetime) -> Opened:
    customer = session.get(Customer, conversation.customer_id)
    team = session.get(Team, conversation.team_id) if conversation.team_id else None
    holder, names = held_by(conversation), names_of_staff(session)
    before = conversation.agent_id if kind_of(conversation.owner) == "queue" else None
    snoozed = conversation.snoozed_until
    dates = (conversation.reply_due_at, conversation.resolve_due_at)
    due = min((date for date in dates if date), default=None)
    tags = select(ConversationTag.tag).filter_by(conversation_id=conversation.id).order_by(ConversationTag.tag)
    is_blocked = bool(customer and customer.blocked_at)
    return Opened(
        id=conversation.id,
        calling=callings(session, [conversation.customer_id])[conversation.customer_id],
        owner=kind_of(conversation.owner),
        agent=names.get(holder, "") if holder else "",
        agent_id=holder or "",
        agent_before=names.get(before, "") if before else "",
        is_own=holder == user.id,
        team=team.name if team else "",
        team_id=team.id if team else "",
        priority=conversation.priority,
        tags=tuple(session.scalars(tags)),
        locale=conversation.locale or "",
        reason=reasons_of(session, [conversation.id]).get(conversation.id, ""),
        queued_at=conversation.queued_at,
        owed_since=conversation.owed_since,
        due_at=due,
        snoozed_until=snoozed if snoozed and snoozed > now else None,
        is_late=due is not None and due < now,
        is_blocked=is_blocked,
        last_seq=conversation.last_seq,
        customer_seq=newest_of_customer(session, conversation),
        verbs=_verbs(conversation, user, now, is_blocked=is_blocked),
    )


def _verbs(conversation: Conversation, user: User, now: datetime, *, is_blocked: bool) -> frozenset[str]:
    owner, holder = conversation.owner, held_by(conversation)
    is_snoozed = conversation.snoozed_until is not None and conversation.snoozed_until > now
    possible = {
        "claim": may("claim", owner) and holder is None,
        "take_over": holder is not None and holder != user.id,
        "transfer": may("assign", owner),
        "release": holder is not None,
        "give_back": may("give_back", owner),
        "resolve": may("resolve", owner),
        "reopen": may("reopen", owner),
        "snooze": may("assign", owner) and not is_snoozed,
        "wake": is_snoozed,
        "unblock": is_blocked,
        "block": not is_blocked,
    }
    return frozenset(verb for verb, is_possible in possible.items() if is_possible)
