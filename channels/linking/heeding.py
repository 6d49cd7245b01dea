"""Listens in what phones send for what is about linking: a code from the chat, yes or no, NOT ME."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from channels.customer import Address
from channels.inbound import Aside, Inbound
from channels.linking.redeeming import redeem


def heed_links(session: Session, address: Address, inbound: Inbound, now: datetime) -> Aside | None:
    """What becomes of a message; None if it is not about linking."""
    redeemed = redeem(session, address, inbound.text, now) if inbound.text else None
    if redeemed is None:
        return None
    return Aside(text=redeemed.rest or None, reply=redeemed.sentence, visitor=redeemed.visitor)
