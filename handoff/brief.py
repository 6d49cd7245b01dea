"""The brief: what whoever takes over sees first, built from the conversation with no word that nobody said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import BOT, CUSTOMER, Conversation, Event, Message, agent_id
from channels.customer import Address, Customer
from channels.names import WHATSAPP
from handoff.handoffs import REOPENED, Handoff, reasons_of
from handoff.seeing import visible
from knowledge.markdown import plain_text
from staff.people import User

WINDOW = timedelta(hours=24)
"""So long after they wrote a customer may be answered freely in WhatsApp
(https://www.twilio.com/docs/whatsapp/key-concepts#the-24-hour-window)."""
EARLIER = 5
LOOKED_BACK = 300
"""Messages: what lies further back is in the timeline."""
MOST_ASKED = 12
CLOSING = ("goodbye", "thanks", "nothing", "affirm", "deny")
"""Intents in which nothing is asked."""
SHORT = 6
"""Words: whoever says more with it may say something of the matter."""
LONGEST_ANSWER = 240
VERDICTS = {"helped": "helped", "did_not_help": "did_not_help", "none_of_these": "did_not_help"}

FactKind = Literal["order", "code", "email", "phone", "date", "amount", "name"]

_MONTH = (
    "jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?"
)
FACTS: tuple[tuple[FactKind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "date",
        re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?(?!\d)|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"),
    ),
    (
        "date",
        re.compile(rf"\b\d{{1,2}}(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})\b\.?(?:\s+\d{{4}})?", re.IGNORECASE),
    ),
    ("date", re.compile(rf"\b(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?", re.IGNORECASE)),
    (
        "amount",
        re.compile(
            r"(?:[€$£]\s?\d+(?:[.,]\d+)*|\b\d+(?:[.,]\d+)*\s?(?:€|\$|£|euros?\b|eur\b|usd\b|gbp\b))", re.IGNORECASE
        ),
    ),
    ("phone", re.compile(r"(?<![\w-])(?:\+|00)\d[\d ()/-]{6,18}\d|(?<![\w-])0\d{2,5}[ /-]\d[\d -]{4,12}\d")),
    # Letters and digits in one word, such as FN-204518; or a number after a # or after the word for it.
    (
        "order",
        re.compile(r"(?<![\w-])(?=[A-Z0-9-]*\d{4})(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*(?![\w-])", re.IGNORECASE),
    ),
    ("order", re.compile(r"#\s?\d{3,}|(?<=\bno\. )\d{4,}|(?<=\bnr\. )\d{4,}|\b\d{5,}\b", re.IGNORECASE)),
    ("code", re.compile(r"\b[A-Z]{1,3}-?\d{1,3}\b")),
    (
        "name",
        re.compile(
            r"(?i:\b(?:my name is|i am called|ich heiße|ich heisse|mein name ist))\s+"
            r"([A-ZÄÖÜ][\w'-]+(?:\s+[A-ZÄÖÜ][\w'-]+){0,2}|\w[\w'-]+)"
        ),
    ),
)
"""What may be a fact, in the order in which they are looked for: what one has found, the next ones leave alone."""


@dataclass(frozen=True)
class Fact:
    kind: FactKind
    text: str
    """As typed."""


@dataclass(frozen=True)
class Tried:
    """One question and what the bot made of it."""

    question: str
    kind: str
    """`answer`, `choice`, `unknown`, or the intent if it was no question."""
    said: str
    """The beginning of what the bot said."""
    confidence: float | None
    articles: tuple[tuple[str, float], ...]
    """Ids with their scores, best first."""
    verdict: str | None
    """What the customer said to it: `helped` or `did_not_help`."""


@dataclass(frozen=True)
class Earlier:
    """A conversation before this one."""

    id: str
    opened_at: datetime
    asked: str
    close_reason: str | None


@dataclass(frozen=True)
class Brief:
    reason: str | None
    """Why a person (`handoff.words.REASONS`); None if nobody was called."""
    is_reopened: bool
    """Whether an agent has opened it again since."""
    since: datetime | None
    asked: tuple[str, ...]
    """The customer's own sentences until a person first answered, without what they pressed, scores and comments to
    them, and thanks or "no, that was all"; the last few."""
    tried: tuple[Tried, ...]
    facts: tuple[Fact, ...]
    name: str | None
    locale: str | None
    channel: str | None
    window_until: datetime | None
    """Until when WhatsApp may be answered freely, if they are there."""
    callback: str | None
    mood: str | None
    """The last one the bot noticed: see `bot.signals`."""
    page: dict[str, str] | None
    """Where they were on the company's site."""
    earlier: tuple[Earlier, ...] = field(default=())


def brief_of(session: Session, conversation: Conversation, user: User) -> Brief:
    """As this member of staff may read it: of the conversations before, those that they may see."""
    said = _messages(session, conversation)
    turns = _turns(session, conversation)
    handoff = _last_handoff(session, conversation)
    customer = session.get(Customer, conversation.customer_id)
    theirs = [one for one in said if one.author == CUSTOMER and not one.is_silent]
    own = [one for one in theirs if not one.payload and one.text]
    # What was said to a person already is no news to them.
    answered = next(
        (one.seq for one in said if handoff and agent_id(one.author) and one.created_at >= handoff.at), None
    )
    closing = {turn.message_id for turn in turns if turn.details.get("intent") in CLOSING}
    asked = [
        one.text
        for one in own
        if (answered is None or one.seq < answered)
        and not one.extra.get("survey")
        and not (one.id in closing and len(one.text.split()) <= SHORT)
    ]
    last = theirs[-1] if theirs else None
    return Brief(
        reason=reasons_of(session, [conversation.id]).get(conversation.id),
        is_reopened=handoff is not None and handoff.reason == REOPENED,
        since=handoff.at if handoff else None,
        asked=tuple(asked[-MOST_ASKED:]),
        tried=tuple(_tried(said, turns)),
        facts=tuple(facts_in(one.text for one in own)),
        name=customer.name if customer else None,
        locale=conversation.locale,
        channel=last.channel if last else None,
        window_until=_window(session, last),
        callback=handoff.callback if handoff else None,
        mood=next((turn.details["mood"] for turn in reversed(turns) if turn.details.get("mood")), None),
        page=next((one.extra["page"] for one in reversed(theirs) if one.extra.get("page")), None),
        earlier=tuple(_earlier(session, conversation, user)),
    )


def facts_in(texts: Iterable[str]) -> list[Fact]:
    """What was given in them, as typed, each thing once."""
    found: dict[tuple[FactKind, str], Fact] = {}
    for text in texts:
        rest = text
        for kind, pattern in FACTS:
            for match in pattern.finditer(rest):
                fact = Fact(kind, (match.group(1) if match.groups() else match.group()).strip())
                found.setdefault((kind, fact.text.casefold()), fact)
            rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    return list(found.values())


def _tried(said: Sequence[Message], turns: Sequence[Event]) -> Iterator[Tried]:
    by_id = {message.id: message for message in said}
    for place, turn in enumerate(turns):
        asked = by_id.get(turn.message_id or "")
        if asked is None or not turn.details.get("answer"):
            continue
        following = turns[place + 1].details.get("intent") if place + 1 < len(turns) else None
        yield _one_tried(said, turn.details["answer"], asked, VERDICTS.get(following or ""))


def _one_tried(said: Sequence[Message], answer: dict[str, Any], asked: Message, verdict: str | None) -> Tried:
    reply = plain_text(next((one.text for one in said if one.author == BOT and one.seq > asked.seq), ""))
    scores: dict[str, float] = {}
    for hit in answer.get("hits", ()):
        scores.setdefault(hit["article_id"], hit["score"])
    return Tried(
        question=asked.text,
        kind=answer["kind"],
        said=reply if len(reply) <= LONGEST_ANSWER else f"{reply[:LONGEST_ANSWER].rstrip()} …",
        confidence=answer.get("confidence"),
        articles=tuple(scores.items()),
        verdict=verdict,
    )


def _messages(session: Session, conversation: Conversation) -> list[Message]:
    query = select(Message).filter_by(conversation_id=conversation.id).order_by(Message.seq.desc())
    return list(session.scalars(query.limit(LOOKED_BACK)))[::-1]


def _turns(session: Session, conversation: Conversation) -> list[Event]:
    query = select(Event).filter_by(conversation_id=conversation.id, kind="turn").order_by(Event.id.desc())
    return list(session.scalars(query.limit(LOOKED_BACK)))[::-1]


def _last_handoff(session: Session, conversation: Conversation) -> Handoff | None:
    query = select(Handoff).filter_by(conversation_id=conversation.id).order_by(Handoff.id.desc()).limit(1)
    found: Handoff | None = session.scalars(query).first()
    return found


def _window(session: Session, last: Message | None) -> datetime | None:
    if last is None or last.channel != WHATSAPP or last.address_id is None:
        return None
    address = session.get(Address, last.address_id)
    return address.heard_at + WINDOW if address and address.heard_at else None


def _earlier(session: Session, conversation: Conversation, user: User) -> Iterator[Earlier]:
    query = select(Conversation).where(
        Conversation.customer_id == conversation.customer_id,
        Conversation.id != conversation.id,
        Conversation.opened_at <= conversation.opened_at,
        visible(user),
    )
    for one in session.scalars(query.order_by(Conversation.opened_at.desc()).limit(EARLIER)):
        first = select(Message.text).filter_by(conversation_id=one.id, author=CUSTOMER, payload=None)
        asked = session.scalars(first.order_by(Message.seq).limit(1)).first()
        yield Earlier(one.id, one.opened_at, asked or "", one.close_reason)
