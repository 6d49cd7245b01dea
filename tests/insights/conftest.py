"""A house in Leipzig in which things happen, and its pages of figures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from tests.cast import echo
from tests.handoff.people import works_in_leipzig
from tests.insights.told import Told
from tests.staff import client_of, susanne

TOKEN = "metrics for prometheus"


@pytest.fixture
def told(database: Database) -> Told:
    works_in_leipzig(database)
    return Told(database)


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    served = wire_web(Settings(company="Fennimor", metrics_token=TOKEN), database, echo)
    served.workers.stop()
    yield served.app
    served.stop()


@pytest.fixture
def supervisor(app: Flask, told: Told) -> FlaskClient:
    return client_of(app, told.database, susanne(told.database))
