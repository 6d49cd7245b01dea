"""What a phone says about linking: a code from the chat, the answer whether that was them, or that it was not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.conversation import CUSTOMER, Conversation, Message
from channels.customer import Address, customer_of, lock_address
from channels.linking.codes import (
    LinkCode,
    ask_first,
    count_wrong,
    find_shown,
    find_texts,
    is_guessing,
    open_question,
    use,
)
from channels.linking.merging import IdentitiesDisagree, Merge, Proof, merge
from channels.linking.parting import CannotUndo, undo
from channels.linking.words import NO, NOT_ME, PREFILLED, YES, plain, sentence
from channels.names import SITE, WEB

Outcome = Literal["linked", "confirm", "refused", "stale", "declined", "undone", "cant_undo"]

INTRODUCED = r"(?:\b(?:my|the|mein|der)\s+)?\bcode(?:\s+(?:is|ist))?\s*:?\s*"


@dataclass(frozen=True)
class Redeemed:
    """What came of a message that is about linking."""

    outcome: Outcome
    sentence: str
    """What the phone is told, in the customer's language."""
    rest: str = ""
    """What else was written; an ordinary message of its own, if it is not empty."""
    locale: str | None = None
    visitor: str | None = None
    """Whose page in the web is to be told (`Address.value`); None if nothing changed for them."""


def redeem(session: Session, phone: Address, text: str, now: datetime) -> Redeemed | None:
    """Takes note of what `text`, just received at `phone`, says about linking; None if it says nothing about it.

    The row of `phone` must be locked. An answer to a question is asked of whoever is asked, and nobody else.
    """
    question = open_question(session, phone, now)
    # Of somebody who has opted out, a yes means START.
    if question and plain(text) in YES and not phone.stopped_at:
        return _confirmed(session, question, phone, now)
    if question:
        use(session, question, now)
    if question and plain(text) in NO:
        return _said("declined", question.locale)
    if plain(text) in NOT_ME:
        return _not_me(session, phone, now)
    return _with_code(session, phone, text, now)


def _with_code(session: Session, phone: Address, text: str, now: datetime) -> Redeemed | None:
    written = find_texts(text)
    if not written or is_guessing(session, phone, now):
        return None
    found = [(one, find_shown(session, one)) for one in written]
    known = next(((one, code) for one, code in found if code), None)
    if known is None:
        count_wrong(session, phone, written[0], now)
        return None
    said, code = known
    return _take(session, code, phone, _rest(text, said), now)


def _take(session: Session, code: LinkCode, phone: Address, rest: str, now: datetime) -> Redeemed:
    web = _lock_visitor(session, code)
    is_same = web.customer_id == phone.customer_id
    asks = not is_same and has_history(session, phone.customer_id)
    if code.asked_id or not (ask_first(session, code, phone, now) if asks else use(session, code, now)):
        count_wrong(session, phone, code.id, now)
        return _said("stale", code.locale, rest)
    if is_same:
        return Redeemed("linked", sentence("already", code.locale), rest, code.locale, web.value)
    if asks:
        return _said("confirm", code.locale, rest)
    return _link(session, code, web, phone, rest, now)


def _confirmed(session: Session, question: LinkCode, phone: Address, now: datetime) -> Redeemed | None:
    web = _lock_visitor(session, question)
    if not use(session, question, now):
        return _said("stale", question.locale)
    return _link(session, question, web, phone, "", now)


def _link(session: Session, code: LinkCode, web: Address, phone: Address, rest: str, now: datetime) -> Redeemed:
    try:
        link(session, web, phone, "shown", now)
    except IdentitiesDisagree:
        return _said("refused", code.locale, rest)
    return Redeemed("linked", sentence("linked", code.locale), rest, code.locale, web.value)


def link(session: Session, web: Address, phone: Address, proof: Proof, now: datetime) -> Merge | None:
    """Makes the visitor and the owner of the phone one customer; None if they are. Raises IdentitiesDisagree.

    The visitor's conversation goes on. What the phone's owner had open is closed, also if the visitor has said nothing
    yet: it would otherwise be shown in the chat.
    """
    merged = None
    if web.customer_id != phone.customer_id:
        merged = merge(session, customer_of(session, web), customer_of(session, phone), proof, now)
    phone.verified = True
    return merged


def has_history(session: Session, customer_id: str) -> bool:
    """Whether they have said anything, or are known elsewhere: then others could read or write in their name."""
    said = (
        select(Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.customer_id == customer_id, Message.author == CUSTOMER, Message.is_silent.is_(False))
    )
    elsewhere = select(Address.id).filter_by(customer_id=customer_id).where(Address.channel.in_((WEB, SITE)))
    return any(session.scalars(query.limit(1)).first() for query in (said, elsewhere))


def _not_me(session: Session, phone: Address, now: datetime) -> Redeemed | None:
    """Undoes the latest joining of this phone; None if there is none, then it is an ordinary message."""
    joined = select(Merge).filter_by(kept_id=phone.customer_id, undone_at=None).order_by(Merge.at.desc())
    merges = (one for one in session.scalars(joined) if one.proof in ("shown", "texted"))
    latest = next((one for one in merges if phone.id in one.moved["addresses"]), None)
    if latest is None:
        return None
    locale = _locale(session, phone)
    visitor = _visitor(session, latest)
    try:
        undo(session, latest, now)
    except CannotUndo:
        return _said("cant_undo", locale)
    return Redeemed("undone", sentence("undone", locale), locale=locale, visitor=visitor)


def _visitor(session: Session, merged: Merge) -> str | None:
    query = select(Address.value).where(Address.id.in_(merged.moved["kept_addresses"]), Address.channel == WEB)
    return session.scalars(query).first()


def _lock_visitor(session: Session, code: LinkCode) -> Address:
    """The visitor's address, locked before the code is: whoever shows them a new one does so, too."""
    return lock_address(session, session.scalars(select(Address).filter_by(id=code.address_id)).one())


def _locale(session: Session, phone: Address) -> str | None:
    return customer_of(session, phone).locale


def _said(outcome: Outcome, locale: str | None, rest: str = "") -> Redeemed:
    return Redeemed(outcome, sentence(outcome, locale), rest, locale)


def _rest(text: str, written: str) -> str:
    """The text without the code and without what the link wrote around it."""
    for prefilled in PREFILLED.values():
        words = (re.escape(word) for word in prefilled.format(code=written).split(" "))
        text = re.sub(r"\s*".join(words), "", text, flags=re.IGNORECASE)
    rest = re.sub(rf"(?:{INTRODUCED})?{re.escape(written)}", "", text, flags=re.IGNORECASE)
    return rest.strip(" \t\n.,;:!-")
