"""By when follow-ups should be closed is set in the administration, and holds for what is opened from then on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from insights.follow_ups.admin.setting import LIMITS
from insights.follow_ups.admin.words import REFUSED, WORDS
from insights.follow_ups.settings import FollowUpSettings, follow_up_settings
from staff.audit import AuditEntry
from tests.cast import echo
from tests.handoff.people import works_in_leipzig
from tests.insights.scores import LATER, follow_up, followed, talked
from tests.staff import ada, client_of, csrf_token, susanne


@pytest.fixture
def admin(database: Database) -> Iterator[FlaskClient]:
    served = wire_web(Settings(company="Fennimor"), database, echo)
    # What happens here has a clock of its own, and takes its own turns.
    served.workers.stop()
    yield client_of(served.app, database, ada(database))
    served.stop()


def sent(client: FlaskClient, **form: str) -> Any:
    given = {"hours": "8", "reminder_hours": "2"} | form
    return client.post("/admin/follow-ups", data=given | {"csrf_token": csrf_token(client, "/staff/account")})


def kept(database: Database) -> FollowUpSettings:
    with database.reading() as session:
        return follow_up_settings(session)


def test_what_is_set_holds_for_what_is_opened_then(admin: FlaskClient, database: Database) -> None:
    works_in_leipzig(database)
    before = followed(database, talked(database), LATER)
    assert 303 == sent(admin, hours="4", reminder_hours="0").status_code
    assert FollowUpSettings(4, 0) == kept(database)
    after = follow_up(database, followed(database, talked(database), LATER))
    assert (LATER + timedelta(hours=4), None) == (after.due_at, after.remind_at)
    assert follow_up(database, before).remind_at
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).filter_by(action="follow_up_settings_changed")).one()
    assert {"fields": ["hours", "reminder_hours"]} == entry.details
    assert 'value="4"' in admin.get("/admin/follow-ups?done=saved").text


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"hours": "0"}, "bad_hours"),
        ({"hours": "81"}, "bad_hours"),
        ({"hours": "many"}, "bad_hours"),
        ({"reminder_hours": "-1"}, "bad_reminder_hours"),
        ({"reminder_hours": "٣"}, "bad_reminder_hours"),
        ({"hours": "2", "reminder_hours": "2"}, "bad_order"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    admin: FlaskClient, database: Database, form: dict[str, str], reason: str
) -> None:
    answer = sent(admin, **form)
    name = reason.removeprefix("bad_")
    least, most = LIMITS.get(name, (0, 0))
    assert 422 == answer.status_code
    assert REFUSED["en"][reason].format(least=least, most=most) in answer.text
    assert FollowUpSettings() == kept(database)


def test_a_supervisor_cant_change_it(admin: FlaskClient, database: Database) -> None:
    supervisor = client_of(admin.application, database, susanne(database))
    assert 403 == sent(supervisor, hours="1", reminder_hours="0").status_code
    assert FollowUpSettings() == kept(database)


def test_both_languages_say_the_same() -> None:
    assert [*WORDS["en"], *REFUSED["en"]] == [*WORDS["de"], *REFUSED["de"]]
