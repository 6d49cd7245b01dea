"""Opening hours and targets are changed in the administration, and open conversations are due anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.settings import Settings
from app.wiring import wire_web
from channels.conversation import Conversation
from db import Database
from handoff.admin.planning.entered import dates_entered, day_entered, target_entered, target_shown
from handoff.admin.planning.promising import change_targets
from handoff.admin.planning.words import DAYS, DONE, REFUSED, WORDS, Misread
from handoff.hours import load_hours
from handoff.sla import load_targets
from staff.audit import AuditEntry
from staff.teams import default_team
from tests.cast import MONDAY, echo
from tests.handoff.people import add_waiting, works_in_leipzig
from tests.staff import ada, client_of, csrf_token

FORM = {"time_zone": "Europe/Berlin", "day-0": "9-12.30, 13:00–17:00", "country": "DE", "region": "DE-SN"}


@pytest.fixture
def admin(database: Database) -> Iterator[FlaskClient]:
    served = wire_web(Settings(company="Fennimor"), database, echo)
    yield client_of(served.app, database, ada(database))
    served.stop()


def sent(client: FlaskClient, path: str, **form: str):  # type: ignore[no-untyped-def]
    return client.post(path, data=form | {"csrf_token": csrf_token(client, "/staff/account")})


def actions(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(one.action, one.subject) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def team_id(database: Database) -> str:
    with database.reading() as session:
        return default_team(session).id


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("closed", ()),
        ("9-17", ((540, 1020),)),
        ("09.00–17.00", ((540, 1020),)),
        ("9:00-12:30, 13:00-17:00", ((540, 750), (780, 1020))),
        ("9 bis 17 Uhr", ((540, 1020),)),
        ("13-17; 9-14", ((540, 1020),)),
        ("0-24:00", ((0, 1440),)),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, spans: object) -> None:
    assert spans == day_entered(text, 0)


@pytest.mark.parametrize(
    "text", ["nine to five", "9", "9-25", "9:60-10", "17-9", "9-9", "24:01-24:02", "٩-١٧", "9--17"]
)
def test_what_is_no_span_of_time_is_refused(text: str) -> None:
    with pytest.raises(Misread):
        day_entered(text, 0)


def test_further_closed_days_are_read_in_both_ways_of_writing() -> None:
    assert ["2026-12-24", "2026-12-31"] == dates_entered("31.12.2026\n2026-12-24\n\n24.12.2026")
    for text in ("2026-02-30", "tomorrow", "0000-01-01"):
        with pytest.raises(Misread, match="bad_date"):
            dates_entered(text)


@pytest.mark.parametrize(
    ("text", "minutes"), [("", None), ("30", 30), ("30 min", 30), ("4h", 240), ("1,5 h", 90), ("1 h 30 min", 90)]
)
def test_a_target_is_read_as_people_write_it(text: str, minutes: int | None) -> None:
    assert minutes == target_entered(text, 0, "first_reply")
    assert minutes == target_entered(target_shown(minutes), 0, "first_reply")


@pytest.mark.parametrize("text", ["soon", "0", "-5", "99999 h", "2 d"])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(Misread):
        target_entered(text, 0, "first_reply")


def test_the_company_gets_its_hours_and_a_team_its_own(admin: FlaskClient, database: Database) -> None:
    team = team_id(database)
    assert 303 == sent(admin, "/admin/hours", **FORM).status_code
    assert 303 == sent(admin, f"/admin/hours/{team}", **FORM | {"day-0": "0-24"}).status_code
    with database.reading() as session:
        assert ((540, 750), (780, 1020)) == load_hours(session, None).week[0]
        assert "SN" == load_hours(session, None).subdivision
        assert ((0, 1440),) == load_hours(session, team).week[0]
    assert "9:00-12:30, 13:00-17:00" in admin.get("/admin/hours").text
    sent(admin, f"/admin/hours/{team}/as-company")
    with database.reading() as session:
        assert load_hours(session, None) == load_hours(session, team)
    assert ["hours_changed", "hours_changed", "own_hours_ended"] == [action for action, _ in actions(database)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"day-0": "nine to five"},
        {"time_zone": "Moon/Sea"},
        {"country": "XX"},
        {"region": "DE-ZZ"},
        {"closed_on": "one day"},
    ],
)
def test_bad_hours_change_nothing_and_what_was_typed_stays(
    admin: FlaskClient, database: Database, wrong: dict[str, str]
) -> None:
    page = sent(admin, "/admin/hours", **FORM | {"day-4": "10-11"} | wrong)
    assert (422, True) == (page.status_code, 'value="10-11"' in page.text)
    assert [] == actions(database)
    with database.reading() as session:
        assert "UTC" == load_hours(session, None).time_zone


def test_the_regions_of_another_country_are_shown_without_saving(admin: FlaskClient, database: Database) -> None:
    assert "Tirol" in sent(admin, "/admin/hours", **FORM | {"country": "AT", "look": "yes"}).text
    assert [] == actions(database)


def test_open_conversations_are_due_by_new_targets(database: Database) -> None:
    works_in_leipzig(database)
    user, team = ada(database), team_id(database)
    with database.transaction() as session:
        conversation_id = add_waiting(session).id
    change_targets(database, user.id, team, {1: {"first_reply": "30", "resolution": "4 h"}}, MONDAY)
    with database.reading() as session:
        found = session.scalars(select(Conversation).filter_by(id=conversation_id)).one()
        due = (found.reply_due_at, found.resolve_due_at)
    assert (MONDAY + timedelta(minutes=30), MONDAY + timedelta(hours=4)) == due


def test_targets_are_saved_or_refused_whole(admin: FlaskClient, database: Database) -> None:
    team = team_id(database)
    page = sent(admin, f"/admin/targets/{team}", **{"first_reply-1": "30 min", "resolution-3": "soon"})
    assert (422, True, []) == (page.status_code, 'value="soon"' in page.text, actions(database))
    for _ in range(2):
        assert 303 == sent(admin, f"/admin/targets/{team}", **{"first_reply-1": "30 min"}).status_code
    with database.reading() as session:
        assert 30 == load_targets(session, team, 1).first_reply
    assert ["targets_changed"] == [action for action, _ in actions(database)]


def test_both_languages_say_the_same() -> None:
    for words in (WORDS, DONE, REFUSED):
        assert words["en"].keys() == words["de"].keys()
    assert 7 == len(DAYS["en"]) == len(DAYS["de"])
