"""A message on its way in: cleaned, checked, and stored before anything else happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from channels.attachments import Attached, Attachment, kind_of
from channels.conversation import BOT, CUSTOMER, Conversation, Message, lock_customers, open_conversation_of
from channels.customer import Address, Customer, phone_address, web_address
from channels.linking.merging import latest_seen
from channels.names import PHONE
from channels.outbox import delivery_of
from db import Database

# Everything a terminal or a database would trip over; line breaks and tabs stay.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
SENDS_ATTACHMENT = "/sends_attachment"
"""What the bot is told when somebody sends a picture, a document or a place without a word."""


@dataclass(frozen=True)
class Inbound:
    """What a channel hands over, its sender already verified."""

    channel: str
    address: str
    text: str
    """May be empty when something is attached, or when a phone sends what can't be shown."""
    provider_id: str
    """The provider's id of this message: a second one with the same id is the same message."""
    locale: str | None = None
    title: str | None = None
    """What stands on the button that sent the text, where the channel itself shows the button."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the channel knows beside the text (`Message.extra`): `reading`, `page`, `consent`, `location`."""
    sender: str | None = None
    """Our number that was written to."""
    name: str | None = None
    """The customer's, as the channel tells it."""
    attached: tuple[Attached, ...] = ()
    opted: Literal["stop", "start", "help"] | None = None
    """Such a word, if the provider itself has understood and answered it."""


@dataclass(frozen=True)
class Received:
    conversation_id: str
    message_id: str
    seq: int
    is_new: bool
    """False when the same message had come before; nothing was stored this time."""
    visitor: str | None = None
    """Whose chat pages must look again, beside those of the conversation: the phone was connected or parted."""
    has_reply: bool = False
    """Whether something was said to it at once, without a turn, which now waits to be sent."""
    is_silent: bool = False
    """Whether it is kept and no turn answers it."""


@dataclass(frozen=True)
class Aside:
    """What becomes of a message that is not, or not only, for the bot."""

    text: str | None = None
    """What remains for the bot to read; None: the bot stays silent."""
    reply: str = ""
    """What is said at once, by the channel itself."""
    confirms_stop: bool = False
    """The reply goes out although they want none: it says that there will be none."""
    visitor: str | None = None
    """Whose chat pages must look again."""


Heed = Callable[[Session, Address, Inbound, datetime], Aside | None]
"""Looks whether a message is meant for the channel itself: STOP, a one-time code. None: it is for the bot."""


@dataclass(frozen=True)
class Belonging:
    """A conversation that has ended, and in which a message still has its place."""

    conversation_id: str | None
    """None: in none that has ended; what is known of it goes with it into the open one, or into a new one."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Kept with the message (`Message.extra`)."""
    is_silent: bool = False
    """Whether the bot has nothing more to say to it."""
    reply: str = ""
    """What is said to it at once, if the bot has not."""


Belongs = Callable[[Session, Address, Inbound, datetime], Belonging | None]
"""Looks whether a message answers what was asked when a conversation ended. If so, the customer is locked
(`lock_customers`). None: it opens a conversation, or goes on with the open one."""

Stored = Callable[[Session, Message, datetime], None]
"""What follows on a new message in its own transaction: whatever dies after that, both are there or neither."""

SILENCE = timedelta(hours=72)
_BLOCKED = select(Customer.id).where(Customer.id == bindparam("customer"), Customer.blocked_at.isnot(None))


@dataclass(frozen=True)
class Rules:
    silence: timedelta = SILENCE
    """A conversation in which nothing was said for so long is over; the next message begins another one."""
    heed: Heed = lambda _session, _address, _inbound, _now: None
    belongs: Belongs = lambda _session, _address, _inbound, _now: None
    stored: Stored = lambda _session, _message, _now: None


class InboundError(Exception):
    """A message that can't be taken. `reason` is `empty`, `too_long` or `not_text`."""

    def __init__(self, reason: str, limit: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


def clean_text(text: object, max_chars: int) -> str:
    """The text without control characters and outer white space, its lines ended by `\\n`. Raises InboundError."""
    if not isinstance(text, str):
        raise InboundError("not_text")
    # A form sends each line's end as two characters.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > max_chars:
        raise InboundError("too_long", max_chars)
    cleaned = CONTROL.sub("", text).strip()
    if not cleaned:
        raise InboundError("empty")
    return cleaned


def receive(database: Database, inbound: Inbound, now: datetime, rules: Rules = Rules()) -> Received:
    """Stores a message in one transaction; when it returns, the message will be answered.

    The same provider id again is a no-op, also when both arrive at the same moment.
    """
    try:
        with database.transaction(first=True) as session:
            return _store(session, inbound, now, rules)
    except (IntegrityError, OperationalError):
        # The same message again; or somebody stored the same new customer between our look and our write; or two who
        # change the same customers waited for each other, and PostgreSQL has sent us away.
        with database.transaction() as session:
            return _find_received(session, inbound) or _store(session, inbound, now, rules)


def _find_received(session: Session, inbound: Inbound) -> Received | None:
    query = select(Message).filter_by(channel=inbound.channel, provider_id=_unique_id(inbound))
    message = session.scalars(query).one_or_none()
    if message is None:
        return None
    return Received(message.conversation_id, message.id, message.seq, is_new=False, is_silent=message.is_silent)


def _unique_id(inbound: Inbound) -> str:
    # The sender is part of it: nobody can block or probe another's message by guessing its id.
    return f"{inbound.address}:{inbound.provider_id}"


def _store(session: Session, inbound: Inbound, now: datetime, rules: Rules) -> Received:
    is_phone = inbound.channel in PHONE
    if is_phone and (before := _find_received(session, inbound)):
        # What a phone says may change something, such as consent: not even for a moment twice.
        return before
    address = _address_of(session, inbound, now)
    aside = rules.heed(session, address, inbound, now) if is_phone else None
    is_stranger = address.is_new and not is_phone
    belonging = None if aside or is_stranger else rules.belongs(session, address, inbound, now)
    ended = belonging.conversation_id if belonging else None
    conversation = _ended(session, ended) if ended else conversation_of(session, address, now, rules.silence)
    _take_name(session, address, inbound.name)
    if conversation.locale is None:
        conversation.locale = inbound.locale or _locale_of(session, conversation)
    session.add(conversation)
    message = _said(session, conversation, address, inbound, aside, now)
    if belonging:
        message.extra = message.extra | belonging.facts
        message.is_silent = message.is_silent or belonging.is_silent
    is_blocked = _is_blocked(session, address)
    message.is_silent = message.is_silent or is_blocked
    if conversation.waiting_since is None and not message.is_silent:
        conversation.waiting_since = now
    # The conversation's row comes first: the message points at it.
    session.flush()
    session.add(message)
    session.flush()
    session.add_all(_attachments(message, inbound, now))
    rules.stored(session, message, now)
    reply = aside.reply if aside else belonging.reply if belonging and not is_blocked else ""
    if reply:
        _reply(session, conversation, address, reply, now, confirms_stop=aside is not None and aside.confirms_stop)
    return Received(
        conversation.id,
        message.id,
        message.seq,
        is_new=True,
        visitor=aside.visitor if aside else None,
        has_reply=bool(reply),
        is_silent=message.is_silent,
    )


def _address_of(session: Session, inbound: Inbound, now: datetime) -> Address:
    if inbound.channel not in PHONE:
        return web_address(session, inbound.address, now)
    address = phone_address(session, inbound.channel, inbound.address, now, inbound.name)
    address.verified, address.heard_at, address.sender = True, now, inbound.sender
    return address


def _ended(session: Session, conversation_id: str) -> Conversation:
    query = select(Conversation).filter_by(id=conversation_id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one()


def _take_name(session: Session, address: Address, name: str | None) -> None:
    """Keeps what a customer is called whose name was not known yet. Their conversation must be locked."""
    customer = session.get(Customer, address.customer_id) if name else None
    if customer and not customer.name:
        customer.name = name


def conversation_of(session: Session, address: Address, now: datetime, silence: timedelta) -> Conversation:
    """The open conversation of whoever has this address; a new one, if that is over by silence, or there is none."""
    if address.channel not in PHONE and address.is_new:
        # A new visitor is a new customer, too: there is nothing to go on with.
        return Conversation(customer_id=address.customer_id, opened_at=now)
    # Two messages at one moment, from two addresses of one customer, open one.
    lock_customers(session, address.customer_id)
    conversation = open_conversation_of(session, address.customer_id)
    if conversation and _is_over(conversation, now, silence):
        conversation.close("silence", now)
        conversation = None
    if conversation is None:
        conversation = Conversation(customer_id=address.customer_id, opened_at=now)
        conversation.previous_id = latest_seen(session, address.channel, address.value)
    return conversation


def _is_blocked(session: Session, address: Address) -> bool:
    """Whether nobody is to answer them."""
    if address.is_new:
        return False
    return session.scalars(_BLOCKED, {"customer": address.customer_id}).first() is not None


def _is_over(conversation: Conversation, now: datetime, silence: timedelta) -> bool:
    last = conversation.last_at or conversation.opened_at
    return conversation.owner == BOT and conversation.waiting_since is None and now - last > silence


def _locale_of(session: Session, conversation: Conversation) -> str | None:
    """The language the customer was answered in before; a new customer has none."""
    if conversation.previous_id is None:
        return None
    found: str | None = session.scalars(select(Customer.locale).filter_by(id=conversation.customer_id)).first()
    return found


def _said(
    session: Session, conversation: Conversation, address: Address, inbound: Inbound, aside: Aside | None, now: datetime
) -> Message:
    text, title = inbound.text, inbound.title or _title_of_button(session, conversation, inbound.text)
    if aside and aside.text is not None:
        text, title = aside.text, None
    elif inbound.attached and not text:
        text, title = SENDS_ATTACHMENT, ""
    message = conversation.say(CUSTOMER, inbound.channel, text if title is None else title, now, address_id=address.id)
    message.payload = None if title is None else text
    message.is_silent = (aside is not None and aside.text is None) or not (text or title)
    message.provider_id = _unique_id(inbound)
    message.extra = inbound.facts | _kinds(inbound)
    return message


def _kinds(inbound: Inbound) -> dict[str, Any]:
    kinds = [{"kind": kind_of(one.content_type)} for one in inbound.attached]
    if "location" in inbound.facts:
        kinds.append({"kind": "location"})
    return {"attachments": kinds} if kinds else {}


def _attachments(message: Message, inbound: Inbound, now: datetime) -> list[Attachment]:
    return [
        Attachment(message_id=message.id, position=position, url=one.url, content_type=one.content_type, due_at=now)
        for position, one in enumerate(inbound.attached)
    ]


def _reply(
    session: Session, conversation: Conversation, address: Address, text: str, now: datetime, *, confirms_stop: bool
) -> None:
    said = conversation.say(BOT, address.channel, text, now, address_id=address.id)
    session.add(said)
    session.flush()
    delivery = delivery_of(said, address.value, now)
    delivery.confirms_stop = confirms_stop
    session.add(delivery)


def _title_of_button(session: Session, conversation: Conversation, text: str) -> str | None:
    """What stood on the button that sends this text; None if the bot offered no such button lately."""
    if not text.startswith("/"):
        return None
    query = select(Message).filter_by(conversation_id=conversation.id, author=BOT).order_by(Message.seq.desc())
    offered = (button for message in session.scalars(query.limit(10)) for button in message.extra.get("buttons", []))
    return next((str(button["title"]) for button in offered if button["payload"] == text), None)
