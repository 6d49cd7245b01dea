"""What is said: a conversation, its messages in order, and the timeline that explains them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session

from db import Base, UTCDateTime, column, lock

BOT = "bot"
QUEUE = "queue"
CLOSED = "closed"
CUSTOMER = "customer"
AGENT = "agent:"
"""What stands before the id of a member of staff, as the owner of a conversation and the author of a message."""


def agent(user_id: str) -> str:
    """A member of staff as owner or author."""
    return f"{AGENT}{user_id}"


def agent_id(owner: str) -> str | None:
    """Whose id stands in an owner or author; None if it is no member of staff."""
    return owner.removeprefix(AGENT) if owner.startswith(AGENT) else None


class Conversation(Base):
    """One matter of one customer, over any number of channels, from first message to closed."""

    __tablename__ = "conversation"
    # What a worker asks for every second: who waits for an answer?
    # And what the desk shows: who waits, who has what, and what changed last.
    __table_args__ = (
        Index("ix_conversation_waiting_since", "waiting_since"),
        Index("ix_conversation_owner_queued_at", "owner", "queued_at"),
        Index("ix_conversation_last_at", "last_at"),
        Index("ix_conversation_reply_due_at", "reply_due_at"),
        Index(
            "ix_conversation_open_last_at",
            "last_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_conversation_closed_at_team_id", "closed_at", "team_id"),
    )

    id: Mapped[str] = column(String(36), primary_key=True)
    customer_id: Mapped[str] = column(ForeignKey("customer.id"), index=True)
    owner: Mapped[str] = column(String(64), default=BOT)
    """Who speaks next: `bot`, `queue`, an agent (`agent:<id>`), or `closed`. `handoff.transitions` says what may follow
    on what, and is the only one who writes it, beside `close`."""
    locale: Mapped[str | None] = column(String(8), nullable=True)
    bot_state: Mapped[str | None] = column(Text, nullable=True)
    """What the bot must be given with the next message (`bot.reply.Reply.state`)."""
    opened_at: Mapped[datetime] = column(UTCDateTime)
    closed_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    close_reason: Mapped[str | None] = column(String(32), nullable=True)
    """`done` (the customer said so), `silence`, `start_over`, `merged`, or what an agent chose among
    `handoff.words.RESOLUTIONS`."""
    previous_id: Mapped[str | None] = column(ForeignKey("conversation.id"), nullable=True)
    """The customer's conversation before this one: what it was about is still known."""

    last_seq: Mapped[int] = column(Integer, default=0)
    """The sequence number of the last message."""
    last_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """When it was said."""
    answered_seq: Mapped[int] = column(Integer, default=0)
    """Every message of the customer up to this one has had its turn."""
    waiting_since: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """When the oldest message that still waits for its turn arrived."""
    claimed_by: Mapped[str | None] = column(String(64), nullable=True)
    claimed_until: Mapped[datetime | None] = column(UTCDateTime, nullable=True)

    team_id: Mapped[str | None] = column(ForeignKey("team.id"), nullable=True)
    """The team whose matter it is, from the first hand-off on."""
    agent_id: Mapped[str | None] = column(ForeignKey("staff_user.id"), nullable=True)
    """The agent who has it or had it last."""
    priority: Mapped[int] = column(Integer, default=1)
    """0 low, 1 normal, 2 high, 3 urgent."""
    queued_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """Since when it waits in the queue; None while it doesn't."""
    owed_since: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """When the oldest message arrived that a person still owes an answer to."""
    snoozed_until: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    reply_due_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """By when a person should have replied, while they owe it."""
    resolve_due_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)
    """By when it should be resolved; None while the customer owes the answer."""

    def __init__(self, customer_id: str, opened_at: datetime) -> None:
        super().__init__(
            id=str(uuid4()),
            customer_id=customer_id,
            opened_at=opened_at,
            owner=BOT,
            last_seq=0,
            answered_seq=0,
            priority=1,
        )

    def close(self, reason: str, now: datetime) -> None:
        """Ends it; the customer's next message opens another one."""
        self.closed_at, self.close_reason, self.owner = now, reason, CLOSED
        self.queued_at = self.owed_since = self.snoozed_until = self.reply_due_at = self.resolve_due_at = None

    def say(
        self,
        author: str,
        channel: str,
        text: str,
        now: datetime,
        *,
        address_id: str | None = None,
        extra: dict[str, Any] | None = None,
    ) -> Message:
        """The next message of this conversation; the caller adds it to its session."""
        self.last_seq += 1
        self.last_at = now
        return Message(
            id=str(uuid4()),
            conversation_id=self.id,
            seq=self.last_seq,
            author=author,
            channel=channel,
            address_id=address_id,
            text=text,
            extra=extra or {},
            created_at=now,
        )


class Message(Base):
    """One thing said, by customer, bot or agent."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        # The second delivery of a provider's message fails here, also when both arrive at the same moment.
        UniqueConstraint("channel", "provider_id"),
    )

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    conversation_id: Mapped[str] = column(ForeignKey("conversation.id"))
    seq: Mapped[int] = column(Integer)
    author: Mapped[str] = column(String(64))
    channel: Mapped[str] = column(String(16))
    text: Mapped[str] = column(Text)
    address_id: Mapped[str | None] = column(ForeignKey("address.id"), nullable=True, index=True)
    """The customer's address it came from or goes to."""
    payload: Mapped[str | None] = column(Text, nullable=True)
    """What a pressed button of ours sent; `text` is then what stood on it."""
    extra: Mapped[dict[str, Any]] = column(JSON, default=dict)
    """Of an agent's message: `agent` (their name as customers see it) and `files` (name, url, kind, size).
    Of a bot's message: `buttons` (title, payload), `sources` (id, title, url) and `opening`, its first sentence if
    that only says that the customer is known. Of a customer's: `reading`, the
    article they had open, `page`, where they were (url, title), `consent`, if they were asked to agree, `location`,
    `attachments`, what they sent beside words (kind), and `survey`, whose question at the end it answers. Of a bot's
    that asks such a question: `survey`, too."""
    is_silent: Mapped[bool] = column(Boolean, default=False)
    """Taken note of and not answered by the bot: STOP, or the answer to what a channel asked itself."""
    provider_id: Mapped[str | None] = column(String(300), nullable=True)
    created_at: Mapped[datetime] = column(UTCDateTime)


class Event(Base):
    """One row of the timeline: what was understood, found, decided and why."""

    __tablename__ = "event"

    id: Mapped[int] = column(Integer, primary_key=True)
    conversation_id: Mapped[str] = column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[str | None] = column(ForeignKey("message.id"), nullable=True)
    kind: Mapped[str] = column(String(32))
    details: Mapped[dict[str, Any]] = column(JSON, default=dict)
    at: Mapped[datetime] = column(UTCDateTime)


IS_SAID = (Message.author != CUSTOMER) | Message.is_silent.is_(False)
"""What a channel took note of by itself is nothing said."""

# Statements of the turn are made once: making one takes longer than running it.
_MESSAGES_AFTER = (
    select(Message)
    .where(Message.conversation_id == bindparam("conversation"), Message.seq > bindparam("seq"))
    .order_by(Message.seq)
)
_CUSTOMER_MESSAGES_AFTER = _MESSAGES_AFTER.where(Message.author == CUSTOMER, Message.is_silent.is_(False))
_OPEN_CONVERSATION = (
    select(Conversation)
    .where(Conversation.customer_id == bindparam("customer"), Conversation.closed_at.is_(None))
    .order_by(Conversation.opened_at.desc())
    .limit(1)
    .with_for_update()
)


def messages_after(session: Session, conversation_id: str, seq: int, limit: int = 500) -> list[Message]:
    """The messages that follow number `seq`, oldest first."""
    found = session.scalars(_MESSAGES_AFTER.limit(limit), {"conversation": conversation_id, "seq": seq})
    return list(found.all())


def customer_messages_after(session: Session, conversation_id: str, seq: int) -> list[Message]:
    """What the customer said to the bot after number `seq`, oldest first."""
    found = session.scalars(_CUSTOMER_MESSAGES_AFTER, {"conversation": conversation_id, "seq": seq})
    return list(found.all())


def lock_customers(session: Session, *customer_ids: str) -> None:
    """Until this transaction ends nobody else opens a conversation of theirs: each has one that is open, at most.

    Must be called before any conversation is locked: `db.locking` says why.
    """
    for customer_id in sorted(customer_ids):
        lock(session, f"customer {customer_id}")


def open_conversation_of(session: Session, customer_id: str) -> Conversation | None:
    """The customer's open conversation, its row locked: its messages are numbered one at a time."""
    return session.scalars(_OPEN_CONVERSATION, {"customer": customer_id}).first()
