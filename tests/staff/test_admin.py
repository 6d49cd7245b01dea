"""The administration: people and teams are added, changed and sent away, and everything leaves an entry."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from channels.conversation import Conversation
from channels.customer import Customer
from db import Database
from staff.admin import employing
from staff.admin.employing import Entry
from staff.admin.listing import PAGE, Filters, all_staff, all_teams, audit_page
from staff.audit import AuditEntry, record
from staff.people import User
from staff.refusals import Refused
from staff.teams import Team, TeamMember, default_team, teams_of
from staff.words import ACTIONS, DONE, REFUSED, ROLES, WORDS
from tests.cast import MONDAY
from tests.staff import PASSWORD, ada, client_of, csrf_token, jonas, mira, susanne

JONAS = {"name": "Jonas Weber", "email": "jonas@fennimor.example", "role": "agent", "locale": "de"}


@pytest.fixture
def admin(database: Database) -> User:
    return ada(database)


@pytest.fixture
def desk(app: Flask, database: Database, admin: User) -> FlaskClient:
    return client_of(app, database, admin)


def sent(client: FlaskClient, path: str, **form: object):  # type: ignore[no-untyped-def]
    return client.post(path, data=form | {"csrf_token": csrf_token(client, "/staff/account")})


def entries(database: Database) -> list[tuple[str, dict[str, object]]]:
    with database.reading() as session:
        return [(one.action, one.details) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_somebody_is_added_and_signs_in_with_the_link(desk: FlaskClient, app: Flask, database: Database) -> None:
    with database.reading() as session:
        team = default_team(session)
    page = sent(
        desk, "/admin/staff/new", **JONAS, teams=team.id, skills="Espresso,  Invoices, espresso", languages="de"
    )
    link = re.search(r'id="link">http://localhost(/staff/link/[\w-]+)<', page.text)
    assert link is not None

    jonas_browser = app.test_client()
    form = {"password": PASSWORD, "csrf_token": csrf_token(jonas_browser, link[1])}
    jonas_browser.post(link[1], data=form)
    token = csrf_token(jonas_browser, "/staff/sign-in")
    jonas_browser.post("/staff/sign-in", data={"email": JONAS["email"], "password": PASSWORD, "csrf_token": token})
    assert "Ihr Konto" in jonas_browser.get("/staff/account").text
    with database.reading() as session:
        user = session.scalars(select(User).filter_by(name="Jonas Weber")).one()
        assert [team.id] == teams_of(session, user)
    assert (["espresso", "invoices"], ["de"]) == (user.skills, user.languages)
    assert link[1].rpartition("/")[2] not in str(entries(database))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"email": "jonas"}, "bad_email"),
        ({"email": "ada@fennimor.example"}, "email_taken"),
        ({"name": " \u200b\t "}, "name_missing"),
        ({"name": "J" * 81}, "name_long"),
        ({"role": "emperor"}, "no_role"),
        ({"skills": ",".join(map(str, range(21)))}, "bad_skills"),
        ({"capacity-web": "-1"}, "bad_capacity"),
        ({"capacity-sms": "many"}, "bad_capacity"),
        ({"capacity-whatsapp": "٣"}, "bad_capacity"),
    ],
)
def test_what_can_not_be_is_refused_and_what_was_typed_stays(
    desk: FlaskClient, database: Database, wrong: dict[str, str], reason: str
) -> None:
    page = sent(desk, "/admin/staff/new", **JONAS | wrong)

    assert 422 == page.status_code
    assert REFUSED["en"][reason].partition("{")[0].partition("'")[0] in page.text
    assert (JONAS | wrong)["name"].strip(" \u200b\t") in page.text
    with database.reading() as session:
        assert ["Ada Novak"] == session.scalars(select(User.name)).all()


def test_a_change_says_in_the_log_what_was_changed_but_not_to_what(desk: FlaskClient, database: Database) -> None:
    user = mira(database)
    sent(desk, f"/admin/staff/{user.id}", name="Mira L", role="supervisor", locale="de", skills="secret knowledge")

    assert [
        ("role_changed", {"from": "agent", "to": "supervisor"}),
        ("user_changed", {"fields": ["name", "locale", "skills", "teams"]}),
    ] == entries(database)


def test_nothing_changed_leaves_no_entry(desk: FlaskClient, database: Database) -> None:
    user = susanne(database)
    sent(desk, f"/admin/staff/{user.id}", name=user.name, role=user.role, locale=user.locale)

    assert [] == entries(database)


def test_the_last_admin_cant_send_herself_away(desk: FlaskClient, database: Database, admin: User) -> None:
    demoted = sent(desk, f"/admin/staff/{admin.id}", name=admin.name, role="agent", locale="en")
    deactivated = sent(desk, f"/admin/staff/{admin.id}/deactivate")

    assert [422, 422] == [demoted.status_code, deactivated.status_code]
    assert "There must be an admin who can sign in." in demoted.text
    assert 200 == desk.get("/admin/staff").status_code


def test_an_admin_who_never_signed_in_does_not_count(desk: FlaskClient, database: Database, admin: User) -> None:
    sent(desk, "/admin/staff/new", **JONAS | {"role": "admin"})

    assert 422 == sent(desk, f"/admin/staff/{admin.id}/deactivate").status_code


def test_two_admins_cant_send_each_other_away_at_once(database: Database, admin: User) -> None:
    other = jonas(database)
    with database.transaction() as session:
        session.merge(other).role = "admin"
    employing.deactivate(database, other.id, admin.id, MONDAY)
    with pytest.raises(Refused, match="last_admin"):
        employing.deactivate(database, admin.id, other.id, MONDAY)


def test_whoever_is_deactivated_is_out_at_once_and_may_come_back(
    desk: FlaskClient, app: Flask, database: Database
) -> None:
    user = mira(database)
    hers = client_of(app, database, user)
    sent(desk, f"/admin/staff/{user.id}/deactivate")
    assert 302 == hers.get("/staff/account").status_code

    sent(desk, f"/admin/staff/{user.id}/reactivate")
    assert 302 == hers.get("/staff/account").status_code
    assert 200 == client_of(app, database, user).get("/staff/account").status_code
    assert ["user_deactivated", "user_reactivated"] == [action for action, _ in entries(database)]


def test_an_admin_ends_sessions_and_a_lost_second_factor(desk: FlaskClient, app: Flask, database: Database) -> None:
    user = mira(database)
    with database.transaction() as session:
        session.execute(update(User).filter_by(id=user.id).values(totp_secret="sealed", totp_step=1))
    hers = client_of(app, database, user)
    sent(desk, f"/admin/staff/{user.id}/end_second_factor")
    sent(desk, f"/admin/staff/{user.id}/end_sessions")

    assert 302 == hers.get("/staff/account").status_code
    with database.reading() as session:
        assert session.get(User, user.id).totp_secret is None


def test_a_team_is_made_filled_named_and_made_the_default(desk: FlaskClient, database: Database) -> None:
    user = mira(database, team=None)
    place = sent(desk, "/admin/teams", name="Espresso").location
    team_id = place.partition("?")[0].rpartition("/")[2]
    sent(desk, f"/admin/teams/{team_id}", name="Machines", assigns="on", members=user.id)
    sent(desk, f"/admin/teams/{team_id}/default")

    with database.reading() as session:
        shown = all_teams(session)
        assert team_id == default_team(session).id
    assert ("Machines", True, ["Mira Lindqvist"]) == (
        shown[0].team.name,
        shown[0].team.assigns,
        [one.name for one in shown[0].members],
    )
    assert [
        ("team_added", {}),
        ("team_changed", {"fields": ["name", "assigns", "members"]}),
        ("default_team_chosen", {}),
    ] == entries(database)


def test_two_teams_cant_have_one_name(desk: FlaskClient, database: Database) -> None:
    assert 422 == sent(desk, "/admin/teams", name=" Support ").status_code
    place = sent(desk, "/admin/teams", name="Espresso").location.partition("?")[0]
    page = sent(desk, place, name="Support")
    assert 422 == page.status_code
    assert "There is a team of this name already." in page.text


def test_the_default_team_cant_be_deleted(desk: FlaskClient, database: Database) -> None:
    with database.reading() as session:
        team = default_team(session)

    assert 422 == sent(desk, f"/admin/teams/{team.id}/delete").status_code


def test_only_a_team_to_which_nothing_belongs_is_deleted(desk: FlaskClient, database: Database) -> None:
    mira(database, "Espresso")
    with database.transaction() as session:
        team = session.scalars(select(Team).filter_by(name="Espresso")).one()
        customer = Customer(created_at=MONDAY)
        session.add(customer)
        session.flush()
        kept = Conversation(customer.id, MONDAY)
        kept.team_id = team.id
        session.add(kept)
    page = sent(desk, f"/admin/teams/{team.id}/delete")
    assert 422 == page.status_code
    assert "still belong to this team" in page.text
    with database.transaction() as session:
        assert 1 == len(session.scalars(select(TeamMember).filter_by(team_id=team.id)).all())
        session.delete(session.merge(kept))

    assert 303 == sent(desk, f"/admin/teams/{team.id}/delete").status_code
    with database.reading() as session:
        assert ["Support"] == session.scalars(select(Team.name)).all()


@pytest.mark.parametrize("path", ["staff/{}", "teams/{}"])
def test_nobody_and_nothing_of_that_name_is_there(desk: FlaskClient, path: str) -> None:
    missing = "/admin/" + path.format("11111111-1111-4111-8111-111111111111")

    assert 404 == desk.get(missing).status_code
    assert 404 == sent(desk, missing, name="x", role="agent").status_code


def test_the_log_shows_the_newest_first_by_person_action_and_day(database: Database, admin: User) -> None:
    user = mira(database)
    with database.transaction() as session:
        for day in range(PAGE + 5):
            record(session, "signed_in", MONDAY + timedelta(days=day), user_id=user.id, subject="203.0.113.7")
        record(session, "link_made", MONDAY, user_id=admin.id, subject=user.id)
    with database.reading() as session:
        first, second = (audit_page(session, Filters(user_id=user.id), number) for number in (1, 2))
        hers = audit_page(session, Filters(user_id=admin.id), 1)
        days = Filters(since=MONDAY.date(), until=(MONDAY + timedelta(days=1)).date())
        two_days = audit_page(session, days, 1)
        links = audit_page(session, Filters(action="link_made"), 1)

    assert (PAGE, True) == (len(first.entries), first.has_next)
    assert MONDAY + timedelta(days=PAGE + 4) == first.entries[0].at
    assert (6, False) == (len(second.entries), second.has_next)
    assert (1, 3, 1) == (len(hers.entries), len(two_days.entries), len(links.entries))


def test_the_log_is_read_in_words(desk: FlaskClient, database: Database) -> None:
    user = mira(database)
    sent(desk, f"/admin/staff/{user.id}/end_sessions")
    page = desk.get("/admin/audit?page=0&since=nonsense&person=nobody&action=%00").text

    assert "Sessions ended" in page
    assert "Ada Novak → Mira Lindqvist" in page


def test_both_languages_have_the_same_words() -> None:
    for words in (WORDS, REFUSED, DONE, ROLES, ACTIONS):
        assert words["en"].keys() == words["de"].keys()


def test_everybody_is_listed_by_name_who_left_last(database: Database, admin: User) -> None:
    user = mira(database)
    jonas(database)
    employing.deactivate(database, admin.id, user.id, MONDAY)
    employing.add_person(database, admin.id, "zoe@fennimor.example", Entry("Zoe", "editor"), MONDAY)
    with database.reading() as session:
        names = [member.user.name for member in all_staff(session)]

    assert ["Ada Novak", "Jonas Weber", "Zoe", "Mira Lindqvist"] == names
