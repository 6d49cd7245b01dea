"""What the company's own site says of a visitor, and everything that must not pass for it."""

from __future__ import annotations

import base64
import hmac
import json
from hashlib import sha256
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import func, select

from channels.customer import Address, Customer, customer_of
from channels.linking.merging import Merge
from channels.linking.site import (
    Claims,
    IdentityError,
    SignedIn,
    is_signed_in,
    public_key,
    read_identity,
    secret_key,
    sign_in,
)
from db import Database
from tests.cast import MONDAY
from tests.channels.linking.people import ANNA, MALLORY, PHONE, Who, address, are_one, later, says, sees

SECRET = "a secret of the shop, 32 characters or more"
NOW = int(MONDAY.timestamp())
ANNA_SAYS = {"sub": "anna@shop", "exp": NOW + 3600}


def _pem(key: Any) -> tuple[str, str]:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.decode(), key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


PRIVATE, PUBLIC = _pem(rsa.generate_private_key(65537, 2048))
_, SHORT = _pem(rsa.generate_private_key(65537, 1024))
_, CURVE = _pem(ec.generate_private_key(ec.SECP256R1()))
HS256, RS256 = secret_key(SECRET), public_key(PUBLIC)


def token(claims: dict[str, Any] | None = None, key: str = SECRET, algorithm: str = "HS256", **more: Any) -> str:
    return jwt.encode((ANNA_SAYS if claims is None else claims) | more, key, algorithm)


def raw(header: dict[str, Any], claims: Any, key: bytes | None = None) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (header, claims)]
    signature = hmac.new(key, b".".join(parts), sha256).digest() if key else b""
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def test_a_signed_token_says_who_somebody_is() -> None:
    more = {
        "name": "Anna",
        "email": "anna@shop.example",
        "phone_number": "+49 151 12345678",
        "phone_number_verified": True,
        "locale": "de-AT",
    }
    expected = Claims("anna@shop", "Anna", "anna@shop.example", "+4915112345678", "de")

    assert expected == read_identity(token(**more), HS256, MONDAY)
    assert expected == read_identity(token(key=PRIVATE, algorithm="RS256", **more), RS256, MONDAY)


def test_the_audience_is_checked_if_it_is_set() -> None:
    key = secret_key(SECRET, "handrail")

    assert "anna@shop" == read_identity(token(aud="handrail"), key, MONDAY).sub
    assert "anna@shop" == read_identity(token(aud=["x", "handrail"]), key, MONDAY).sub
    for wrong in (token(), token(aud="other"), token(aud=5)):
        with pytest.raises(IdentityError):
            read_identity(wrong, key, MONDAY)
    assert "anna@shop" == read_identity(token(aud="other"), HS256, MONDAY).sub


FORGED = {
    "no signature (alg none)": raw({"alg": "none", "typ": "JWT"}, ANNA_SAYS),
    "alg None in other letters": raw({"alg": "nOnE"}, ANNA_SAYS),
    "signed with another secret": token(key="another secret of thirty-two letters"),
    "another algorithm": jwt.encode(ANNA_SAYS, SECRET * 2, "HS512"),
    "a signature of nothing": token().rsplit(".", 1)[0] + ".",
    "other claims under the signature": token().split(".")[0]
    + "."
    + token(sub="ben").split(".")[1]
    + "."
    + token().split(".")[2],
    "no exp": token({"sub": "anna@shop"}),
    "exp that is no number": raw({"alg": "HS256"}, {"sub": "anna@shop", "exp": "tomorrow"}, SECRET.encode()),
    "exp that is true": raw({"alg": "HS256"}, {"sub": "anna@shop", "exp": True}, SECRET.encode()),
    "exp that is no end": raw({"alg": "HS256"}, {"sub": "anna@shop", "exp": float("inf")}, SECRET.encode()),
    "expired": token(exp=NOW),
    "valid for more than a day": token(exp=NOW + 24 * 3600 + 120),
    "not valid yet": token(nbf=NOW + 120),
    "made in the future": token(iat=NOW + 120),
    "no sub": token({"exp": NOW + 60}),
    "an empty sub": token(sub=""),
    "a sub that is no text": raw({"alg": "HS256"}, {"sub": 5, "exp": NOW + 60}, SECRET.encode()),
    "a sub that is too long": token(sub="a" * 201),
    "a sub with a line break": token(sub="anna\nben"),
    "a sub that only looks like another": token(sub=" anna@shop"),
    "a sub with a NUL": token(sub="anna\x00"),
    "too long": token(name="x" * 5000),
    "claims that are a list": raw({"alg": "HS256"}, ["sub"], SECRET.encode()),
    "no token": "anna@shop",
    "empty": "",
    "null": None,
    "a number": 5,
    "an object": {"sub": "anna@shop"},
    "nested too deep": raw({"alg": "HS256"}, "x", SECRET.encode()).replace(".", "." + "W1tb" * 900, 1)[:4000],
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_what_the_site_did_not_sign_like_this_cant_pass(forged: object) -> None:
    with pytest.raises(IdentityError):
        read_identity(forged, HS256, MONDAY)


def test_the_public_key_cant_be_used_as_a_secret() -> None:
    confused = raw({"alg": "HS256", "typ": "JWT"}, ANNA_SAYS, PUBLIC.encode())

    with pytest.raises(IdentityError):
        read_identity(confused, RS256, MONDAY)
    with pytest.raises(IdentityError):
        read_identity(token(), RS256, MONDAY)
    with pytest.raises(ValueError):  # noqa: PT011
        secret_key(PUBLIC)


def test_a_key_that_comes_with_the_token_cant_be_used() -> None:
    own, _ = _pem(rsa.generate_private_key(65537, 2048))
    header = {"jwk": {"kty": "RSA"}, "jku": "https://evil.example/keys", "kid": "../../etc/passwd"}

    with pytest.raises(IdentityError):
        read_identity(jwt.encode(ANNA_SAYS, own, "RS256", headers=header), RS256, MONDAY)


@pytest.mark.parametrize("pem", ["", "x", PRIVATE, SHORT, CURVE], ids=["empty", "x", "private", "short", "curve"])
def test_a_key_that_is_too_weak_or_none_is_refused(pem: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        public_key(pem)


def test_a_secret_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        secret_key("x" * 31)


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_a_phone_that_the_site_has_not_verified_is_left_out(verified: object) -> None:
    claims = {"phone_number": "+4915112345678", "phone_number_verified": verified}
    assert read_identity(token(**claims), HS256, MONDAY).phone is None


def signs_in(database: Database, who: Who, sub: str, minutes: float = 1, **more: Any) -> SignedIn:
    with database.transaction() as session:
        return sign_in(session, address(session, who), Claims(sub, **more), later(minutes))


def test_a_visitor_who_signs_in_is_known_by_name(database: Database) -> None:
    assert SignedIn.HERE == signs_in(database, ANNA, "anna@shop", name="Anna", email="a@shop.example", locale="de")

    with database.reading() as session:
        customer = customer_of(session, address(session, ANNA))
        assert ("Anna", "a@shop.example", "de") == (customer.name, customer.email, customer.locale)
        assert is_signed_in(session, address(session, ANNA), "anna@shop")
        assert not is_signed_in(session, address(session, ANNA), "ben@shop")


def test_who_signs_in_elsewhere_goes_on_there(database: Database) -> None:
    signs_in(database, ANNA, "anna@shop")
    with database.transaction() as session:
        says(session, ANNA, "from my desk", later(2))
    laptop = ("web", "anna's laptop")
    signs_in(database, laptop, "anna@shop", 3)

    assert are_one(database, ANNA, laptop)
    assert ["from my desk", "So it is."] == sees(database, laptop)
    signs_in(database, laptop, "anna@shop", 4)
    with database.reading() as session:
        assert 1 == session.scalar(select(func.count()).select_from(Merge))


def test_what_was_begun_before_signing_in_goes_on(database: Database) -> None:
    signs_in(database, ANNA, "anna@shop")
    laptop = ("web", "anna's laptop")
    with database.transaction() as session:
        says(session, ANNA, "from my desk", later(2))
        says(session, laptop, "from my laptop", later(3))
    signs_in(database, laptop, "anna@shop", 4)

    assert ["from my laptop", "So it is."] == sees(database, laptop)


def test_a_session_cant_become_another_person(database: Database) -> None:
    signs_in(database, ANNA, "anna@shop")
    signs_in(database, MALLORY, "mallory@shop")

    assert SignedIn.SOMEBODY_ELSE == signs_in(database, ANNA, "mallory@shop", 2)
    assert SignedIn.SOMEBODY_ELSE == signs_in(database, ANNA, "carla@shop", 2)
    assert not are_one(database, ANNA, MALLORY)
    with database.reading() as session:
        assert 0 == session.scalar(select(func.count()).select_from(Address).filter_by(value="carla@shop"))


def test_a_number_the_site_vouches_for_is_connected_and_its_past_not_shown(database: Database) -> None:
    with database.transaction() as session:
        says(session, PHONE, "on my phone", MONDAY)
    signs_in(database, ANNA, "anna@shop", phone=PHONE[1])

    assert are_one(database, ANNA, PHONE)
    assert [] == sees(database, ANNA)
    signs_in(database, ("web", "anna's laptop"), "anna@shop", 5)
    assert [] == sees(database, ("web", "anna's laptop"))


def test_a_number_that_two_people_claim_stays_with_the_first(database: Database) -> None:
    signs_in(database, ANNA, "anna@shop", phone=PHONE[1])
    assert SignedIn.HERE == signs_in(database, MALLORY, "mallory@shop", phone=PHONE[1])

    assert not are_one(database, ANNA, MALLORY)
    assert are_one(database, ANNA, ("sms", PHONE[1]))


def test_signing_in_again_changes_nothing(database: Database) -> None:
    signs_in(database, ANNA, "anna@shop")
    signs_in(database, ANNA, "anna@shop")

    with database.reading() as session:
        assert 1 == session.scalar(select(func.count()).select_from(Customer))
