"""The desk's settings are changed in the administration, and hold at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from handoff.admin.desk.setting import CLOSED_CHARS, LIMITS
from handoff.admin.desk.words import REFUSED, WORDS
from handoff.desk_settings import DeskSettings, desk_settings
from staff.audit import AuditEntry
from tests.cast import echo
from tests.staff import ada, client_of, csrf_token

FORM = {"again_minutes": "10", "most_times": "3", "warning_minutes": "15"}


@pytest.fixture
def admin(database: Database) -> Iterator[FlaskClient]:
    served = wire_web(Settings(company="Fennimor"), database, echo)
    yield client_of(served.app, database, ada(database))
    served.stop()


def sent(client: FlaskClient, **form: str) -> Any:
    return client.post("/admin/desk", data=FORM | form | {"csrf_token": csrf_token(client, "/staff/account")})


def kept(database: Database) -> DeskSettings:
    with database.reading() as session:
        return desk_settings(session)


def changes(database: Database) -> list[dict[str, Any]]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry.details).filter_by(action="desk_settings_changed")))


def test_what_is_set_holds_at_once_and_is_in_the_log(admin: FlaskClient, database: Database) -> None:
    form = {"closed-de": " Läuft Wasser aus?\r\nRufen Sie an. ", "again_minutes": "20", "warning_minutes": "30"}
    assert 303 == sent(admin, **form).status_code

    sentence = {"de": "Läuft Wasser aus? Rufen Sie an."}
    assert DeskSettings(sentence, again_minutes=20, warning_minutes=30) == kept(database)
    assert [{"fields": ["closed", "again_minutes", "warning_minutes"]}] == changes(database)
    page = admin.get("/admin/desk?done=saved").text
    assert sentence["de"] in page
    assert 'value="20"' in page
    assert WORDS["en"]["saved"] in page


def test_a_sentence_can_be_taken_away_again(admin: FlaskClient, database: Database) -> None:
    sent(admin, **{"closed-en": "Call the night line."})
    sent(admin)

    assert DeskSettings() == kept(database)


def test_what_is_as_it_was_leaves_no_entry(admin: FlaskClient, database: Database) -> None:
    assert 303 == sent(admin).status_code
    assert [] == changes(database)


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("wrong", ["", "soon", "-1", "4.5", "1000", "٩", "99999999999999999999"])
def test_what_is_no_such_number_changes_nothing_and_stays_in_the_form(
    admin: FlaskClient, database: Database, name: str, wrong: str
) -> None:
    answer = sent(admin, **{"closed-en": "Call the night line.", name: wrong})

    assert (422, True) == (answer.status_code, REFUSED["en"][f"bad_{name}"].partition("{")[0] in answer.text)
    assert "Call the night line." in answer.text
    assert f'value="{wrong}"' in answer.text
    assert (DeskSettings(), []) == (kept(database), changes(database))


def test_the_limits_themselves_are_taken(admin: FlaskClient, database: Database) -> None:
    for end in (0, 1):
        sent(admin, **{name: str(limits[end]) for name, limits in LIMITS.items()})
        assert all(getattr(kept(database), name) == limits[end] for name, limits in LIMITS.items())


def test_a_sentence_that_is_too_long_is_refused(admin: FlaskClient, database: Database) -> None:
    answer = sent(admin, **{"closed-en": "x" * (CLOSED_CHARS + 1)})

    assert (422, True) == (answer.status_code, "in English may have at most 300 characters" in answer.text)
    assert "x" * (CLOSED_CHARS + 1) in answer.text
    assert DeskSettings() == kept(database)


def test_a_sentence_cant_break_the_page(admin: FlaskClient, database: Database) -> None:
    sent(admin, **{"closed-en": "</textarea><script>alert(1)</script>"})

    assert "<script>alert" not in admin.get("/admin/desk").text


def test_both_languages_of_the_settings_say_the_same() -> None:
    for words in (WORDS, REFUSED):
        assert words["en"].keys() == words["de"].keys()
