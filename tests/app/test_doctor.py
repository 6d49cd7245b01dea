"""What the doctor says of the account at Twilio, and of who works here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.doctor import CHECKS, Problem
from app.settings import Settings
from db import Database
from knowledge.pictures import PictureStore, Size
from tests.handoff.at_work import hire
from tests.phone import ACCOUNT_SID, AUTH_TOKEN, SMS_NUMBER, running_simulator


def asked(api_url: str, token: str = AUTH_TOKEN, numbers: tuple[str, ...] = (SMS_NUMBER,)) -> str:
    account = {"twilio_account_sid": ACCOUNT_SID, "twilio_auth_token": token, "twilio_api_url": api_url}
    return CHECKS["Twilio"](Settings(**account, sms_numbers=numbers))


def test_an_account_with_its_numbers_is_well() -> None:
    with running_simulator("http://127.0.0.1:9") as simulator:
        assert "answers, and the numbers are this account's" == asked(simulator.api_url)


def test_a_number_of_somebody_else_is_named() -> None:
    with running_simulator("http://127.0.0.1:9") as simulator, pytest.raises(Problem, match=r"\+4915735980009"):
        asked(simulator.api_url, numbers=(SMS_NUMBER, "+4915735980009"))


def test_a_wrong_token_is_said_in_words() -> None:
    with running_simulator("http://127.0.0.1:9") as simulator, pytest.raises(Problem, match="credentials"):
        asked(simulator.api_url, token="another one")


def test_a_twilio_that_is_not_there_is_said_in_words() -> None:
    with pytest.raises(Problem, match="can't be reached"):
        asked("http://127.0.0.1:9")


def test_where_nobody_works_it_says_so_and_all_is_well(sqlite_database: Database) -> None:
    assert CHECKS["People"](Settings(database_url=str(sqlite_database.engine.url))).startswith("nobody")


def test_an_installation_without_an_admin_is_one_that_nobody_can_look_after(sqlite_database: Database) -> None:
    settings = Settings(database_url=str(sqlite_database.engine.url))
    hire(sqlite_database, "Mira Kern")
    with pytest.raises(Problem, match="no admin"):
        CHECKS["People"](settings)
    hire(sqlite_database, "Ada Lund", "admin")

    assert CHECKS["People"](settings).startswith("2, 2 at the desk; now ")


def test_pictures_that_can_neither_be_read_nor_written_are_named(sqlite_database: Database, tmp_path: Path) -> None:
    settings = Settings(database_url=str(sqlite_database.engine.url))
    (tmp_path / "file").write_text("no folder")
    assert "in the database" == CHECKS["Pictures"](settings)
    assert CHECKS["Pictures"](replace(settings, pictures_dir=tmp_path / "pictures")).startswith("in ")
    with pytest.raises(Problem, match="PICTURES_DIR"):
        CHECKS["Pictures"](replace(settings, pictures_dir=tmp_path / "file"))

    with sqlite_database.transaction() as session:
        PictureStore(tmp_path).keep(session, b"x", "png", Size(3, 3), "x")
    with pytest.raises(Problem, match="1 of them lie in a folder"):
        CHECKS["Pictures"](settings)
