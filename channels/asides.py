"""What a phone says to the channel and not to the bot: STOP, START and HELP."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from channels.consent import Source, record_consent, stops_since_start
from channels.customer import Address, Customer
from channels.inbound import Aside, Heed, Inbound
from channels.keywords import OptWord, answered_by_carrier, confirmation, opt_word
from channels.names import SMS
from channels.outbox import STOPPED, UNSYNCHRONIZED, Delivery

SILENCE = Aside()


def in_turn(*heeds: Heed) -> Heed:
    """Asks one after the other; the first one that a message is meant for decides."""

    def heed(session: Session, address: Address, inbound: Inbound, now: datetime) -> Aside | None:
        asides = (one(session, address, inbound, now) for one in heeds)
        return next((aside for aside in asides if aside), None)

    return heed


class OptWords:
    """Listens for the words by which customers end, begin again, or ask who writes to them."""

    def __init__(self, company: str, default_locale: str) -> None:
        self._company = company
        self._default_locale = default_locale

    def heed(self, session: Session, address: Address, inbound: Inbound, now: datetime) -> Aside | None:
        """What becomes of a message; None if it is for the bot."""
        has_stopped = address.stopped_at is not None
        word = _word(inbound, has_stopped)
        if word == "stop":
            source: Source = "provider" if inbound.opted else "keyword"
            record_consent(session, address, "stopped", source, inbound.text, now)
            _call_back(session, address)
        elif word == "start" and has_stopped and _can_start(session, address, inbound):
            record_consent(session, address, "started", "keyword", inbound.text, now)
        elif has_stopped:
            return SILENCE
        elif word is None or (word == "start" and inbound.channel != "sms"):
            return None
        if inbound.opted or answered_by_carrier(inbound.text, inbound.channel):
            return SILENCE
        locale = self._locale(session, address)
        return Aside(reply=confirmation(word, locale, self._company), confirms_stop=word == "stop")

    def _locale(self, session: Session, address: Address) -> str:
        known = session.scalars(select(Customer.locale).filter_by(id=address.customer_id)).first()
        return known or self._default_locale


def _word(inbound: Inbound, has_stopped: bool) -> OptWord | None:
    # To the provider every YES is a START; of somebody who has not opted out, it is an answer.
    if inbound.opted and (has_stopped or inbound.opted != "start"):
        return inbound.opted
    return None if inbound.title else opt_word(inbound.text, opted_out=has_stopped)


def _can_start(session: Session, address: Address, inbound: Inbound) -> bool:
    """Whether the word lifts all that holds messages back: what the carrier holds, only a word that it knows lifts."""
    if inbound.channel != SMS or inbound.opted or answered_by_carrier(inbound.text, SMS):
        return True
    return not any(
        stop.source == "provider" or answered_by_carrier(stop.said, SMS) for stop in stops_since_start(session, address)
    )


def _call_back(session: Session, address: Address) -> None:
    """What waits to be sent there is not sent any more."""
    waiting = update(Delivery).where(
        Delivery.state == "pending", Delivery.channel == address.channel, Delivery.address == address.value
    )
    session.execute(waiting.values(state="failed", error=STOPPED, claimed_by=None), execution_options=UNSYNCHRONIZED)
