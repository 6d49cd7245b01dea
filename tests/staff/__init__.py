"""Who works here in the tests, and how they sign in."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import Database, utc_now
from staff.passwords import hash_password
from staff.people import ADMIN, AGENT, EDITOR, SUPERVISOR, Role, User
from staff.sessions import begin_session
from staff.teams import Team, TeamMember, default_team
from staff.views import GATE

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

PASSWORD = "kettle by the window"
"""Everybody's."""


def mira(database: Database, team: str | None = "") -> User:
    """An agent of the default team, or of the team with this name, which is made; None: of no team."""
    return _employ(database, "Mira Lindqvist", AGENT, team)


def jonas(database: Database, team: str | None = "") -> User:
    """Another agent."""
    return _employ(database, "Jonas Weber", AGENT, team, locale="de")


def edda(database: Database) -> User:
    """Who writes the articles and sees no conversation."""
    return _employ(database, "Edda Storm", EDITOR)


def employ_editor(database: Database, name: str, locale: str = "en") -> User:
    """Another who writes articles."""
    return _employ(database, name, EDITOR, locale=locale)


def susanne(database: Database) -> User:
    """A supervisor."""
    return _employ(database, "Susanne Kalb", SUPERVISOR)


def ada(database: Database) -> User:
    """An admin."""
    return _employ(database, "Ada Novak", ADMIN)


EVERYBODY = {AGENT: mira, EDITOR: edda, SUPERVISOR: susanne, ADMIN: ada}


def _employ(
    database: Database, name: str, role: Role, team: str | None = None, locale: str = "en", now: datetime | None = None
) -> User:
    with database.transaction() as session:
        user = User(
            email=f"{name.split(maxsplit=1)[0].lower()}@fennimor.example",
            name=name,
            role=role,
            locale=locale,
            password_hash=_hashed(),
            created_at=now or utc_now(),
        )
        session.add(user)
        session.flush()
        if team is not None:
            session.add(TeamMember(team_id=_team(session, team).id, user_id=user.id))
    return user


def _team(session: Session, name: str) -> Team:
    if not name:
        return default_team(session)
    found = session.scalars(select(Team).filter_by(name=name)).one_or_none()
    if found is None:
        found = Team(name=name)
        session.add(found)
        session.flush()
    return found


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


def session_cookie(app: Flask, database: Database, user: User) -> tuple[str, str]:
    """Name and value of a cookie that signs a user in."""
    with database.transaction() as session:
        return app.extensions[GATE].cookie, begin_session(session, user, "Chrome, Linux", utc_now())


def client_of(app: Flask, database: Database, user: User) -> FlaskClient:
    """A client that is signed in, without the form: for tests of what lies behind it."""
    client = app.test_client()
    client.set_cookie(*session_cookie(app, database, user))
    return client


def csrf_token(client: FlaskClient, path: str) -> str:
    """What a page at `path` sends along with every change: field `csrf_token`, or header `X-CSRFToken`."""
    page = client.get(path).text
    before, mark, rest = page.partition('name="csrf_token" value="')
    assert mark, before[:500]
    return rest.partition('"')[0]


def sign_in_browser(context: BrowserContext, url: str, database: Database, user: User) -> None:
    """Signs a browser in at the server with this address, which must use this database."""
    with database.transaction() as session:
        token = begin_session(session, user, "Chrome, Linux", utc_now())
    context.add_cookies([{"name": "handrail_staff", "value": token, "url": url}])
