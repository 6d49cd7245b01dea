"""The pages of staff under their roof, around a bot that says what it was asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from tests.cast import echo


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    served = wire_web(Settings(company="Fennimor"), database, echo)
    yield served.app
    served.stop()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody is signed in with yet."""
    return app.test_client()
