"""A code texted to a phone and typed in the chat: that the visitor can read it proves that the phone is theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Literal

from limits import RateLimitItem
from limits.storage import Storage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy.orm import Session

from channels.addresses import phone_number, region_of
from channels.customer import Address, find_address, lock_address, phone_address
from channels.linking.codes import VALID, LinkCode, digits_digest, latest_texted, text_code, try_once, use
from channels.linking.merging import IdentitiesDisagree
from channels.linking.redeeming import link
from channels.linking.words import sentence
from channels.names import SMS

TRIES = 5
SMS_CHARS = 160
Refusal = Literal["no_number", "no_country", "stopped", "too_many_codes"]
Mistake = Literal["no_code", "wrong", "expired", "too_many_tries", "refused"]


@dataclass(frozen=True)
class CodeRules:
    key: str
    """The secret of the installation."""
    company: str
    region: str | None
    """Where numbers without a country code are from."""
    countries: tuple[str, ...]
    """The only countries whose numbers get codes; empty: all. Texts to far countries are what fraud lives on."""
    per_number: RateLimitItem
    per_visitor: RateLimitItem
    per_network_address: RateLimitItem
    in_all: RateLimitItem
    valid: timedelta = VALID


@dataclass(frozen=True)
class Texted:
    """A code to send: what, and where to; or why none is sent."""

    refusal: Refusal | None
    sentence: str
    """Of the refusal, or of the message."""
    phone: Address | None = None


@dataclass(frozen=True)
class Typed:
    """What came of typing a code."""

    mistake: Mistake | None
    sentence: str
    """Of the mistake, or what the phone is told: that it is connected, and how to undo it."""
    phone: Address | None = None
    """The phone that is connected now."""


class Texting:
    def __init__(self, rules: CodeRules, counters: Storage) -> None:
        self._rules = rules
        self._counters = counters  # The limiter itself holds it only weakly.
        self._limiter = MovingWindowRateLimiter(counters)

    def send(
        self,
        session: Session,
        web_address: Address,
        number: object,
        network_address: str,
        now: datetime,
        locale: str | None,
        host: str | None = None,
    ) -> Texted:
        """A code for the phone with this number, as somebody typed it; the caller sends it.

        `host` is that of the page where it will be typed: phones then offer to fill it in.
        """
        known = phone_number(number, self._rules.region) if isinstance(number, str) else None
        refusal = self._refusal(session, known, web_address, network_address)
        if refusal or known is None:
            return Texted(refusal, sentence(refusal or "no_number", locale))
        phone = phone_address(session, SMS, known, now)
        lock_address(session, web_address)
        digits = text_code(session, web_address, phone, self._rules.key, now, locale, self._rules.valid)
        return Texted(None, self._message(digits, locale, host), phone)

    def check(self, session: Session, web_address: Address, typed: object, now: datetime, locale: str | None) -> Typed:
        """Links the phone if these are the digits that were sent to it. The session must be committed in any case."""
        code, phone = self._lock(session, web_address)
        mistake = self._mistake(session, code, typed, now)
        if mistake is None and phone is not None:
            mistake = _link(session, web_address, phone, now)
        if mistake:
            return Typed(mistake, sentence(mistake, locale))
        return Typed(None, sentence("linked", locale), phone)

    def _refusal(
        self, session: Session, number: str | None, web_address: Address, network_address: str
    ) -> Refusal | None:
        if number is None:
            return "no_number"
        if self._rules.countries and region_of(number) not in self._rules.countries:
            return "no_country"
        phone = find_address(session, SMS, number)
        if phone and phone.stopped_at:
            return "stopped"
        return None if self._count(number, web_address, network_address) else "too_many_codes"

    def _count(self, number: str, web_address: Address, network_address: str) -> bool:
        rules = self._rules
        counted = (
            (rules.per_visitor, "visitor", web_address.id),
            (rules.per_network_address, "network", network_address),
            (rules.per_number, "number", number),
            (rules.in_all, "all", ""),
        )
        return all(self._limiter.hit(limit, "text-code", kind, who) for limit, kind, who in counted)

    def _message(self, digits: str, locale: str | None, host: str | None) -> str:
        text = sentence("text", locale, code=digits, company=self._rules.company)
        # The form that phones read, last in the message: https://wicg.github.io/sms-one-time-codes/
        bound = f"{text}\n\n@{host} #{digits}" if host else text
        return bound if len(bound) <= SMS_CHARS else text

    def _lock(self, session: Session, web_address: Address) -> tuple[LinkCode | None, Address | None]:
        """The phone is locked before the visitor, as `receive` does when a phone sends a code."""
        code = latest_texted(session, web_address)
        phone = session.get(Address, code.sent_to) if code else None
        for address in filter(None, (phone, web_address)):
            lock_address(session, address)
        if code:
            session.refresh(code)
        return code, phone

    def _mistake(self, session: Session, code: LinkCode | None, typed: object, now: datetime) -> Mistake | None:
        if code is None or code.used_at:
            return "no_code"
        if code.expires_at <= now:
            return "expired"
        if not try_once(session, code, now, TRIES):
            return "too_many_tries"
        digits = re.sub(r"[\s-]", "", typed)[:20] if isinstance(typed, str) else ""
        if not compare_digest(digits_digest(self._rules.key, code.id, digits), code.digest):
            return "wrong" if code.attempts < TRIES else "too_many_tries"
        return None if use(session, code, now) else "no_code"


def _link(session: Session, web_address: Address, phone: Address, now: datetime) -> Mistake | None:
    try:
        link(session, web_address, phone, "texted", now)
    except IdentitiesDisagree:
        return "refused"
    return None
