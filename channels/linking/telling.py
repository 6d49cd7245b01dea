"""Says something to a phone that is no answer to what it just wrote: a code, or that it is connected now."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from channels.conversation import BOT
from channels.customer import Address
from channels.inbound import SILENCE, conversation_of
from channels.outbox import delivery_of


def tell_phone(
    session: Session, phone: Address, text: str, locale: str | None, now: datetime, silence: timedelta = SILENCE
) -> None:
    """Puts it into the outbox; nothing, if nothing may be sent there.

    A conversation that is over by `silence` is not renewed by it.
    """
    if phone.stopped_at:
        return
    conversation = conversation_of(session, phone, now, silence)
    session.add(conversation)
    said = conversation.say(BOT, phone.channel, text, now, address_id=phone.id, extra={"locale": locale or "en"})
    session.flush()
    session.add(said)
    session.flush()
    session.add(delivery_of(said, phone.value, now))
