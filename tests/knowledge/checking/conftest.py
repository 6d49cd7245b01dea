"""The demo help centre, which every test may change: each has a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import Database
from knowledge.embedding import Embedder, load_embedder
from knowledge.library import Knowledge
from staff.people import EDITOR, User
from tests.cast import MONDAY
from tests.conftest import MODELS
from tests.knowledge.checking.texts import EDDA


@pytest.fixture(scope="session")
def both_models() -> Embedder:
    """What is served: the one for every language, and the one for English."""
    return load_embedder("multilingual-e5-small+all-MiniLM-L6-v2", MODELS)


@pytest.fixture
def demo(demo_template: Path, tmp_path: Path, both_models: Embedder) -> Iterator[Knowledge]:
    shutil.copy(demo_template, tmp_path / "demo.db")
    database = Database(f"sqlite:///{tmp_path / 'demo.db'}")
    yield Knowledge(database, both_models)
    database.close()


@pytest.fixture
def edda(demo: Knowledge) -> str:
    """The id of Edda, who edits."""
    with demo.database.transaction() as session:
        session.add(User(id=EDDA, email="edda@shop.example", name="Edda", role=EDITOR, created_at=MONDAY))
    return EDDA
