"""Vectors stored beside the texts they belong to: computed once per text and model, whoever asks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from db import Database
from knowledge.articles import Embedding, Passage, Translation
from knowledge.embedding import Embedder
from knowledge.passages import embedded_text
from knowledge.rows import insert_new

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""

T = TypeVar("T")

TEXTS_PER_STEP = 1_024
"""Enough for the encoder to work at full speed, little enough to lose when the process is killed."""
HASHES_PER_QUERY = 500
"""SQLite takes 32 766 parameters at most; a query of some hundred is planned faster."""


def embed_new(database: Database, embedder: Embedder, texts: Mapping[str, str]) -> dict[str, bytes]:
    """The vectors of those texts (by content hash) that have none of this model yet. Opens no write transaction."""
    with database.reading() as session:
        known = _known(session, embedder.name, texts)
    missing = [content_hash for content_hash in texts if content_hash not in known]
    if not missing:
        return {}
    vectors = embedder.embed_passages([texts[content_hash] for content_hash in missing])
    return {content_hash: to_bytes(vector) for content_hash, vector in zip(missing, vectors, strict=True)}


def store(session: Session, model: str, vectors: Mapping[str, bytes]) -> None:
    """Keeps vectors; one that somebody else has stored meanwhile is left as it is."""
    insert_new(
        session, Embedding, [{"content_hash": key, "model": model, "vector": value} for key, value in vectors.items()]
    )


def embed_missing(database: Database, embedder: Embedder, progress: Progress | None = None) -> int:
    """Embeds the live passages that have no vector of this model, after a change of model; returns how many."""
    missing = _live_without_vector(database, embedder.name)
    done = 0
    for step in steps(missing.items(), TEXTS_PER_STEP):
        vectors = embed_new(database, embedder, dict(step))
        with database.transaction() as session:
            store(session, embedder.name, vectors)
        done += len(step)
        if progress:
            progress(done, len(missing))
    return done


def remembered_questions(
    database: Database, embedder: Embedder, questions: Sequence[str], progress: Progress | None = None
) -> dict[str, Vectors]:
    """The vectors of questions, kept in the database: for measuring the same ones again and again."""
    hashes = {text: question_hash(text) for text in questions}
    with database.reading() as session:
        known = _known(session, embedder.name, hashes.values())
    missing = [text for text, content_hash in hashes.items() if content_hash not in known]
    done = 0
    for some in steps(missing, TEXTS_PER_STEP):
        vectors = embedder.embed_questions(some)
        with database.transaction() as session:
            new = {hashes[text]: to_bytes(vector) for text, vector in zip(some, vectors, strict=True)}
            store(session, embedder.name, new)
        done += len(some)
        if progress:
            progress(done, len(missing))
    kept = stored_vectors(database, embedder.name, hashes.values())
    return {text: kept[content_hash] for text, content_hash in hashes.items()}


def question_hash(question: str) -> str:
    """Under which the vector of a question is kept: a model embeds the same text as a passage differently."""
    return hashlib.sha256(f"question\0{question}".encode()).hexdigest()


def stored_vectors(database: Database, model: str, hashes: Iterable[str]) -> dict[str, Vectors]:
    """Those of these content hashes that are there."""
    found: dict[str, Vectors] = {}
    with database.reading() as session:
        for some in steps(hashes, HASHES_PER_QUERY):
            query = select(Embedding.content_hash, Embedding.vector).where(
                Embedding.model == model, Embedding.content_hash.in_(some)
            )
            found |= {key: np.frombuffer(kept, dtype="<f4") for key, kept in session.execute(query)}
    return found


def to_bytes(vector: Vectors) -> bytes:
    return np.asarray(vector, dtype="<f4").tobytes()


def _known(session: Session, model: str, hashes: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for some in steps(hashes, HASHES_PER_QUERY):
        query = select(Embedding.content_hash).where(Embedding.model == model, Embedding.content_hash.in_(some))
        known.update(session.scalars(query))
    return known


def _live_without_vector(database: Database, model: str) -> dict[str, str]:
    has_vector = and_(Embedding.content_hash == Passage.content_hash, Embedding.model == model)
    query = (
        select(Passage.content_hash, Passage.heading_path, Passage.text)
        .join(Translation, Translation.live_revision_id == Passage.revision_id)
        .outerjoin(Embedding, has_vector)
        .where(Embedding.content_hash.is_(None))
    )
    with database.reading() as session:
        return {content_hash: embedded_text(path, text) for content_hash, path, text in session.execute(query)}


def steps(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while step := list(islice(iterator, size)):
        yield step
