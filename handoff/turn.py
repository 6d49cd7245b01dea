"""The turn: what happens because of one customer message, or one burst of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from bot.reply import Reply, TurnContext
from bot.state import last_matter
from bot.surveys import Heard, SurveyQuestion
from channels.conversation import (
    BOT,
    CLOSED,
    CUSTOMER,
    Conversation,
    Message,
    customer_messages_after,
    lock_customers,
)
from channels.inbound import Received
from channels.names import PHONE
from channels.outbox import UNSYNCHRONIZED
from db import Database
from handoff.bot_replies import keep_reply
from handoff.finding import happened
from handoff.joining import follow
from handoff.keeping import keep_for_person
from handoff.people import is_staffed
from handoff.topics import people_only_topics
from handoff.transitions import DONE, kind_of
from handoff.using import uses_of
from knowledge.usage import Use, count_uses

CLAIM = timedelta(seconds=4)
"""How long a turn may take, beside the time the bot is given, before another worker believes the first one dead."""

BotReply = Callable[[str | None, str, TurnContext], Reply]
"""`bot.engine.Engine.reply`: the state so far, the text and its context to what is said and the state after it."""


@dataclass(frozen=True)
class Surveys:
    """The question at the end, as the roof passes it in: what an answer answers, and where what was heard is kept."""

    asked: Callable[[Session, Message], SurveyQuestion | None] = lambda _session, _message: None
    take: Callable[[Session, Message, Heard, datetime], None] = lambda _session, _message, _heard, _now: None
    """In the transaction of the turn."""


NO_SURVEYS = Surveys()


class Taken(IntEnum):
    """What came of reaching for a turn; true if it was taken."""

    NOTHING = 0
    """Nobody waited, or somebody else is at it."""
    DONE = 1
    MORE = 2
    """And the customer has written again meanwhile."""


@dataclass(frozen=True)
class Waiting:
    """A claimed conversation and the customer's messages that wait in it."""

    claim: str
    conversation: Conversation
    messages: list[Message]
    state: str | None
    """The bot's, from this conversation or, of the last matter, from the one before."""
    elsewhere: str | None = None
    """The channel they wrote in before, if this is the first they write in this one."""
    people: bool = False
    """Whether there are people to whom the bot may hand over."""
    people_only: frozenset[str] = frozenset()
    """The topics that the bot leaves to them."""
    questions: dict[str, SurveyQuestion] = field(default_factory=dict)
    """By message, the question at the end that it answers."""


# Statements of the turn are made once: making one takes longer than running it.
_IS_FREE = or_(Conversation.claimed_until.is_(None), Conversation.claimed_until < bindparam("now"))
_CLAIM = (
    update(Conversation)
    .where(
        Conversation.id == bindparam("conversation"),
        Conversation.waiting_since.isnot(None),
        _IS_FREE,
    )
    .values(claimed_by=bindparam("claim"), claimed_until=bindparam("until"))
    .execution_options(**UNSYNCHRONIZED)
)
_CONVERSATION = select(Conversation).where(Conversation.id == bindparam("conversation"))
# Whoever has it when the turn is over must be who had it when it began: the bot talks over nobody.
_CLAIMED = _CONVERSATION.where(
    Conversation.claimed_by == bindparam("claim"), Conversation.owner == bindparam("owner")
).with_for_update()


def take_turn(
    database: Database,
    reply: BotReply,
    conversation_id: str,
    now: datetime,
    claim_for: timedelta = CLAIM,
    region: str | None = None,
    surveys: Surveys = NO_SURVEYS,
) -> Taken:
    """Answers what waits in a conversation: claim, ask the bot, and commit all that follows from it at once.

    `region` (`DE`, `US` …) is where phone numbers without a country code are from.
    """
    waiting = _claim(database, conversation_id, now, claim_for, surveys)
    if waiting is None:
        return Taken.NOTHING
    if kind_of(waiting.conversation.owner) in ("queue", "agent"):
        return _keep(database, waiting, now, region)
    return _commit(database, waiting, _answers(reply, waiting), now, surveys)


def _answers(reply: BotReply, waiting: Waiting) -> list[tuple[Message, Reply]]:
    """What the bot says to each burst, with its last message; what follows on a call for a person is that person's."""
    state = waiting.state
    replies: list[tuple[Message, Reply]] = []
    for text, last in _bursts(waiting.messages):
        answered = reply(state, text, _context(waiting, last, is_first=not replies))
        state = answered.state
        replies.append((last, answered))
        if waiting.people and answered.wants_person:
            break
    return replies


def waiting_conversations(database: Database, now: datetime, limit: int = 100) -> list[str]:
    """The conversations that wait for a turn nobody is taking, longest wait first."""
    query = (
        select(Conversation.id)
        .where(Conversation.waiting_since.isnot(None), _IS_FREE)
        .order_by(Conversation.waiting_since)
        .limit(limit)
    )
    with database.reading() as session:
        return list(session.scalars(query, {"now": now}).all())


def is_answered(database: Database, received: Received) -> bool:
    with database.reading() as session:
        query = select(Conversation.answered_seq).filter_by(id=received.conversation_id)
        return int(session.scalars(query).one()) >= received.seq


def _claim(
    database: Database, conversation_id: str, now: datetime, claim_for: timedelta, surveys: Surveys
) -> Waiting | None:
    claim = str(uuid4())
    claimed = {"conversation": conversation_id, "now": now, "claim": claim, "until": now + claim_for}
    # A claim that a power cut takes back hurts nobody.
    with database.transaction(durable=False) as session:
        result: Any = session.execute(_CLAIM, claimed)
        if not result.rowcount:
            return None
        conversation = session.scalars(_CONVERSATION, {"conversation": conversation_id}).one()
        people = conversation.owner == BOT and is_staffed(session)
        if people and follow(session, conversation, now):
            # It is not the bot's any more: what waits is kept by the next one who looks.
            return None
        messages = customer_messages_after(session, conversation_id, conversation.answered_seq)
        questions = _questions(session, messages, surveys)
        # Whoever answers how it was is offered a person, too.
        people = people or (bool(questions) and is_staffed(session))
        return Waiting(
            claim,
            conversation,
            messages,
            conversation.bot_state or _last_matter(session, conversation),
            _elsewhere(session, messages[0]) if messages[0].channel in PHONE else None,
            people,
            people_only_topics(session) if people else frozenset(),
            questions,
        )


def _questions(session: Session, messages: list[Message], surveys: Surveys) -> dict[str, SurveyQuestion]:
    found = {one.id: surveys.asked(session, one) for one in messages if one.extra.get("survey")}
    return {message_id: question for message_id, question in found.items() if question}


def _last_matter(session: Session, conversation: Conversation) -> str | None:
    """What the conversation before this one was about."""
    if conversation.previous_id is None:
        return None
    return last_matter(session.scalars(select(Conversation.bot_state).filter_by(id=conversation.previous_id)).first())


def _elsewhere(session: Session, message: Message) -> str | None:
    """The channel the customer wrote in before this message, if they never wrote in this one before."""
    said = select(Message.channel).where(
        Message.conversation_id == message.conversation_id,
        Message.seq < message.seq,
        Message.author == CUSTOMER,
        Message.is_silent.is_(False),
    )
    channels: list[str] = list(session.scalars(said.order_by(Message.seq.desc())))
    return channels[0] if channels and message.channel not in channels else None


def _bursts(waiting: list[Message]) -> list[tuple[str, Message]]:
    """What is answered together, each with its last message: texts in a row are one, a button stands alone."""
    bursts = []
    for (pressed, *_rest), group in groupby(waiting, key=_together):
        messages = list(group)
        text = pressed or "\n".join(message.extra.get("matter") or message.text for message in messages)
        bursts.append((text, messages[-1]))
    return bursts


def _together(message: Message) -> tuple[str | None, ...]:
    extra = message.extra
    return message.payload, message.channel, message.address_id, extra.get("survey"), extra.get("matter")


def _context(waiting: Waiting, message: Message, *, is_first: bool) -> TurnContext:
    return TurnContext(
        conversation_id=waiting.conversation.id,
        channel=message.channel,
        locale=waiting.conversation.locale,
        reading=message.extra.get("reading"),
        elsewhere=waiting.elsewhere if is_first else None,
        people=waiting.people,
        people_only=waiting.people_only,
        survey=waiting.questions.get(message.id),
        scored=message.extra.get("scored"),
    )


def _commit(
    database: Database, waiting: Waiting, replies: list[tuple[Message, Reply]], now: datetime, surveys: Surveys
) -> Taken:
    """All effects of the turn at once, or none of them if the claim was lost meanwhile."""
    with database.transaction() as session:
        if any(reply.wants_person for _, reply in replies) and waiting.conversation.owner == CLOSED:
            # It may be opened again.
            lock_customers(session, waiting.conversation.customer_id)
        conversation = _claimed(session, waiting)
        if conversation is None:
            return Taken.NOTHING
        uses: list[Use] = []
        for asked, reply in replies:
            uses += uses_of(session, conversation, reply)
            keep_reply(session, conversation, asked, reply, waiting.people, now)
            if reply.survey:
                surveys.take(session, asked, reply.survey, now)
        _release(session, conversation, replies[-1][0].seq)
        if replies[-1][1].ends:
            _end(session, conversation, now)
        count_uses(session, uses, now)
        return Taken.MORE if conversation.waiting_since else Taken.DONE


def _keep(database: Database, waiting: Waiting, now: datetime, region: str | None) -> Taken:
    """What is written to a person, or while one is waited for, is kept for them; the bot stays silent."""
    with database.transaction() as session:
        conversation = _claimed(session, waiting)
        if conversation is None:
            return Taken.NOTHING
        kept_until = keep_for_person(session, conversation, waiting.messages, now, region)
        _release(session, conversation, kept_until)
        return Taken.MORE if conversation.waiting_since else Taken.DONE


def _claimed(session: Session, waiting: Waiting) -> Conversation | None:
    """The conversation, its row locked; None if the claim was lost, or somebody else has it now."""
    mine = {"conversation": waiting.conversation.id, "claim": waiting.claim, "owner": waiting.conversation.owner}
    found: Conversation | None = session.scalars(_CLAIMED, mine).one_or_none()
    return found


def _end(session: Session, conversation: Conversation, now: datetime) -> None:
    """The customer has said that this was all, and nothing else since."""
    if conversation.owner == BOT and conversation.waiting_since is None:
        conversation.close(DONE, now)
        happened(session, conversation, "ended_done", now, by=None)


def _release(session: Session, conversation: Conversation, answered_seq: int) -> None:
    conversation.answered_seq = answered_seq
    unanswered = customer_messages_after(session, conversation.id, answered_seq)
    conversation.waiting_since = unanswered[0].created_at if unanswered else None
    conversation.claimed_by = None
    conversation.claimed_until = None
