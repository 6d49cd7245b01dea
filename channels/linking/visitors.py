"""The visitors of a chat page, as the company's own site vouches for them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session as Reading

from channels.customer import Address, Customer, customer_of, find_address, lock_phone, web_address
from channels.linking.site import Claims, IdentityError, SignedIn, SiteKey, is_signed_in, read_identity, sign_in
from channels.names import SMS, WEB
from channels.webchat.session import Session, Sessions
from db import Database, utc_now

SIGNED_OUT = ""
"""What a page says of a visitor who is not signed in, though others are."""


class Visitors:
    def __init__(self, database: Database, sessions: Sessions, key: SiteKey | None) -> None:
        self._database = database
        self._sessions = sessions
        self._key = key

    def recognise(self, session: Session, token: object) -> tuple[Session, str | None]:
        """The page's session, or a new one if that was another person's; and why the token was not believed, for the
        site's developer. A token that proves nothing changes nothing."""
        if token is None:
            return session, None
        if token == SIGNED_OUT:
            return (self._sessions.start() if self._is_signed_in(session) else session), None
        if self._key is None:
            return session, "IDENTITY_SECRET or IDENTITY_PUBLIC_KEY must be set to check identities."
        try:
            claims = read_identity(token, self._key, utc_now())
        except IdentityError as error:
            return session, str(error)
        return (session if self._is(session, claims) else self._sign_in(session, claims)), None

    def _is_signed_in(self, session: Session) -> bool:
        with self._database.reading() as reading:
            address = find_address(reading, WEB, session.visitor)
            return address is not None and is_signed_in(reading, address)

    def _is(self, session: Session, claims: Claims) -> bool:
        """Whether nothing is new: most pages a signed-in visitor opens."""
        with self._database.reading() as reading:
            address = find_address(reading, WEB, session.visitor)
            if address is None or not is_signed_in(reading, address, claims.sub):
                return False
            customer = customer_of(reading, address)
            is_known = (claims.name or customer.name, claims.email or customer.email) == (customer.name, customer.email)
            return is_known and (claims.phone is None or _has_phone(reading, customer, claims.phone))

    def _sign_in(self, session: Session, claims: Claims) -> Session:
        try:
            signed_in = self._try(session, claims)
        except (IntegrityError, OperationalError):  # The same person at the same moment, in another tab or by phone.
            signed_in = self._try(session, claims)
        if signed_in is SignedIn.HERE:
            return session
        other = self._sessions.start()
        self._try(other, claims)
        return other

    def _try(self, session: Session, claims: Claims) -> SignedIn:
        now = utc_now()
        with self._database.transaction() as writing:
            if claims.phone:
                lock_phone(writing, SMS, claims.phone)  # Before the visitor, as `receive` does.
            return sign_in(writing, web_address(writing, session.visitor, now), claims, now)


def _has_phone(reading: Reading, customer: Customer, number: str) -> bool:
    owner = select(Address.customer_id).filter_by(channel=SMS, value=number)
    return reading.scalars(owner).one_or_none() == customer.id
