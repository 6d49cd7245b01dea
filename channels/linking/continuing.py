"""Going on by phone: what a chat page needs for it, and what it sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import quote, urlencode

import segno
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, aliased

from channels.addresses import forms, hidden, spaced
from channels.customer import Address, lock_address, unlocked_web_address
from channels.inbound import SILENCE
from channels.linking.codes import VALID, show_code
from channels.linking.telling import tell_phone
from channels.linking.texting import Texting
from channels.linking.words import prefilled
from channels.names import PHONE, SMS, WEB, WHATSAPP
from db import Database

T = TypeVar("T")
QUIET = 4
"""Modules of white around a QR code that a reader needs (ISO/IEC 18004)."""


class RefusedError(Exception):
    """What a page asked for and doesn't get; says why in the customer's language."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True)
class Ways:
    """Our numbers that can be written to; empty: not in that channel."""

    sms: str = ""
    whatsapp: str = ""
    page: str = ""
    """The address of the page with phones to try it, where there are no real ones."""

    def number(self, channel: object) -> str:
        return {SMS: self.sms, WHATSAPP: self.whatsapp}.get(channel, "") if isinstance(channel, str) else ""

    @property
    def config(self) -> dict[str, str | None] | None:
        """What the chat is told; None if there is no way."""
        numbers = {SMS: self.sms or None, WHATSAPP: self.whatsapp or None}
        return numbers if any(numbers.values()) else None


@dataclass(frozen=True)
class Drawing:
    """A QR code, dark on light, as the path of an SVG whose unit is one module."""

    size: int
    """Of the square, the quiet zone included."""
    path: str


@dataclass(frozen=True)
class Offer:
    link: str
    qr: Drawing
    code: str
    number: str
    """Ours, in groups."""
    minutes: int


class Continuing:
    def __init__(self, database: Database, ways: Ways, texting: Texting, silence: timedelta = SILENCE) -> None:
        self.ways = ways
        self._database = database
        self._texting = texting
        self._silence = silence

    def offer(self, visitor: str, channel: str, locale: str | None, now: datetime) -> Offer:
        """A link for the visitor's phone with a code that works once. `channel` must be one of the ways."""

        def show(session: Session, web: Address) -> str:
            return show_code(session, lock_address(session, web), now, locale)

        code = self._with(visitor, now, show)
        number = self.ways.number(channel)
        link = deep_link(channel, number, prefilled(code, locale), self.ways.page)
        return Offer(link, draw(link), code, spaced(number), VALID.seconds // 60)

    def text_code(
        self, visitor: str, number: object, network_address: str, locale: str | None, host: str | None, now: datetime
    ) -> None:
        """Has a code texted. Raises RefusedError."""

        def send(session: Session, web: Address) -> tuple[str, str] | None:
            texted = self._texting.send(session, web, number, network_address, now, locale, host)
            if texted.phone:
                tell_phone(session, texted.phone, texted.sentence, locale, now, self._silence)
            return (texted.refusal, texted.sentence) if texted.refusal else None

        refused = self._with(visitor, now, send)
        if refused:
            raise RefusedError(*refused)

    def check_code(self, visitor: str, typed: object, locale: str | None, now: datetime) -> None:
        """Connects the phone that the code was sent to, which is told so. Raises RefusedError."""

        def check(session: Session, web: Address) -> tuple[str, str] | None:
            result = self._texting.check(session, web, typed, now, locale)
            if result.phone:
                tell_phone(session, result.phone, result.sentence, locale, now, self._silence)
            return (result.mistake, result.sentence) if result.mistake else None

        # Not raised in there: the attempt must be counted.
        refused = self._with(visitor, now, check)
        if refused:
            raise RefusedError(*refused)

    def connected(self, visitor: str) -> list[str]:
        """The visitor's phones, as they may stand on a screen."""
        web = aliased(Address)
        query = (
            select(Address.value)
            .join(web, web.customer_id == Address.customer_id)
            .where(web.channel == WEB, web.value == visitor, Address.channel.in_(PHONE), Address.verified)
            .order_by(Address.value)
            .distinct()
        )
        with self._database.reading() as session:
            return [hidden(number) for number in {forms(one): one for one in session.scalars(query)}.values()]

    def _with(self, visitor: str, now: datetime, act: Callable[[Session, Address], T]) -> T:
        """Does it once: what is done twice, such as counting an attempt, was rolled back the first time."""
        try:
            with self._database.transaction() as session:
                return act(session, unlocked_web_address(session, visitor, now))
        except (IntegrityError, OperationalError):
            # Another tab of the same new visitor was quicker; or two who change the same customers waited for each
            # other, and PostgreSQL has sent us away.
            with self._database.transaction() as session:
                return act(session, unlocked_web_address(session, visitor, now))


def deep_link(channel: str, number: str, text: str, page: str = "") -> str:
    """What opens the phone's messenger with a text ready to be sent; with `page`, that page instead."""
    if page:
        return f"{page}?{urlencode({'channel': channel, 'to': number, 'text': text})}"
    if channel == WHATSAPP:
        # https://faq.whatsapp.com/5913398998672934: the number without +, zeros or brackets.
        return f"https://wa.me/{number.removeprefix('+')}?text={quote(text)}"
    # RFC 5724 says `?body=`, and Android keeps to it; iOS reads `&body=`. This is both: an empty field comes first.
    return f"sms:{number}?&body={quote(text)}"


def draw(link: str) -> Drawing:
    # On a screen nothing is worn off: the lowest level of correction has the largest modules.
    rows = segno.make_qr(link, error="l", boost_error=False).matrix
    path = "".join(_row(row, y + QUIET) for y, row in enumerate(rows))
    return Drawing(len(rows) + 2 * QUIET, path)


def _row(row: bytearray, y: int) -> str:
    """One row of modules: a bar for each run of dark ones."""
    runs: list[str] = []
    start = None
    for x, is_dark in enumerate([*row, 0]):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            runs.append(f"M{start + QUIET} {y}h{x - start}v1h-{x - start}z")
            start = None
    return "".join(runs)
