"""`handrail user`, as the person who installs Handrail uses it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from app.settings import Settings
from app.staffing import first_admin_link, is_administered
from db import Database
from staff.links import choose_password, look_at
from staff.refusals import Refused
from staff.signing_in import Visit
from tests.app.command_line import Handrail, start_handrail
from tests.cast import MONDAY
from tests.staff import PASSWORD, ada, mira

ADA = ("ada@fennimor.example", "--name", "Ada [b]Novak", "--role", "admin", "--team", "Support")


@pytest.fixture
def user(handrail: Handrail, sqlite_database: Database) -> Handrail:
    return partial(handrail, "user", DATABASE_URL=str(sqlite_database.engine.url))


def test_somebody_is_added_listed_and_given_a_link(user: Handrail, sqlite_database: Database) -> None:
    url = str(sqlite_database.engine.url)
    added = start_handrail("user", "add", *ADA, DATABASE_URL=url, PUBLIC_URL="https://help.fennimor.example")
    assert added.stdout.startswith("https://help.fennimor.example/staff/link/")
    assert "for 7 days" in added.stderr
    choose_password(sqlite_database, added.stdout.strip().rpartition("/")[2], PASSWORD, Visit("203.0.113.7"), MONDAY)

    listed = user("list").stdout
    assert ["ada@fennimor.example", "Ada", "[b]Novak", "admin", "Support", "active"] == listed.splitlines()[1].split()
    assert "for 24 hours" in user("link", " Ada@Fennimor.example ").stderr


def test_somebody_is_deactivated_but_not_the_last_admin(user: Handrail, sqlite_database: Database) -> None:
    mira(sqlite_database)
    assert 0 == user("deactivate", "mira@fennimor.example").returncode
    assert "deactivated" in user("list").stdout
    user("add", *ADA)
    refused = user("deactivate", "ada@fennimor.example")

    assert 1 == refused.returncode
    assert "There must be an admin who can sign in." in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("list",), "Nobody works here yet."),
        (("link", "nobody@fennimor.example"), "Nobody has the address nobody@fennimor.example."),
        (("add", "ada", "--name", "Ada"), "This is not an e-mail address."),
        (("add", "ada@fennimor.example", "--name", "Ada", "--role", "king"), "Please choose a role."),
        (
            ("add", "ada@fennimor.example", "--name", "Ada", "--team", "Tea"),
            "There is no team Tea. There are: Support.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_can_not_be_is_said_in_a_sentence(user: Handrail, arguments: tuple[str, ...], sentence: str) -> None:
    outcome = user(*arguments)

    assert 1 == outcome.returncode
    assert sentence in " ".join(outcome.stderr.split())


def test_a_database_that_was_never_prepared_is_named(handrail: Handrail, tmp_path: Path) -> None:
    outcome = handrail("user", "list", DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")

    assert 2 == outcome.returncode
    assert "handrail migrate" in outcome.stderr


def test_a_start_makes_a_link_only_while_nobody_works_here(sqlite_database: Database) -> None:
    settings = Settings(database_url=str(sqlite_database.engine.url), public_url="https://help.fennimor.example")
    older, newer = first_admin_link(settings), first_admin_link(settings)
    assert older
    assert newer
    with sqlite_database.reading() as session:
        assert look_at(session, newer.rpartition("/")[2], MONDAY) is None
        with pytest.raises(Refused, match="link_unknown"):
            look_at(session, older.rpartition("/")[2], MONDAY)
    mira(sqlite_database)

    assert first_admin_link(settings) is None
    assert not is_administered(settings)
    ada(sqlite_database)
    assert is_administered(settings)
