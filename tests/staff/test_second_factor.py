"""The second factor: set up with an app, asked for at the door, each code once, and a way in when the phone is gone."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from db import Database
from staff.audit import AuditEntry
from staff.people import User
from staff.recovery import CODES, recovery_codes_left
from staff.refusals import Refused
from staff.sealing import Seal
from staff.second_factor import STEP_SECONDS, begin_set_up, switch_on
from staff.sessions import CODE_WITHIN, user_of
from staff.signing_in import Visit, enter_code, sign_in
from tests.cast import MONDAY
from tests.staff import PASSWORD, client_of, csrf_token, mira

OFFICE = Visit("203.0.113.7", "Firefox, Linux")
SEAL = Seal("a key")
STEP = timedelta(seconds=STEP_SECONDS)


def with_app(database: Database) -> tuple[User, pyotp.TOTP, list[str]]:
    """Mira with a second factor, her app, and her recovery codes."""
    user = mira(database)
    with database.transaction() as session:
        own = session.get(User, user.id)
        begin_set_up(own, SEAL)
        app = pyotp.TOTP(SEAL.open(own.totp_pending))
        codes = switch_on(session, own, app.at(MONDAY - 10 * STEP), SEAL, MONDAY - 10 * STEP)
    return user, app, codes


def knocks(database: Database, code: str, now=MONDAY):  # type: ignore[no-untyped-def]
    half = sign_in(database, "mira@fennimor.example", PASSWORD, OFFICE, now)
    return enter_code(database, half.token, code, SEAL, OFFICE, now)


def test_the_password_alone_opens_nothing(database: Database) -> None:
    with_app(database)
    half = sign_in(database, "mira@fennimor.example", PASSWORD, OFFICE, MONDAY)

    assert half.needs_code
    with database.reading() as session:
        assert user_of(session, half.token, MONDAY) is None


def test_password_and_code_open_a_session_with_another_token(database: Database) -> None:
    user, app, _ = with_app(database)
    half = sign_in(database, user.email, PASSWORD, OFFICE, MONDAY)
    entered = enter_code(database, half.token, app.at(MONDAY), SEAL, OFFICE, MONDAY)

    assert half.token != entered.token
    with database.reading() as session:
        assert user_of(session, half.token, MONDAY, needs_code=True) is None
        found = user_of(session, entered.token, MONDAY)
    assert found is not None
    assert user.id == found.id


def test_a_phone_whose_clock_is_off_by_half_a_minute_is_let_in(database: Database) -> None:
    _, app, _ = with_app(database)

    assert knocks(database, app.at(MONDAY - STEP)).token
    assert knocks(database, f" {app.at(MONDAY + STEP)[:3]} {app.at(MONDAY + STEP)[3:]} ").token


def test_a_code_cant_be_used_twice(database: Database) -> None:
    _, app, _ = with_app(database)
    knocks(database, app.at(MONDAY))

    with pytest.raises(Refused, match="wrong_code"):
        knocks(database, app.at(MONDAY))
    with pytest.raises(Refused, match="wrong_code"):  # Nor one that somebody saw before it.
        knocks(database, app.at(MONDAY - STEP))


def test_codes_cant_be_guessed_for_long(database: Database) -> None:
    with_app(database)
    reasons = []
    for _ in range(9):
        try:
            knocks(database, "000000")
        except Refused as refused:
            reasons.append(refused.reason)

    assert ["wrong_code"] * 6 + ["too_many_attempts"] * 3 == reasons


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "\0", "12 34 56 78"])
def test_what_is_no_code_opens_nothing(database: Database, code: str) -> None:
    with_app(database)
    with pytest.raises(Refused, match="wrong_code"):
        knocks(database, code)


def test_the_code_cant_come_long_after_the_password(database: Database) -> None:
    _, app, _ = with_app(database)
    half = sign_in(database, "mira@fennimor.example", PASSWORD, OFFICE, MONDAY)
    later = MONDAY + CODE_WITHIN

    with pytest.raises(Refused, match="code_too_late"):
        enter_code(database, half.token, app.at(later), SEAL, OFFICE, later)


def test_a_recovery_code_opens_once(database: Database) -> None:
    user, _, codes = with_app(database)
    assert CODES == len(set(codes))
    assert knocks(database, codes[0].upper().replace("-", " ")).token

    with pytest.raises(Refused, match="wrong_code"):
        knocks(database, codes[0])
    with database.reading() as session:
        assert CODES - 1 == recovery_codes_left(session, user.id)


def test_with_another_key_only_a_recovery_code_opens(database: Database) -> None:
    user, app, codes = with_app(database)
    half = sign_in(database, user.email, PASSWORD, OFFICE, MONDAY)
    with pytest.raises(Refused, match="wrong_code"):
        enter_code(database, half.token, app.at(MONDAY), Seal("another key"), OFFICE, MONDAY)

    assert enter_code(database, half.token, codes[3], Seal("another key"), OFFICE, MONDAY).token


def test_neither_secret_nor_recovery_codes_can_be_read_from_the_database(database: Database) -> None:
    user, app, codes = with_app(database)
    with database.reading() as session:
        own = session.get(User, user.id)
        assert app.secret not in own.totp_secret
        kept = str(session.execute(select(AuditEntry.details)).all())
    assert not any(code in kept for code in codes)


def test_it_is_set_up_and_switched_off_in_the_account(app: Flask, database: Database) -> None:
    client = client_of(app, database, mira(database))
    posted(client, "begin", password=PASSWORD)
    secret = "".join(re.search(r'secret-text">([A-Z2-7 ]+)<', client.get("/staff/account").text)[1].split())
    assert 422 == posted(client, "finish", code="000000").status_code
    shown = posted(client, "finish", code=pyotp.TOTP(secret).now()).text
    assert CODES == shown.count("<li><code>")

    assert 422 == posted(client, "end", password="not it at all").status_code
    assert 303 == posted(client, "end", password=PASSWORD).status_code
    with database.reading() as session:
        assert session.scalars(select(User.totp_secret)).one() is None


def test_it_cant_be_set_up_or_switched_off_without_the_password(app: Flask, database: Database) -> None:
    client = client_of(app, database, mira(database))
    for deed in ("begin", "end", "codes"):
        answer = posted(client, deed, password="whoever has the cookie")
        assert 422 == answer.status_code
        assert "not your password" in answer.text


def posted(client: FlaskClient, deed: str, **form: str):  # type: ignore[no-untyped-def]
    token = csrf_token(client, "/staff/account")
    return client.post(f"/staff/account/second-factor/{deed}", data=form | {"csrf_token": token})
