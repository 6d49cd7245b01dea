"""The shop of the tests of surveys."""

from __future__ import annotations

import pytest

from db import Database
from tests.insights.surveys.scene import Scene


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)
