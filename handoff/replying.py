"""An agent's reply: where it goes, what it says, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from channels.attachments import STORED, Attachment
from channels.conversation import CUSTOMER, Conversation, Message, agent
from channels.customer import Address
from channels.inbound import InboundError, clean_text
from channels.outbox import delivery_of
from handoff.acting import take
from handoff.drafts import Draft
from handoff.files import File
from handoff.finding import Meanwhile, Refused, find, newest_of_customer
from handoff.handoffs import open_handoff
from handoff.hours import load_hours
from handoff.presence import acts
from handoff.sla import set_due
from staff.people import User

LONGEST = 4000
"""Characters of a reply: what every channel can carry."""

LONGEST_KEY = 64


@dataclass(frozen=True)
class Writing:
    """A reply as an agent sends it."""

    text: str
    """Markdown; may be empty when files are sent."""
    channel: str
    seen_seq: int
    """The last message that was on the agent's screen."""
    address_id: str | None = None
    """To which of the customer's addresses in that channel; None: the one they wrote from last."""
    files: Sequence[File] = ()
    key: str = ""
    """The page's own name of this reply: sent again with the same one, it is the same reply."""
    locale: str | None = None
    """The language of the template in which it goes by WhatsApp after its 24 hours; None: the customer's."""


def reply(
    session: Session,
    user: User,
    conversation_id: str,
    writing: Writing,
    now: datetime,
    *,
    anyway: bool = False,
    take_over: bool = False,
) -> Message:
    """Says something to the customer; whoever does so has the conversation from then on.

    `anyway`: although the customer wrote meanwhile; `take_over`: although a colleague has it. Raises NotYours, Taken,
    Meanwhile, NotPossible, Refused.
    """
    conversation = find(session, user, conversation_id)
    address = _address_for(session, conversation, writing)
    if before := _sent_before(session, user, conversation, address, writing.key):
        return before
    text = _text_of(writing)
    newest = newest_of_customer(session, conversation)
    if newest > writing.seen_seq and not anyway:
        raise Meanwhile(newest)
    take(session, user, conversation, now, take_over=take_over)
    acts(session, user.id, now)
    message = _say(session, user, conversation, address, text, writing, now)
    conversation.answered_seq = conversation.last_seq
    conversation.waiting_since = conversation.owed_since = conversation.snoozed_until = None
    handoff = open_handoff(session, conversation.id)
    if handoff and handoff.replied_at is None:
        handoff.replied_at = now
        # Kept, since opening hours change, and a wait that is over does not.
        handoff.reply_open_seconds = 60 * load_hours(session, handoff.team_id).open_minutes(handoff.at, now)
    session.execute(delete(Draft).filter_by(conversation_id=conversation.id, user_id=user.id, is_note=False))
    set_due(session, conversation, now)
    return message


def _sent_before(
    session: Session, user: User, conversation: Conversation, address: Address, key: str
) -> Message | None:
    """The reply that came before under this key, its answer having been lost on the way."""
    if not key:
        return None
    query = select(Message).filter_by(channel=address.channel, provider_id=_name_of(user, key))
    found: Message | None = session.scalars(query.where(Message.conversation_id == conversation.id)).one_or_none()
    return found


def _name_of(user: User, key: str) -> str:
    return f"{agent(user.id)}:{key[:LONGEST_KEY]}"


def _say(
    session: Session,
    user: User,
    conversation: Conversation,
    address: Address,
    text: str,
    writing: Writing,
    now: datetime,
) -> Message:
    extra: dict[str, Any] = {"agent": user.name, "locale": writing.locale or conversation.locale or "en"}
    if writing.files:
        extra["files"] = [one.shown() for one in writing.files]
    message = conversation.say(agent(user.id), address.channel, text, now, address_id=address.id, extra=extra)
    message.provider_id = _name_of(user, writing.key) if writing.key else None
    session.add(message)
    session.flush()
    session.add(delivery_of(message, address.value, now))
    session.add_all(_attachment(message, position, one, now) for position, one in enumerate(writing.files))
    return message


def _attachment(message: Message, position: int, file: File, now: datetime) -> Attachment:
    return Attachment(
        id=file.id,
        message_id=message.id,
        position=position,
        url="",
        content_type=file.content_type,
        state=STORED,
        due_at=now,
        size=len(file.content),
        sha256=file.sha256,
        content=file.content,
    )


def _text_of(writing: Writing) -> str:
    if writing.files and not writing.text.strip():
        return ""
    try:
        return clean_text(writing.text, LONGEST)
    except InboundError as error:
        raise Refused(error.reason) from None


def _address_for(session: Session, conversation: Conversation, writing: Writing) -> Address:
    """Where the reply goes. Raises Refused."""
    theirs = select(Address).where(Address.customer_id == conversation.customer_id, Address.channel == writing.channel)
    if writing.address_id is not None:
        theirs = theirs.where(Address.id == writing.address_id)
    latest = (
        select(Message.address_id)
        .where(Message.conversation_id == conversation.id, Message.channel == writing.channel)
        .where(Message.author == CUSTOMER, Message.address_id.isnot(None))
        .order_by(Message.seq.desc())
        .limit(1)
    )
    found = list(session.scalars(theirs))
    last = session.scalars(latest).first()
    address = next((one for one in found if one.id == last), found[0] if found else None)
    if address is None:
        raise Refused("no_address")
    if address.stopped_at is not None:
        raise Refused("stopped")
    return address
