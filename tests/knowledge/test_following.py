"""Every process finds what any process published, within moments and without a restart."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from sqlalchemy import text as sql

from db import Database
from knowledge.articles import Embedding
from knowledge.embedding import Embedder, load_embedder
from knowledge.index.follower import LOOK_EVERY_SECONDS
from knowledge.library import Knowledge
from tests.conftest import MODELS
from tests.knowledge.shop import BENCH, RETURNS_DE, article, found

PUBLISHER = """
import sys
from pathlib import Path
from db import Database
from knowledge.embedding import load_embedder
from knowledge.library import Knowledge
from tests.knowledge.shop import article
Knowledge(Database(sys.argv[1]), load_embedder("all-MiniLM-L6-v2", Path(sys.argv[2]))).publish(article())
"""


def test_one_handle_finds_what_another_published_and_withdrew(
    knowledge: Knowledge, database_url: str, embedder: Embedder
) -> None:
    elsewhere = Knowledge(Database(database_url), embedder)
    knowledge.publish(article(), article(BENCH))
    assert ["bench-fn-204518"] == found(elsewhere.refresh(), "FN-204518")
    knowledge.withdraw("bench-fn-204518", "en")
    assert [] == found(elsewhere.refresh(), "FN-204518")
    elsewhere.database.close()


def test_a_handle_looks_for_changes_by_itself(knowledge: Knowledge, database_url: str, embedder: Embedder) -> None:
    elsewhere = Knowledge(Database(database_url), embedder)
    knowledge.publish(article())
    time.sleep(LOOK_EVERY_SECONDS)
    assert ["return-an-item"] == found(elsewhere.snapshot, "item")
    elsewhere.database.close()


def test_what_another_process_published_is_found(knowledge: Knowledge, database_url: str) -> None:
    subprocess.run([sys.executable, "-c", PUBLISHER, database_url, str(MODELS)], check=True, cwd=MODELS.parents[2])
    assert ["return-an-item"] == found(knowledge.refresh(), "item")


def test_a_snapshot_taken_before_a_change_stays_as_it_was(knowledge: Knowledge) -> None:
    knowledge.publish(article())
    before = knowledge.snapshot
    knowledge.publish(article(title="Send a zebra back"))
    knowledge.withdraw("return-an-item", "en")
    assert (["return-an-item"], []) == (found(before, "item"), found(before, "zebra"))
    assert "Return an item" == before.articles["return-an-item", "en"].title


def test_after_a_change_of_model_every_passage_is_embedded_again_and_models_never_mix(
    sqlite_knowledge: Knowledge, embedder: Embedder
) -> None:
    sqlite_knowledge.publish(article(), article(RETURNS_DE))
    two = load_embedder("all-MiniLM-L6-v2+multilingual-e5-small", MODELS)
    told: list[tuple[int, int]] = []
    both = Knowledge(sqlite_knowledge.database, two, lambda done, of: told.append((done, of)))
    assert (768, [(8, 8)]) == (both.snapshot.vectors([0]).shape[1], told)
    with sqlite_knowledge.database.reading() as session:
        models = session.query(Embedding.model).distinct().all()
    assert {(embedder.name,), (two.name,)} == {tuple(row) for row in models}


def test_a_process_with_another_model_embeds_what_it_follows(sqlite_knowledge: Knowledge) -> None:
    other = Knowledge(sqlite_knowledge.database, load_embedder("multilingual-e5-small", MODELS))
    sqlite_knowledge.publish(article())
    rows = other.refresh().rows_of("return-an-item", "en")
    vector = other.embedder.embed_passages(["Return an item"])[0]
    assert pytest.approx(1.0, abs=1e-5) == other.snapshot.cosines(vector, rows)[0]


def test_a_database_put_back_to_an_earlier_state_is_read_anew(sqlite_knowledge: Knowledge) -> None:
    sqlite_knowledge.publish(article())
    sqlite_knowledge.publish(article(BENCH))
    with sqlite_knowledge.database.transaction() as session:
        for table in ("passage", "article_translation", "article_revision", "article", "index_change", "index_version"):
            session.execute(sql(f"DELETE FROM {table}"))
    assert {} == sqlite_knowledge.refresh().articles
