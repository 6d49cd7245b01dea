"""A help centre of a shop for garden furniture under its roof, asked without a socket; and the demo's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from limits.storage import MemoryStorage

from db import Database
from knowledge.embedding import load_embedder
from knowledge.help.centre import HelpCentre
from knowledge.library import Knowledge
from tests.conftest import MODELS
from tests.knowledge.help.roof import client_of
from tests.knowledge.shop import BENCH, RETURNS, RETURNS_DE, article


@pytest.fixture
def shop(sqlite_knowledge: Knowledge) -> HelpCentre:
    """Three articles, one of them in both languages, no category with an entry."""
    sqlite_knowledge.publish(article(RETURNS), article(RETURNS_DE), article(BENCH))
    return HelpCentre(sqlite_knowledge, MemoryStorage())


@pytest.fixture
def client(shop: HelpCentre) -> FlaskClient:
    return client_of(shop)


@pytest.fixture(scope="session")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HelpCentre]:
    path = tmp_path_factory.mktemp("demo-help") / "handrail.db"
    shutil.copy(demo_template, path)
    database = Database(f"sqlite:///{path}")
    knowledge = Knowledge(database, load_embedder("multilingual-e5-small+all-MiniLM-L6-v2", MODELS))
    yield HelpCentre(knowledge, MemoryStorage())
    database.close()
