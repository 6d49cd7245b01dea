"""Puts the pages of staff under the roof: the gate, the door, and the entries of their navigations."""

from __future__ import annotations

from flask import Flask

from app.secret import signing_key
from app.settings import Settings
from db import Database
from staff.account.views import make_blueprint as make_account
from staff.door.views import make_blueprint as make_door
from staff.guard import Place
from staff.people import ADMINISTRATION, DESK
from staff.views import Gate, set_up_gate

PLACES = (
    Place("/desk", {"en": "Desk", "de": "Desk"}, DESK, "inbox"),
    Place("/admin/", {"en": "Admin", "de": "Verwaltung"}, ADMINISTRATION, "settings"),
)
"""The areas of the top bar; the first that a role may open is where it begins."""
ADMIN_PAGES: tuple[Place, ...] = ()
"""The pages of the administration, in the order of its side navigation."""


def open_staff(app: Flask, settings: Settings, database: Database) -> None:
    """The gate is set up first: what is guarded afterwards stands behind it."""
    app.secret_key = signing_key(database, settings.secret_key)
    set_up_gate(app, Gate(database, PLACES, ADMIN_PAGES, settings.base_url.startswith("https://")))
    for blueprint in (make_door(database), make_account(database)):
        app.register_blueprint(blueprint)
