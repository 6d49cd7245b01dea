"""Listens in what phones send for what is about linking: a code from the chat, yes or no, NOT ME."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from channels.customer import Address
from channels.inbound import Aside, Inbound
from channels.linking.redeeming import redeem
from channels.linking.words import NO, NOT_ME, plain


def heed_links(session: Session, address: Address, inbound: Inbound, now: datetime) -> Aside | None:
    """What becomes of a message; None if it is not about linking."""
    redeemed = redeem(session, address, inbound.text, now) if inbound.text else None
    if redeemed is None:
        return None
    return Aside(text=redeemed.rest or None, reply=redeemed.sentence, visitor=redeemed.visitor)


def heed_alarm(session: Session, address: Address, inbound: Inbound, now: datetime) -> Aside | None:
    """What somebody who wants no more messages can still say: that this was not them. None if it is anything else.

    It is done, and nothing is said about it: they have asked for that.
    """
    if address.stopped_at is None or plain(inbound.text) not in NOT_ME | NO:
        return None
    redeemed = redeem(session, address, inbound.text, now)
    return Aside(visitor=redeemed.visitor) if redeemed else None
