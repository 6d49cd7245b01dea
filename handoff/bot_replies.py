"""A reply of the bot as it is kept: what it says, what follows on a call for a person, and why it was said."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.reply import Button, Reply, Said
from channels.conversation import BOT, CLOSED, Conversation, Event, Message, open_conversation_of
from channels.customer import Address, Customer
from channels.outbox import UNSYNCHRONIZED, delivery_of
from handoff.handing_over import hand_off
from handoff.handoffs import Reason
from handoff.using import asked_about, use_facts

START_OVER = "start_over"
"""Whoever wants to start over begins a new conversation with the next message."""

_OWN_ADDRESS = select(Address.value).where(Address.id == bindparam("address"))
_ADDRESS = select(Address.value).where(
    Address.customer_id == bindparam("customer"), Address.channel == bindparam("channel")
)


def keep_reply(
    session: Session, conversation: Conversation, asked: Message, reply: Reply, people: bool, now: datetime
) -> None:
    """Its messages with their deliveries, the bot's state after it, and why it was said. `people`: whether there are
    people to whom the bot may hand over."""
    address = _address_of(session, conversation, asked)
    if conversation.bot_state is None or conversation.locale != reply.locale:
        _remember_language(session, conversation, reply.locale)
    conversation.bot_state = reply.state
    conversation.locale = reply.locale
    saying = _with_what_follows(session, conversation, asked, reply, now) if people else reply.said
    said = [
        conversation.say(
            BOT, asked.channel, one.text, now, address_id=asked.address_id, extra=_extra(one, reply.locale)
        )
        for one in saying
    ]
    session.add_all(said)
    # The messages' rows come first: deliveries point at them.
    session.flush()
    session.add_all(delivery_of(message, address, now) for message in said)
    session.add(_event(conversation, asked, reply, now))
    if reply.intent == START_OVER:
        conversation.close(START_OVER, now)


def _with_what_follows(
    session: Session, conversation: Conversation, asked: Message, reply: Reply, now: datetime
) -> tuple[Said, ...]:
    """What the bot says; where it calls for a person, the hand-off is made, and what comes now is said with it."""
    if reply.wants_person is None:
        return reply.said
    if conversation.owner == CLOSED:
        # What they have begun since is what a person takes; else this is opened again.
        conversation = open_conversation_of(session, conversation.customer_id) or conversation
    if conversation.owner not in (BOT, CLOSED):
        return reply.said
    hits = reply.answer.hits if reply.answer else ()
    articles = tuple(hit.article_id for hit in hits) or asked_about(session, conversation)
    reason = cast(Reason, reply.wants_person)
    foretold = hand_off(session, conversation, reason, now, articles=articles, owed_since=asked.created_at)
    *before, last = reply.said
    buttons = tuple(Button(**button) for button in foretold.buttons)
    return (*before, replace(last, text=f"{last.text} {foretold.text}", buttons=(*last.buttons, *buttons)))


def _address_of(session: Session, conversation: Conversation, asked: Message) -> str:
    """Where they just wrote from: a customer may have several numbers."""
    if asked.address_id is not None:
        return str(session.scalars(_OWN_ADDRESS, {"address": asked.address_id}).one())
    wanted = {"customer": conversation.customer_id, "channel": asked.channel}
    return str(session.scalars(_ADDRESS, wanted).first())


def _remember_language(session: Session, conversation: Conversation, locale: str) -> None:
    customer = update(Customer).where(Customer.id == conversation.customer_id, Customer.locale.is_distinct_from(locale))
    session.execute(customer.values(locale=locale), execution_options=UNSYNCHRONIZED)


def _extra(said: Said, locale: str) -> dict[str, Any]:
    extra: dict[str, Any] = {"locale": locale}
    if said.buttons:
        extra["buttons"] = [asdict(button) for button in said.buttons]
    if said.opening:
        extra["opening"] = said.opening
    if said.sources:
        extra["sources"] = [asdict(source) for source in said.sources]
    return extra


def _event(conversation: Conversation, asked: Message, reply: Reply, now: datetime) -> Event:
    """Why this reply: what was understood, what was found with which scores, and what followed from it."""
    details = {
        "intent": reply.intent,
        "intent_confidence": reply.intent_confidence,
        "wants_person": reply.wants_person,
        "signals": reply.signals,
        "mood": reply.mood,
        "degraded": reply.degraded,
        "trace": reply.trace,
        "answer": reply.answer and _why(asdict(reply.answer)),
        **use_facts(reply),
    }
    return Event(conversation_id=conversation.id, message_id=asked.id, kind="turn", details=details, at=now)


def _why(answer: dict[str, Any]) -> dict[str, Any]:
    hits = [
        {key: hit[key] for key in ("article_id", "locale", "category", "score", "dense", "lexical")}
        for hit in answer["hits"]
    ]
    sources = [source["id"] for source in answer["sources"]]
    return {key: answer[key] for key in ("kind", "confidence", "question", "locale", "category")} | {
        "hits": hits,
        "sources": sources,
    }
