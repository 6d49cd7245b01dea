"""The desk under its roof, on a morning with customers in several channels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.settings import Settings
from app.wiring import wire_web
from db import Database
from tests.cast import MONDAY
from tests.handoff.desk_scene import Scene, helpful, open_scene


@pytest.fixture
def scene(database: Database) -> Scene:
    return open_scene(database, MONDAY)


@pytest.fixture
def app(database: Database, scene: Scene) -> Iterator[Flask]:
    served = wire_web(Settings(company="Fennimor"), database, helpful)
    # What happens here has a clock of its own, and takes its own turns.
    served.workers.stop()
    yield served.app
    served.stop()
