"""The company's own site tells who a visitor is: a signed token (JWT), checked before anything in it is believed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.addresses import phone_number
from channels.conversation import Conversation
from channels.customer import Address, Customer, customer_of, find_address, phone_address
from channels.linking.merging import IdentitiesDisagree, merge
from channels.linking.redeeming import link
from channels.names import SITE, SMS
from knowledge.locales import known_locale

LONGEST = 4096
"""Characters of a token."""
LIFETIME = timedelta(hours=24)
CLOCKS = timedelta(seconds=60)
"""How far apart the clocks of the site and of this machine may be."""
SECRET_CHARS = 32
"""RFC 7518, 3.2: a key of HS256 is at least as long as its hash."""
KEY_BITS = 2048


class IdentityError(Exception):
    """A token that proves nothing; says why, for the site's developer."""


@dataclass(frozen=True)
class SiteKey:
    """What the site signs with. The setting decides which algorithm is right, never a token."""

    algorithm: Literal["HS256", "RS256"]
    key: str
    audience: str = ""


@dataclass(frozen=True)
class Claims:
    sub: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    """E.164, and only if the site has verified it."""
    locale: str | None = None


class SignedIn(Enum):
    HERE = "here"
    SOMEBODY_ELSE = "somebody else"
    """The session is another person's: a new one must be started."""


def secret_key(secret: str, audience: str = "") -> SiteKey:
    """A key of HS256. Raises ValueError."""
    if len(secret.encode()) < SECRET_CHARS or "-----BEGIN" in secret:
        raise ValueError
    return SiteKey("HS256", secret, audience)


def public_key(pem: str, audience: str = "") -> SiteKey:
    """A key of RS256, from PEM. Raises ValueError."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey) or key.key_size < KEY_BITS:
        raise ValueError
    return SiteKey("RS256", pem, audience)


def read_identity(token: object, key: SiteKey, now: datetime) -> Claims:
    """Who the site says it is. Raises IdentityError."""
    if not isinstance(token, str) or len(token) > LONGEST:
        raise IdentityError("The token is no text, or too long.")
    claims = _verified(token, key)
    _check_times(claims, now)
    return Claims(
        sub=_subject(claims.get("sub")),
        name=_line(claims.get("name"), 200),
        email=_line(claims.get("email"), 254),
        phone=_phone(claims),
        locale=known_locale(_line(claims.get("locale"), 35)),
    )


def sign_in(session: Session, web_address: Address, claims: Claims, now: datetime) -> SignedIn:
    """Makes the visitor the person whom the site knows, with all that person has said and has been told."""
    known = find_address(session, SITE, claims.sub)
    customer = customer_of(session, web_address)
    if known is None or known.customer_id != web_address.customer_id:
        if _site_name(session, customer.id):
            return SignedIn.SOMEBODY_ELSE
        customer = _join(session, customer, known, claims, now)
    # Before anything is written about the customer: joining locks their conversations, and those come first.
    if claims.phone:
        _connect(session, web_address, claims.phone, now)
    customer.name, customer.email = claims.name or customer.name, claims.email or customer.email
    customer.locale = customer.locale or claims.locale
    return SignedIn.HERE


def is_signed_in(session: Session, web_address: Address, sub: str | None = None) -> bool:
    """Whether the visitor is somebody whom the site knows; with `sub`, whether they are that person."""
    name = _site_name(session, web_address.customer_id)
    return name is not None if sub is None else name == sub


def _verified(token: str, key: SiteKey) -> dict[str, Any]:
    # The times are ours to check: at a moment that is passed in, and how far away `exp` may be.
    options: Any = dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat", "verify_sub"), False)
    options |= {"verify_aud": bool(key.audience), "require": ["exp"]}
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm],
            audience=key.audience or None,
            options=options,
        )
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise IdentityError(f"The token can't be verified: {error}.") from None
    return claims


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    at, leeway = now.timestamp(), CLOCKS.total_seconds()
    expires = _moment(claims, "exp")
    if expires <= at:
        raise IdentityError("The token has expired.")
    if expires > at + LIFETIME.total_seconds() + leeway:
        raise IdentityError("The token is valid for more than 24 hours.")
    if any(_moment(claims, name) > at + leeway for name in ("nbf", "iat") if name in claims):
        raise IdentityError("The token is not valid yet.")


def _moment(claims: dict[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise IdentityError(f"{name} must be a number of seconds.")
    return float(value)


def _subject(value: object) -> str:
    subject = _line(value, 200)
    if subject is None or subject != subject.strip():
        raise IdentityError("sub must be 1 to 200 printable characters, without spaces around them.")
    return subject


def _line(value: object, limit: int) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= limit and value.isprintable() else None


def _phone(claims: dict[str, Any]) -> str | None:
    number = _line(claims.get("phone_number"), 40)
    return phone_number(number, None) if number and claims.get("phone_number_verified") is True else None


def _join(session: Session, customer: Customer, known: Address | None, claims: Claims, now: datetime) -> Customer:
    if known is None:
        session.add(Address(customer_id=customer.id, channel=SITE, value=claims.sub, verified=True))
        session.flush()
        return customer
    person = customer_of(session, known)
    # What the visitor has just begun goes on.
    kept, gone = (customer, person) if _is_talking(session, customer.id) else (person, customer)
    merge(session, kept, gone, "site", now)
    return kept


def _is_talking(session: Session, customer_id: str) -> bool:
    going_on = select(Conversation.id).filter_by(customer_id=customer_id, closed_at=None).limit(1)
    return session.scalars(going_on).first() is not None


def _connect(session: Session, web_address: Address, number: str, now: datetime) -> None:
    """The phone that the site vouches for; what was said on it before is not shown in the chat."""
    phone = phone_address(session, SMS, number, now)
    try:
        link(session, web_address, phone, "vouched", now)
    except IdentitiesDisagree:
        return  # Somebody else signed in has this number; who of the two, we can't know.


def _site_name(session: Session, customer_id: str) -> str | None:
    query = select(Address.value).filter_by(customer_id=customer_id, channel=SITE)
    name: str | None = session.scalars(query).first()
    return name
