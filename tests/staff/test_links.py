"""One-time links: a first password, a new one, the first admin; once, in time, and the newest only."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Thread

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from db import Database
from staff.account.own import change_password
from staff.admin.employing import Entry, add_person, deactivate, give_link
from staff.links import (
    INVITED_FOR,
    RESET_WITHIN,
    OneTimeLink,
    choose_password,
    look_at,
    make_first_admin,
    make_first_link,
)
from staff.people import User
from staff.refusals import Refused
from staff.sessions import begin_session, user_of
from staff.signing_in import Visit, sign_in
from tests.cast import MONDAY
from tests.staff import PASSWORD, ada, csrf_token, mira

OFFICE = Visit("203.0.113.7")
NEW = "another kettle, by the door"


def reason(database: Database, token: str, now: datetime = MONDAY) -> str:
    with database.reading() as session:
        try:
            look_at(session, token, now)
        except Refused as refused:
            return refused.reason
    return "good"


def test_an_invitation_is_worth_a_week_and_a_reset_a_day(database: Database) -> None:
    edda, invitation = add_person(database, None, "edda@fennimor.example", Entry("Edda Storm", "editor"), MONDAY)
    assert "good" == reason(database, invitation, MONDAY + INVITED_FOR - timedelta(seconds=1))
    assert "link_expired" == reason(database, invitation, MONDAY + INVITED_FOR)

    choose_password(database, invitation, NEW, OFFICE, MONDAY)
    reset = give_link(database, None, edda.id, MONDAY)
    assert "good" == reason(database, reset, MONDAY + RESET_WITHIN - timedelta(seconds=1))
    assert "link_expired" == reason(database, reset, MONDAY + RESET_WITHIN)
    assert sign_in(database, "edda@fennimor.example", NEW, OFFICE, MONDAY).token


def test_an_expired_link_cant_set_a_password(database: Database) -> None:
    token = give_link(database, None, mira(database).id, MONDAY)
    with pytest.raises(Refused, match="link_expired"):
        choose_password(database, token, NEW, OFFICE, MONDAY + RESET_WITHIN)


def test_a_link_cant_be_replayed(database: Database) -> None:
    token = give_link(database, None, mira(database).id, MONDAY)
    choose_password(database, token, NEW, OFFICE, MONDAY)

    with pytest.raises(Refused, match="link_used"):
        choose_password(database, token, "what the attacker likes", OFFICE, MONDAY)
    assert sign_in(database, "mira@fennimor.example", NEW, OFFICE, MONDAY).token


def test_two_cant_use_a_link_at_the_same_moment(database: Database) -> None:
    token = give_link(database, None, mira(database).id, MONDAY)
    outcomes: list[str] = []

    def use(password: str) -> None:
        try:
            choose_password(database, token, password, OFFICE, MONDAY)
            outcomes.append("chosen")
        except Refused as refused:
            outcomes.append(refused.reason)

    threads = [Thread(target=use, args=(f"password of thread {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ["chosen"] + ["link_used"] * 5 == sorted(outcomes)


def test_only_the_newest_link_leads_anywhere(database: Database) -> None:
    user = mira(database)
    older, newer = (give_link(database, None, user.id, MONDAY) for _ in range(2))

    assert ("link_unknown", "good") == (reason(database, older), reason(database, newer))


def test_a_link_of_somebody_deactivated_opens_nothing(database: Database) -> None:
    user = mira(database)
    token = give_link(database, None, user.id, MONDAY)
    deactivate(database, None, user.id, MONDAY)

    assert "link_unknown" == reason(database, token)
    with pytest.raises(Refused, match="deactivated"):
        give_link(database, None, user.id, MONDAY)


def test_a_new_password_by_link_ends_all_sessions(database: Database) -> None:
    user = mira(database)
    with database.transaction() as session:
        stolen = begin_session(session, user, "", MONDAY)
    choose_password(database, give_link(database, None, user.id, MONDAY), NEW, OFFICE, MONDAY)

    with database.reading() as session:
        assert user_of(session, stolen, MONDAY) is None


def test_a_link_cant_be_used_after_the_password_was_changed(database: Database) -> None:
    user = mira(database)
    token = give_link(database, None, user.id, MONDAY)
    change_password(database, user, PASSWORD, NEW, OFFICE, MONDAY)

    assert "link_unknown" == reason(database, token)


def test_who_chose_a_password_by_link_signs_in_at_once_however_often_it_failed_before(database: Database) -> None:
    user = mira(database)
    for number in range(8):
        with pytest.raises(Refused):
            sign_in(database, user.email, f"guess number {number}", OFFICE, MONDAY)
    choose_password(database, give_link(database, None, user.id, MONDAY), NEW, OFFICE, MONDAY)

    assert sign_in(database, user.email, NEW, OFFICE, MONDAY).token


def test_a_link_cant_pass_by_the_second_factor(database: Database) -> None:
    user = mira(database)
    with database.transaction() as session:
        session.execute(update(User).values(totp_secret="sealed"))
    choose_password(database, give_link(database, None, user.id, MONDAY), NEW, OFFICE, MONDAY)

    assert sign_in(database, user.email, NEW, OFFICE, MONDAY).needs_code


def test_the_first_admin_is_made_once(database: Database) -> None:
    with database.transaction() as session:
        token = make_first_link(session)
    assert token is not None
    make_first_admin(database, token, "Ada@Fennimor.example", " Ada  Novak ", PASSWORD, "de", MONDAY)

    with database.reading() as session:
        admin = session.scalars(select(User)).one()
        assert make_first_link(session) is None
    assert ("ada@fennimor.example", "Ada Novak", "admin", "de") == (admin.email, admin.name, admin.role, admin.locale)
    with pytest.raises(Refused, match="link_used"):
        make_first_admin(database, token, "eve@evil.example", "Eve", PASSWORD, "en", MONDAY)


def test_a_first_link_cant_make_an_admin_where_somebody_works(database: Database) -> None:
    with database.transaction() as session:
        token = make_first_link(session)
    assert token is not None
    mira(database)

    with pytest.raises(Refused, match="link_unknown"):
        make_first_admin(database, token, "eve@evil.example", "Eve", PASSWORD, "en", MONDAY)


def test_the_next_start_makes_another_first_link(database: Database) -> None:
    with database.transaction() as session:
        older, newer = make_first_link(session), make_first_link(session)
    assert older
    assert newer
    assert ("link_unknown", "good") == (reason(database, older), reason(database, newer))


def test_a_reset_link_cant_make_an_admin(database: Database) -> None:
    token = give_link(database, None, mira(database).id, MONDAY)
    with pytest.raises(Refused, match="link_unknown"):
        make_first_admin(database, token, "eve@evil.example", "Eve", PASSWORD, "en", MONDAY)


def test_of_a_link_only_the_fingerprint_is_stored(database: Database) -> None:
    token = give_link(database, None, mira(database).id, MONDAY)
    with database.reading() as session:
        assert token not in str(vars(session.scalars(select(OneTimeLink)).one()))


def test_a_dead_link_says_so_in_a_sentence(client: FlaskClient, database: Database) -> None:
    ada(database)
    page = client.get("/staff/link/nothing-like-this", headers={"Accept-Language": "de"})
    assert 410 == page.status_code
    assert "Diesen Link kennen wir nicht." in page.text


def test_looking_at_a_link_does_not_use_it(client: FlaskClient, database: Database) -> None:
    token = give_link(database, None, mira(database).id, datetime.now(MONDAY.tzinfo))
    path = f"/staff/link/{token}"
    for _ in range(2):
        assert "Hello Mira Lindqvist" in client.get(path).text
    form = {"password": "kettle", "csrf_token": csrf_token(client, path)}
    assert 422 == client.post(path, data=form).status_code
    assert 303 == client.post(path, data=form | {"password": NEW}).status_code
    again = client.post(path, data=form | {"password": NEW, "csrf_token": csrf_token(client, "/staff/sign-in")})
    assert 410 == again.status_code
    assert "used already" in again.text
