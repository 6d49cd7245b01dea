"""The question at the end is set in the administration, and holds at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from insights.surveys.admin.words import REFUSED, WORDS
from insights.surveys.settings import CHANNELS, LIMITS, PLACES, SurveySettings, survey_settings
from staff.audit import AuditEntry
from tests.cast import echo
from tests.staff import ada, client_of, csrf_token

FORM = {f"kind-{place}-{channel}": "ces" for place in PLACES for channel in CHANNELS} | {
    name: str(getattr(SurveySettings(), name)) for name in LIMITS
}


@pytest.fixture
def admin(sqlite_database: Database) -> Iterator[FlaskClient]:
    served = wire_web(Settings(company="Fennimor"), sqlite_database, echo)
    yield client_of(served.app, sqlite_database, ada(sqlite_database))
    served.stop()


def sent(client: FlaskClient, path: str = "/admin/surveys", **form: str) -> Any:
    given = FORM | form if path == "/admin/surveys" else form
    return client.post(path, data=given | {"csrf_token": csrf_token(client, "/staff/account")})


def kept(database: Database) -> SurveySettings:
    with database.reading() as session:
        return survey_settings(session)


def test_what_is_set_holds_at_once_and_is_in_the_log(admin: FlaskClient, sqlite_database: Database) -> None:
    form = {
        "kind-bot-web": "none",
        "kind-follow_up-sms": "nps",
        "days": "14",
        "low_ces": "4",
        "question-ces:de": "  War es\r\nleicht? ",
        "later-ces:en": "Was it easy, then?",
        "again-ces:de": "Und jetzt?",
        "labels-ces:de": "nein\r\n\r\nja",
    }
    assert 303 == sent(admin, **form).status_code

    settings = kept(sqlite_database)
    assert (None, "nps", "ces") == (
        settings.kind("bot", "web"),
        settings.kind("follow_up", "sms"),
        settings.kind("person", "web"),
    )
    assert (14, 4) == (settings.days, settings.low("ces"))
    assert ("War es leicht?", ("nein", "ja")) == (
        settings.words("ces")["de"].question,
        settings.words("ces")["de"].labels,
    )
    assert "How easy was it to get help today?" == settings.words("ces")["en"].question
    later = settings.words("ces", is_later=True)
    # A wording of one's own is asked as it is.
    assert ["Was it easy, then?", "War es leicht?"] == [later["en"].question, later["de"].question]
    again = settings.words("ces", is_again=True, is_later=True)
    assert ("Und jetzt?", ("nein", "ja")) == (again["de"].question, again["de"].labels)
    assert again["en"].question.startswith("You told us it was hard. Now that we have looked after it:")
    with sqlite_database.reading() as session:
        [entry] = session.scalars(select(AuditEntry.details).filter_by(action="surveys_changed"))
    assert {"fields": ["kinds", "questions", "later", "again", "labels", "days", "low_ces"]} == entry
    page = admin.get("/admin/surveys?done=saved").text
    assert "War es leicht?" in page
    assert WORDS["en"]["saved"] in page


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"days": "many"}, "bad_number"),
        ({"silence_web": "1"}, "bad_number"),
        ({"low_nps": "11"}, "bad_number"),
        ({"kind-bot-web": "mood"}, "bad_kind"),
        ({"question-nps:en": "x" * 201}, "bad_question"),
        ({"later-ces:de": "x" * 201}, "bad_question"),
        ({"again-ces:de": "x" * 201}, "bad_question"),
        ({"labels-ces:en": "one\ntwo\nthree"}, "bad_labels"),
        ({"labels-csat:de": "a\n" + "b" * 41}, "bad_labels"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    admin: FlaskClient, sqlite_database: Database, form: dict[str, str], reason: str
) -> None:
    answer = sent(admin, **form)

    assert 422 == answer.status_code
    assert REFUSED["en"][reason].split("{")[0].strip(" “") in answer.text
    assert SurveySettings() == kept(sqlite_database)


def test_links_are_made_with_a_qr_code_and_removed(admin: FlaskClient, sqlite_database: Database) -> None:
    assert 303 == sent(admin, "/admin/surveys/links", name=" Parcel-Slip ", kind="nps").status_code
    page = admin.get("/admin/surveys").text
    assert "/s/" in page
    assert "QR code of parcel-slip" in page
    assert 422 == sent(admin, "/admin/surveys/links", name="parcel-slip", kind="ces").status_code
    # What is set otherwise leaves the links alone.
    sent(admin, days="10")
    assert {"parcel-slip": "nps"} == kept(sqlite_database).links
    sent(admin, "/admin/surveys/links/remove", name="parcel-slip")

    assert {} == kept(sqlite_database).links


@pytest.mark.parametrize("name", ["", "conversation", "follow_up", "a b", "-x", "x" * 25, "<script>"])
def test_a_link_has_a_short_plain_name(admin: FlaskClient, sqlite_database: Database, name: str) -> None:
    assert 422 == sent(admin, "/admin/surveys/links", name=name, kind="ces").status_code
    assert {} == kept(sqlite_database).links


def test_both_languages_say_the_same() -> None:
    for said in (WORDS, REFUSED):
        assert set(said["en"]) == set(said["de"])
