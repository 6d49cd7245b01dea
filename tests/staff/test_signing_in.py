"""Signing in and out: who gets in, how long it lasts, and what nobody gets by trying."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from flask.testing import FlaskClient
from sqlalchemy import select, update

from db import Database
from staff.audit import AuditEntry
from staff.passwords import check_password, is_password
from staff.people import User
from staff.refusals import Refused
from staff.sessions import OLDEST, UNUSED_FOR, StaffSession, begin_session, find_session, see_session, user_of
from staff.signing_in import Visit, sign_in
from tests.cast import MONDAY
from tests.conftest import ROOT
from tests.staff import PASSWORD, csrf_token, mira

OFFICE = Visit("203.0.113.7", "Firefox, Linux")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def enters(client: FlaskClient, email: str = "mira@fennimor.example", password: str = PASSWORD, **more: str) -> int:
    form = {"email": email, "password": password, "csrf_token": csrf_token(client, "/staff/sign-in")} | more
    return client.post("/staff/sign-in", data=form).status_code


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_who_knows_the_password_is_signed_in_until_they_sign_out(client: FlaskClient, database: Database) -> None:
    mira(database)
    assert 303 == enters(client, " Mira@Fennimor.example ")
    assert "/staff/sign-in" not in client.get("/staff/").location

    token = csrf_token(client, "/staff/account")
    assert 303 == client.post("/staff/sign-out", data={"csrf_token": token}).status_code
    assert "/staff/sign-in" in client.get("/staff/").location
    assert ["signed_in", "signed_out"] == actions(database)


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(client: FlaskClient, database: Database) -> None:
    mira(database)
    answers = []
    for email, password in (("mira@fennimor.example", "kettle by the door"), ("nobody@fennimor.example", PASSWORD)):
        form = {"email": email, "password": password, "csrf_token": csrf_token(client, "/staff/sign-in")}
        answer = client.post("/staff/sign-in", data=form)
        answers.append((answer.status_code, answer.text.partition('role="alert"')[2].partition("</p>")[0]))

    assert 422 == answers[0][0]
    assert answers[0] == answers[1]
    assert "is not right" in answers[0][1]


def test_what_was_typed_at_the_door_is_kept_nowhere(client: FlaskClient, database: Database) -> None:
    mira(database)
    enters(client, "my secret typed into the wrong field", "and another one")

    with database.reading() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert ("sign_in_failed", None, "", {"network": "127.0.0.1"}) == (
        entry.action,
        entry.user_id,
        entry.subject,
        entry.details,
    )


def test_a_session_ends_when_it_is_unused_or_old(database: Database) -> None:
    user = mira(database)
    with database.transaction() as session:
        token = begin_session(session, user, "Firefox", MONDAY)

    def lives(now: object) -> bool:
        with database.reading() as session:
            return user_of(session, token, now) is not None  # type: ignore[arg-type]

    assert lives(MONDAY + UNUSED_FOR - SECOND)
    assert not lives(MONDAY + UNUSED_FOR)
    now = MONDAY
    while now < MONDAY + OLDEST - HOUR:
        now += 6 * HOUR
        with database.reading() as session:
            found = find_session(session, token, now)
        if found:
            see_session(database, found, now)
    assert lives(MONDAY + OLDEST - SECOND)
    assert not lives(MONDAY + OLDEST)


def test_a_session_of_somebody_deactivated_opens_nothing(database: Database) -> None:
    user = mira(database)
    entered = sign_in(database, user.email, PASSWORD, OFFICE, MONDAY)
    with database.transaction() as session:
        session.execute(update(User).values(is_active=False))
    with database.reading() as session:
        assert user_of(session, entered.token, MONDAY) is None
    with pytest.raises(Refused, match="wrong_password"):
        sign_in(database, user.email, PASSWORD, OFFICE, MONDAY)


def test_a_password_of_older_parameters_is_hashed_again_at_the_next_sign_in(database: Database) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=512).hash(PASSWORD)
    user = mira(database)
    with database.transaction() as session:
        session.execute(update(User).values(password_hash=weak))
    sign_in(database, user.email, PASSWORD, OFFICE, MONDAY)

    with database.reading() as session:
        now_hashed = session.scalars(select(User.password_hash)).one()
    assert weak != now_hashed
    assert is_password(now_hashed, PASSWORD)


def test_a_password_costs_a_guesser_what_rfc_9106_recommends() -> None:
    program = "from staff.passwords import hash_password; print(hash_password('copper-kettle-7'))"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert (Type.ID, 3, 65536) == _cost(told.stdout.strip())


def _cost(password_hash: str) -> tuple[Type, int, int]:
    found = extract_parameters(password_hash)
    return found.type, found.time_cost, found.memory_cost


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("kettle", "password_short"),
        ("x" * 201, "password_long"),
        ("Password1234", "password_common"),
        ("ababababababab", "password_common"),
        ("mira@fennimor.example", "password_about_you"),
        ("Lindqvist-Mira-1", "password_about_you"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        check_password(password, "Mira Lindqvist", "mira@fennimor.example")


def test_a_password_of_a_few_words_is_taken_in_any_writing() -> None:
    check_password("Mira's küche am Hafen", "Mira Lindqvist", "mira@fennimor.example")


def test_only_a_fingerprint_of_the_cookie_is_stored(database: Database) -> None:
    user = mira(database)
    token = sign_in(database, user.email, PASSWORD, OFFICE, MONDAY).token
    with database.reading() as session:
        row = session.scalars(select(StaffSession)).one()
        assert user_of(session, row.token_hash, MONDAY) is None
    assert token not in str(vars(row))
