"""One-time codes that prove whose a phone is: shown in the chat and sent from the phone, or texted and then typed.

A code that is shown is long, for it can be sent from any phone; one that is texted is short, for it is typed.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import choice
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import ForeignKey, Integer, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session
from sqlalchemy.sql import Select

from channels.conversation import BOT, Message
from channels.customer import Address
from db import Base, UTCDateTime, column

Kind = Literal["shown", "texted", "wrong"]
SHOWN: Kind = "shown"
TEXTED: Kind = "texted"
WRONG: Kind = "wrong"
VALID = timedelta(minutes=10)
LETTERS = "23456789bcdfghjkmnpqrstvwxz"
"""None is mistaken for another one, and without vowels they make no word."""
HALF = 5
"""Two halves: 27^10 codes, 47 bits."""
GUESSES, GUESSING = 10, timedelta(hours=1)
"""After so many wrong codes from one phone in this time its codes are ignored."""

UNSYNCHRONIZED = {"synchronize_session": False}
_DIGITS = re.compile(r"(?<!\d)\d{6}(?!\d)")
_CODE = re.compile(rf"(?<!\w)[{LETTERS}](?:[\s.–-]?[{LETTERS}]){{{2 * HALF - 1}}}(?!\w)", re.IGNORECASE)


class LinkCode(Base):
    """A code shown to a web visitor, who sends it from their phone, or texted to a phone, to be typed in the chat."""

    __tablename__ = "link_code"

    id: Mapped[str] = column(String(36), primary_key=True, default=lambda: str(uuid4()))
    address_id: Mapped[str] = column(ForeignKey("address.id"), index=True)
    """The web address that asked for it; of a wrong one, the phone's address it came from."""
    kind: Mapped[str] = column(String(8))
    """`shown` in the chat, `texted` to a phone, or `wrong`: a guess."""
    digest: Mapped[str] = column(String(64), index=True)
    locale: Mapped[str | None] = column(String(8), nullable=True)
    """The language of the page that asked for it."""
    sent_to: Mapped[str | None] = column(ForeignKey("address.id"), nullable=True, index=True)
    """The phone's address it was texted to."""
    asked_id: Mapped[str | None] = column(ForeignKey("address.id"), nullable=True, index=True)
    """The phone's address that sent it and has still to say yes."""
    attempts: Mapped[int] = column(Integer, default=0)
    created_at: Mapped[datetime] = column(UTCDateTime)
    expires_at: Mapped[datetime] = column(UTCDateTime)
    used_at: Mapped[datetime | None] = column(UTCDateTime, nullable=True)


def show_code(
    session: Session, web_address: Address, now: datetime, locale: str | None = None, valid: timedelta = VALID
) -> str:
    """A new code, as it is shown: `k7m3x-9qxt4`. The ones shown to this visitor before are dead."""
    _kill(session, web_address, SHOWN, now)
    letters = "".join(choice(LETTERS) for _ in range(2 * HALF))
    code = LinkCode(
        address_id=web_address.id,
        kind=SHOWN,
        digest=_digest(letters),
        locale=locale,
        created_at=now,
        expires_at=now + valid,
    )
    session.add(code)
    session.flush()
    return f"{letters[:HALF]}-{letters[HALF:]}"


def text_code(
    session: Session,
    web_address: Address,
    phone: Address,
    key: str,
    now: datetime,
    locale: str | None = None,
    valid: timedelta = VALID,
) -> str:
    """New digits for this phone, to be typed in the chat; the visitor's earlier ones are dead.

    The digest is keyed by `key`, the secret of the installation: a million codes are soon tried on a copied database.
    """
    _kill(session, web_address, TEXTED, now)
    digits = "".join(choice("0123456789") for _ in range(6))
    code = LinkCode(
        id=str(uuid4()),
        address_id=web_address.id,
        kind=TEXTED,
        locale=locale,
        sent_to=phone.id,
        created_at=now,
        expires_at=now + valid,
    )
    code.digest = digits_digest(key, code.id, digits)
    session.add(code)
    session.flush()
    return digits


def find_texts(text: str) -> list[str]:
    """What in a message looks like a code, as it stands there."""
    return [found.group() for found in _CODE.finditer(text)][:3]


def find_shown(session: Session, written: str) -> LinkCode | None:
    """The code somebody wrote, valid or not."""
    letters = re.sub(r"[^a-z0-9]", "", written.lower())
    return session.scalars(select(LinkCode).filter_by(kind=SHOWN, digest=_digest(letters))).first()


def latest_texted(session: Session, web_address: Address) -> LinkCode | None:
    query = select(LinkCode).filter_by(kind=TEXTED, address_id=web_address.id).order_by(LinkCode.created_at.desc())
    return session.scalars(query.limit(1)).first()


def open_question(session: Session, phone: Address, now: datetime) -> LinkCode | None:
    """The code this phone sent and has still to say yes to."""
    query = select(LinkCode).filter_by(asked_id=phone.id, used_at=None).where(LinkCode.expires_at > now)
    return session.scalars(query.order_by(LinkCode.created_at.desc()).limit(1)).first()


def use(session: Session, code: LinkCode, now: datetime) -> bool:
    """Uses a code up; False if somebody else was quicker."""
    return _changed(session, code, now, used_at=now)


def ask_first(session: Session, code: LinkCode, phone: Address, now: datetime, valid: timedelta = VALID) -> bool:
    """Keeps a code for this phone until it says yes; False if somebody else was quicker."""
    return _changed(session, code, now, LinkCode.asked_id.is_(None), asked_id=phone.id, expires_at=now + valid)


def try_once(session: Session, code: LinkCode, now: datetime, tries: int) -> bool:
    """Counts an attempt; False if there is none left."""
    return _changed(session, code, now, LinkCode.attempts < tries, attempts=LinkCode.attempts + 1)


def count_wrong(session: Session, phone: Address, written: str, now: datetime) -> None:
    session.add(
        LinkCode(address_id=phone.id, kind=WRONG, digest=_digest(written), created_at=now, expires_at=now + GUESSING)
    )
    session.flush()


def is_guessing(session: Session, phone: Address, now: datetime) -> bool:
    recent = select(func.count()).select_from(LinkCode).filter_by(address_id=phone.id, kind=WRONG)
    return int(session.scalar(recent.where(LinkCode.expires_at > now)) or 0) >= GUESSES


def forget_codes(session: Session, now: datetime, kept: timedelta = timedelta(days=1)) -> None:
    """Deletes what is of no use any more; a day long, somebody who sends an old code is told that it is old.

    What was texted stays in the conversation, without the digits.
    """
    for message in session.scalars(_expired_texts(now)):
        message.text = _DIGITS.sub("······", message.text)
    session.execute(delete(LinkCode).where(LinkCode.expires_at < now - kept), execution_options=UNSYNCHRONIZED)


def _expired_texts(now: datetime) -> Select:
    """The messages in which codes were texted: to that phone, at that moment."""
    query = select(Message).join(LinkCode, LinkCode.sent_to == Message.address_id)
    return query.where(Message.created_at == LinkCode.created_at, Message.author == BOT, LinkCode.expires_at <= now)


def digits_digest(key: str, code_id: str, digits: str) -> str:
    return hmac.new(key.encode(), f"link-code:{code_id}:{digits}".encode(), sha256).hexdigest()


def _digest(letters: str) -> str:
    return sha256(letters.encode()).hexdigest()


def _kill(session: Session, web_address: Address, kind: Kind, now: datetime) -> None:
    live = update(LinkCode).where(
        LinkCode.address_id == web_address.id, LinkCode.kind == kind, LinkCode.used_at.is_(None)
    )
    session.execute(live.where(LinkCode.asked_id.is_(None)).values(used_at=now), execution_options=UNSYNCHRONIZED)


def _changed(session: Session, code: LinkCode, now: datetime, *conditions: Any, **values: Any) -> bool:
    """Changes a code that can still be used; of two at the same moment, one succeeds."""
    usable = update(LinkCode).where(LinkCode.id == code.id, LinkCode.used_at.is_(None), LinkCode.expires_at > now)
    done: Any = session.execute(usable.where(*conditions).values(**values), execution_options=UNSYNCHRONIZED)
    session.refresh(code)
    return bool(done.rowcount)
