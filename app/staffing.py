"""Puts the pages of staff under the roof: the gate, the door, the entries of their navigations, the first link."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Flask
from sqlalchemy import select

from app.secret import signing_key
from app.settings import Settings
from db import Database, utc_now
from handoff.admin.desk.views import make_blueprint as make_desk_settings
from handoff.admin.planning.views import make_blueprint as make_planning
from handoff.admin.replies.views import make_blueprint as make_replies
from handoff.admin.topics.views import make_blueprint as make_topics
from insights.follow_ups.admin.views import make_blueprint as make_follow_up_settings
from insights.follow_ups.annex import calls_for
from insights.surveys.admin.views import make_blueprint as make_surveys
from insights.surveys.links import Links
from staff.account.views import make_blueprint as make_account
from staff.admin.views import make_blueprint as make_admin
from staff.door.views import make_blueprint as make_door
from staff.guard import Call, Place
from staff.links import link_path, make_first_link
from staff.people import ADMIN, ADMINISTRATION, DESK, EDITING, User
from staff.sealing import Seal
from staff.views import Gate, set_up_gate

PLACES = (
    Place("/desk", {"en": "Desk", "de": "Desk"}, DESK, "inbox"),
    Place("/editor/", {"en": "Editor", "de": "Redaktion"}, EDITING, "pencil"),
    Place("/insights/", {"en": "Figures", "de": "Zahlen"}, EDITING, "chart-line"),
    Place("/admin/", {"en": "Admin", "de": "Verwaltung"}, ADMINISTRATION, "settings"),
)
"""The areas of the top bar; the first that a role may open is where it begins."""
ADMIN_PAGES = (
    Place("/admin/staff", {"en": "Staff", "de": "Personen"}, ADMINISTRATION, "users"),
    Place("/admin/teams", {"en": "Teams", "de": "Teams"}, ADMINISTRATION, "building-2"),
    Place("/admin/hours", {"en": "Opening hours", "de": "Öffnungszeiten"}, ADMINISTRATION, "clock"),
    Place("/admin/targets", {"en": "Targets", "de": "Ziele"}, ADMINISTRATION, "hourglass"),
    Place("/admin/topics", {"en": "Topics", "de": "Themen"}, ADMINISTRATION, "book-open"),
    Place("/admin/replies", {"en": "Canned replies", "de": "Textbausteine"}, ADMINISTRATION, "zap"),
    Place("/admin/desk", {"en": "Desk settings", "de": "Einstellungen"}, ADMINISTRATION, "sliders-horizontal"),
    Place("/admin/follow-ups", {"en": "Follow-ups", "de": "Nachfassen"}, ADMINISTRATION, "life-buoy"),
    Place("/admin/surveys", {"en": "Surveys", "de": "Umfragen"}, ADMINISTRATION, "star"),
    Place("/admin/audit", {"en": "Audit log", "de": "Protokoll"}, ADMINISTRATION, "history"),
)
"""The pages of the administration, in the order of its side navigation."""


def open_staff(app: Flask, settings: Settings, database: Database) -> None:
    """The gate is set up first: what is guarded afterwards stands behind it."""
    app.secret_key = key = signing_key(database, settings.secret_key)
    is_secure = settings.base_url.startswith("https://")
    gate = Gate(database, PLACES, ADMIN_PAGES, settings.public_url, is_secure, partial(_calls, database))
    set_up_gate(app, gate)
    seal = Seal(key)
    app.register_blueprint(make_door(database, seal))
    app.register_blueprint(make_account(database, seal, settings.company))
    app.register_blueprint(make_admin(database))
    app.register_blueprint(make_planning(database))
    app.register_blueprint(make_replies(database))
    app.register_blueprint(make_topics(database))
    app.register_blueprint(make_desk_settings(database))
    app.register_blueprint(make_follow_up_settings(database))
    app.register_blueprint(make_surveys(database, Links(key, settings.base_url)))


def is_administered(settings: Settings) -> bool:
    """Whether anybody who works here may add others."""
    database = Database(settings.database_url)
    with database.reading() as session:
        found = session.scalars(select(User.id).filter_by(role=ADMIN, is_active=True).limit(1)).first()
    database.close()
    return found is not None


def _calls(database: Database, user: User) -> Sequence[Call]:
    with database.reading() as session:
        return calls_for(session, user, utc_now())


def first_admin_link(settings: Settings) -> str | None:
    """The link that makes the first admin, while nobody works here; the one before is worth nothing any more."""
    database = Database(settings.database_url)
    with database.transaction() as session:
        token = make_first_link(session)
    database.close()
    return f"{settings.base_url}{link_path(token)}" if token else None
