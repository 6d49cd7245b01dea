"""What every test may use: a database of its own, on SQLite and on PostgreSQL where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import Base, Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'handrail.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()
