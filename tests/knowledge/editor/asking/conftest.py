"""The demo help centre under the roof with its editor, and Edda signed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage

from app.editing import open_editor
from app.settings import Settings
from app.wiring import wire_web
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from tests.cast import echo
from tests.knowledge.checking.conftest import both_models, demo
from tests.knowledge.editor.asking.desk import Desk
from tests.staff import client_of, edda

__all__ = ["both_models", "demo"]


@pytest.fixture
def roof(demo: Knowledge) -> Iterator[Flask]:
    settings = Settings(company="Fennimor")
    served = wire_web(settings, demo.database, echo)
    open_editor(served.app, settings, demo, HelpCentre(demo, MemoryStorage()))
    yield served.app
    served.stop()


@pytest.fixture
def client(roof: Flask, demo: Knowledge) -> FlaskClient:
    return client_of(roof, demo.database, edda(demo.database))


@pytest.fixture
def desk(client: FlaskClient, demo: Knowledge) -> Desk:
    """Where Edda writes about the return window."""
    return Desk(client, demo)
