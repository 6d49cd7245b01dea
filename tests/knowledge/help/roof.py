"""A help centre under the application's roof, without the bot, asked without a socket."""

from __future__ import annotations

from flask.testing import FlaskClient

from app.assets import Assets
from app.brand import Brand
from app.settings import Settings
from app.web import create_app
from app.wiring import add_help_centre
from knowledge.help import STATIC
from knowledge.help.centre import HelpCentre

SETTINGS = Settings(company="Gartenbank")


def client_of(centre: HelpCentre, settings: Settings = SETTINGS) -> FlaskClient:
    app = create_app(settings, centre.database, Assets({"help": STATIC}), Brand(settings.company))
    add_help_centre(app, settings, centre)
    return app.test_client()
