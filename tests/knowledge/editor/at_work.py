"""The editor and the help centre under their roof, without the bot's dialogue, asked without a socket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage

from app.assets import Assets
from app.brand import Brand
from app.editing import open_editor
from app.settings import Settings
from app.staffing import open_staff
from app.web import create_app
from app.wiring import add_help_centre
from knowledge.help import STATIC
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from staff.people import User
from tests.staff import client_of, csrf_token

SETTINGS = Settings(company="Gartenbank")


@dataclass(frozen=True)
class Workplace:
    app: Flask
    knowledge: Knowledge

    def client(self, user: User) -> FlaskClient:
        return client_of(self.app, self.knowledge.database, user)

    @property
    def customer(self) -> FlaskClient:
        return self.app.test_client()

    def post(self, user: User, path: str, **what: Any) -> Any:
        """As a script of the page does."""
        client = self.client(user)
        headers = {"X-CSRFToken": csrf_token(client, "/staff/account"), "Accept": "application/json"}
        return client.post(path, headers=headers, **what)


def open_workplace(knowledge: Knowledge, settings: Settings = SETTINGS, **more: Any) -> Workplace:
    """`more`: what `open_editor` may be given besides."""
    centre = HelpCentre(knowledge, MemoryStorage())
    app = create_app(settings, knowledge.database, Assets({"help": STATIC}), Brand(settings.company))
    open_staff(app, settings, knowledge.database)
    add_help_centre(app, settings, centre)
    open_editor(app, settings, knowledge, centre, **more)
    return Workplace(app, knowledge)
