"""What becomes of a topic is set in the administration: its team, a skill, and whether only people answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from handoff.admin.topics.words import REFUSED, WORDS
from handoff.topics import TopicRule, people_only_topics
from knowledge.categories import Category, CategoryText, store_categories
from staff.audit import AuditEntry
from staff.teams import default_team
from tests.cast import echo
from tests.staff import ada, client_of, csrf_token


@pytest.fixture
def admin(database: Database) -> Iterator[FlaskClient]:
    with database.transaction() as session:
        store_categories(session, [Category("warranty", texts={"en": CategoryText("Warranty")}), Category("returns")])
    served = wire_web(Settings(company="Fennimor"), database, echo)
    yield client_of(served.app, database, ada(database))
    served.stop()


def sent(client: FlaskClient, **form: Any) -> Any:
    topics = {"topic": ["warranty", "returns"], "csrf_token": csrf_token(client, "/staff/account")}
    return client.post("/admin/topics", data=topics | form)


def rules(database: Database) -> list[tuple[str, str | None, bool]]:
    with database.reading() as session:
        return [(one.topic, one.skill, one.people_only) for one in session.scalars(select(TopicRule))]


def test_a_topic_is_given_to_people_who_know_it_and_back(admin: FlaskClient, database: Database) -> None:
    with database.reading() as session:
        team = default_team(session).id
    form = {"team-warranty": team, "skill-warranty": " Machines ", "people-warranty": "on"}
    assert 303 == sent(admin, **form).status_code
    assert [("warranty", "machines", True)] == rules(database)
    with database.reading() as session:
        assert frozenset({"warranty"}) == people_only_topics(session)
    page = admin.get("/admin/topics").text
    assert "Warranty" in page
    assert WORDS["en"]["skill_of_nobody"] in page

    assert 303 == sent(admin).status_code
    assert [] == rules(database)
    with database.reading() as session:
        assert ["topic_changed", "topic_changed"] == list(session.scalars(select(AuditEntry.action)))


@pytest.mark.parametrize(
    ("form", "reason"), [({"team-returns": "nobody's"}, "no_team"), ({"skill-returns": "a, b"}, "bad_skill")]
)
def test_what_rules_no_topic_changes_none(
    admin: FlaskClient, database: Database, form: dict[str, str], reason: str
) -> None:
    answer = sent(admin, **{"people-warranty": "on"}, **form)

    assert 422 == answer.status_code
    assert REFUSED["en"][reason].partition("{")[0][:20] in answer.text
    assert [] == rules(database)


def test_what_is_as_it_was_leaves_no_entry(admin: FlaskClient, database: Database) -> None:
    sent(admin)
    with database.reading() as session:
        assert [] == list(session.scalars(select(AuditEntry)))


def test_both_languages_of_the_topics_say_the_same() -> None:
    for words in (WORDS, REFUSED):
        assert words["en"].keys() == words["de"].keys()
