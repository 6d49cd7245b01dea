"""Who may open what: every route there is, from the routing table, asked by everybody who may not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from sqlalchemy import func, select
from werkzeug.routing import Rule

from app.editing import open_editor
from app.settings import Settings
from app.wiring import wire_web
from db import Database
from knowledge.embedding import Embedder
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from staff.audit import AuditEntry
from staff.people import ADMINISTRATION, DESK, EDITING, EVERY_TEAM, ROLES, User
from tests.cast import echo
from tests.staff import EVERYBODY, ada, client_of, csrf_token

OPEN = {
    "",  # the roof's own: assets, brand, health, short addresses
    "continuing",
    "files",  # at signed addresses
    "help",
    "help_machines",
    "metrics",  # to whoever shows its token
    "phone",
    "survey",  # the page of a signed link
    "twilio",
    "twilio_webhooks",
    "webchat",
    "door",  # sign-in itself
}
"""The blueprints that are open to whoever comes."""
GUARDED = {
    "account": frozenset(ROLES),
    "admin": ADMINISTRATION,
    "categories": EDITING,
    "asking": EDITING,
    "bringing": EDITING,
    "desk": DESK,
    "desk_articles": frozenset(ROLES),
    "desk_settings": ADMINISTRATION,
    "editor": EDITING,
    "editor_picture_files": frozenset(ROLES),
    "editor_pictures": EDITING,
    "insights": EVERY_TEAM,
    "insights_open": EDITING,
    "follow_up_settings": ADMINISTRATION,
    "follow_ups": DESK,
    "life": EDITING,
    "planning": ADMINISTRATION,
    "preview": EDITING,
    "replies": ADMINISTRATION,
    "survey_links": DESK,
    "surveys": ADMINISTRATION,
    "topics": ADMINISTRATION,
    "work": EDITING,
    "writing": EDITING,
}
"""The others, and who may open them. A new one must be named here, or the first test fails."""
UUID = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def roof(sqlite_database: Database, embedder: Embedder) -> Iterator[Flask]:
    """All blueprints but those of the help centre, which are open."""
    settings = Settings(company="Fennimor", phone=True)
    served = wire_web(settings, sqlite_database, echo)
    knowledge = Knowledge(sqlite_database, embedder)
    open_editor(served.app, settings, knowledge, HelpCentre(knowledge, MemoryStorage()))
    yield served.app
    served.stop()


def blueprint_of(rule: Rule) -> str:
    return rule.endpoint.rpartition(".")[0]


def guarded(app: Flask) -> list[tuple[str, str, str]]:
    """Blueprint, method and path of every route of staff."""
    rules = [rule for rule in app.url_map.iter_rules() if blueprint_of(rule) in GUARDED]
    return [
        (blueprint_of(rule), method, path_of(app, rule))
        for rule in rules
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def path_of(app: Flask, rule: Rule) -> str:
    values = {name: _example(converter) for name, converter in rule._converters.items()}
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods or ())))


def _example(converter: object) -> object:
    kind = type(converter).__name__
    if kind == "AnyConverter":
        return sorted(converter.items)[0]  # type: ignore[attr-defined]
    return {"UUIDConverter": UUID, "IntegerConverter": 1}.get(kind, "example")


def test_it_is_known_of_every_route_who_may_open_it(roof: Flask) -> None:
    blueprints = {blueprint_of(rule) for rule in roof.url_map.iter_rules()}

    assert set() == blueprints - OPEN - set(GUARDED)
    assert set(GUARDED) <= blueprints


def test_nobody_who_is_not_signed_in_can_open_a_route_of_staff(roof: Flask) -> None:
    client = roof.test_client()
    token = csrf_token(client, "/staff/sign-in")
    for _, method, path in guarded(roof):
        answer = client.open(path, method=method, headers={"X-CSRFToken": token})
        assert (302, True) == (answer.status_code, "/staff/sign-in" in answer.location), (method, path)


def test_nobody_can_open_a_route_of_staff_without_the_right(roof: Flask, sqlite_database: Database) -> None:
    clients = {role: client_of(roof, sqlite_database, make(sqlite_database)) for role, make in EVERYBODY.items()}
    refused = 0
    for (role, client), (blueprint, method, path) in product(clients.items(), guarded(roof)):
        if role in GUARDED[blueprint]:
            continue
        token = csrf_token(client, "/staff/account")
        answer = client.open(path, method=method, headers={"X-CSRFToken": token})
        assert (403, "no-store") == (answer.status_code, answer.headers["Cache-Control"]), (role, method, path)
        refused += 1
    assert refused > 30


@pytest.mark.parametrize("forged", [None, "forged", "another's"])
def test_a_form_of_another_site_cant_change_anything(
    roof: Flask, sqlite_database: Database, forged: str | None
) -> None:
    user = ada(sqlite_database)
    client = client_of(roof, sqlite_database, user)
    csrf_token(client, "/staff/account")
    sent = csrf_token(roof.test_client(), "/staff/sign-in") if forged == "another's" else forged
    changing = [(method, path) for _, method, path in guarded(roof) if method != "GET"]
    for method, path in [*changing, ("POST", "/staff/sign-out"), ("POST", "/staff/sign-in")]:
        form = {"name": "Eve", "email": user.email, "role": "admin", "locale": "en"}
        answer = client.open(path, method=method, data=form | ({"csrf_token": sent} if sent else {}))
        assert 400 == answer.status_code, path
        assert "nothing was changed" in answer.text
    with sqlite_database.reading() as session:
        assert 0 == session.scalar(select(func.count(AuditEntry.id)))
        assert "Ada Novak" == session.scalars(select(User.name)).one()
    assert 200 == client.get("/staff/account").status_code


def test_no_page_of_staff_can_be_framed_or_kept(roof: Flask, sqlite_database: Database) -> None:
    client = client_of(roof, sqlite_database, ada(sqlite_database))
    for _, method, path in guarded(roof):
        if method == "GET":
            headers = client.get(path).headers
            assert "no-store" == headers["Cache-Control"], path
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
            assert "SAMEORIGIN" == headers["X-Frame-Options"], path


def test_an_agent_cant_open_the_administration(roof: Flask, sqlite_database: Database) -> None:
    page = _visit(roof, sqlite_database, "agent").get("/admin/staff")
    assert 403 == page.status_code
    assert "Your role does not open this page." in page.text


def test_a_role_that_was_taken_away_opens_nothing_from_the_next_request_on(
    roof: Flask, sqlite_database: Database
) -> None:
    user = ada(sqlite_database)
    client = client_of(roof, sqlite_database, user)
    assert 200 == client.get("/admin/staff").status_code
    with sqlite_database.transaction() as session:
        session.merge(user).role = "agent"

    assert 403 == client.get("/admin/staff").status_code


def _visit(roof: Flask, database: Database, role: str) -> FlaskClient:
    return client_of(roof, database, EVERYBODY[role](database))  # type: ignore[index]
