"""A real store of articles, with the real embedding model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from db import Database
from knowledge.embedding import Embedder
from knowledge.library import Knowledge
from tests.knowledge.sources.web import Site, open_site


@pytest.fixture
def knowledge(database: Database, embedder: Embedder) -> Knowledge:
    return Knowledge(database, embedder)


@pytest.fixture
def sqlite_knowledge(sqlite_database: Database, embedder: Embedder) -> Knowledge:
    return Knowledge(sqlite_database, embedder)


@pytest.fixture
def site() -> Iterator[Site]:
    """A web on this machine."""
    with open_site() as opened:
        yield opened
