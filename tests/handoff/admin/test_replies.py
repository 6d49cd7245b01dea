"""Canned replies are written in the administration, and agents find them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from handoff.admin.replies.words import DONE, REFUSED, WORDS
from handoff.canned import CannedReply
from handoff.desk.inserting import canned_for, filled
from staff.audit import AuditEntry
from tests.cast import echo
from tests.staff import ada, client_of, csrf_token, mira

FORM = {"shortcut": "refund-sent", "title-en": "Refund is on its way", "text-en": "Hello {customer}, it is on its way."}


@pytest.fixture
def admin(database: Database) -> Iterator[FlaskClient]:
    served = wire_web(Settings(company="Fennimor"), database, echo)
    yield client_of(served.app, database, ada(database))
    served.stop()


def sent(client: FlaskClient, path: str, **form: str) -> Any:
    return client.post(f"/admin/replies/{path}", data=form | {"csrf_token": csrf_token(client, "/staff/account")})


def kept(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        found = session.scalars(select(CannedReply).order_by(CannedReply.locale))
        return [(one.shortcut, one.locale, one.text) for one in found]


def test_one_is_written_found_at_the_desk_changed_and_deleted(admin: FlaskClient, database: Database) -> None:
    agent = mira(database)
    assert 303 == sent(admin, "new", **FORM).status_code
    with database.reading() as session:
        [found] = canned_for(session, agent, None, "en", "ref", {"customer": "Anna"})
    assert "Hello Anna, it is on its way." == found.text

    german = {"title-de": "Geld ist unterwegs", "text-de": "Guten Tag, es ist unterwegs."}
    assert 303 == sent(admin, "edit/refund-sent", **(FORM | german | {"shortcut": "/money-sent"})).status_code
    assert [("money-sent", "de"), ("money-sent", "en")] == [(one, locale) for one, locale, _ in kept(database)]
    assert "/money-sent" in admin.get("/admin/replies").text
    assert "Geld ist unterwegs" in admin.get("/admin/replies/edit/money-sent").text
    assert 404 == admin.get("/admin/replies/edit/refund-sent").status_code

    assert 303 == sent(admin, "edit/money-sent/delete").status_code
    assert [] == kept(database)
    with database.reading() as session:
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert ["reply_written", "reply_written", "reply_deleted"] == actions


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"shortcut": ""}, "bad_shortcut"),
        ({"shortcut": "Refund sent!"}, "bad_shortcut"),
        ({"shortcut": "x" * 41}, "bad_shortcut"),
        ({"title-en": "", "text-en": " "}, "no_text"),
        ({"title-en": ""}, "half"),
        ({"text-en": "x" * 2001}, "too_long"),
        ({"text-en": "Hello {name}"}, "bad_variable"),
        ({"team": "nobody's"}, "no_team"),
    ],
)
def test_what_makes_no_reply_changes_nothing_and_comes_back_as_it_was_typed(
    admin: FlaskClient, database: Database, change: dict[str, str], reason: str
) -> None:
    answer = sent(admin, "new", **(FORM | change))

    assert 422 == answer.status_code
    assert REFUSED["en"][reason].partition("{")[0].strip() in answer.text.replace("&#39;", "'")
    assert (FORM | change)["text-en"].strip() in answer.text
    assert [] == kept(database)


def test_two_cant_have_the_same_shortcut(admin: FlaskClient, database: Database) -> None:
    sent(admin, "new", **FORM)

    assert 422 == sent(admin, "new", **FORM).status_code
    assert 1 == len(kept(database))


def test_markup_in_a_reply_cant_run_in_the_administration(admin: FlaskClient) -> None:
    sent(admin, "new", **(FORM | {"title-en": "<script>alert(1)</script>"}))

    assert "<script>alert" not in admin.get("/admin/replies").text


def test_both_languages_say_the_same() -> None:
    for words in (WORDS, DONE, REFUSED):
        assert words["en"].keys() == words["de"].keys()


def test_a_customer_without_a_name_leaves_no_gap() -> None:
    assert "Hello, thank you" == filled("Hello {customer}, thank you", {"customer": ""})
