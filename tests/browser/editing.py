"""An editor's house in a browser: articles, who writes them, and pages that complain to the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from limits.storage import MemoryStorage
from playwright.sync_api import Page

from app.editing import open_editor
from app.settings import Settings
from app.wiring import add_help_centre, wire_web
from db import Database
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from staff.people import User
from tests.cast import echo

Enter = Callable[..., Page]


@dataclass
class House:
    """A running Handrail with an editor."""

    url: str
    app: Flask
    database: Database
    knowledge: Knowledge
    edda: User
    susanne: User


def open_house(knowledge: Knowledge, port: int) -> Flask:
    settings = Settings(company="Fennimor", port=port)
    served = wire_web(settings, knowledge.database, echo)
    centre = HelpCentre(knowledge, MemoryStorage())
    add_help_centre(served.app, settings, centre)
    open_editor(served.app, settings, knowledge, centre)
    served.workers.stop()
    return served.app
