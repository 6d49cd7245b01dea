"""The real embedding model, once per session, and the shop whose help articles the tests write."""

from __future__ import annotations

import pytest

from db import Database
from knowledge.embedding import Embedder, load_embedder
from knowledge.library import Knowledge
from tests.conftest import MODELS


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return load_embedder("all-MiniLM-L6-v2", MODELS)


@pytest.fixture
def knowledge(database: Database, embedder: Embedder) -> Knowledge:
    return Knowledge(database, embedder)


@pytest.fixture
def sqlite_knowledge(sqlite_database: Database, embedder: Embedder) -> Knowledge:
    return Knowledge(sqlite_database, embedder)
