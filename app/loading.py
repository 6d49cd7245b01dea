"""What is loaded before anything else: database, embedding model, knowledge and bot. Nothing of the web."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.settings import Settings
from db import Database, DatabaseError
from knowledge.pictures import PictureStore

if TYPE_CHECKING:
    from bot.engine import Engine
    from knowledge.embedding import Embedder
    from knowledge.library import Knowledge
    from knowledge.vectors import Progress

Say = Callable[[str], None]
"""Told in sentences what takes long."""


def open_migrated(settings: Settings) -> Database:
    """The database, if its tables are of this version. Raises DatabaseError."""
    from db.migrating import is_migrated

    opened = Database(settings.database_url)
    if not is_migrated(opened):
        raise DatabaseError("The database has no tables, or those of another version. Run: handrail migrate")
    return opened


def models_folder(settings: Settings) -> Path:
    return settings.cache_dir / "models"


def bot_folder(settings: Settings) -> Path:
    return settings.cache_dir / "bot"


def load_embedding(settings: Settings, say: Say | None = None) -> Embedder:
    """The embedder of EMBEDDING_MODEL. Raises EmbeddingModelError."""
    from knowledge.embedding import configure_threads, load_embedder

    configure_threads(settings.embedding_threads)
    return load_embedder(settings.embedding_model, models_folder(settings), say)


def open_knowledge(
    settings: Settings, database: Database, embedder: Embedder, progress: Progress | None = None
) -> Knowledge:
    """What can be found in a database; passages that have no vector of this model yet are embedded first."""
    from knowledge.library import Knowledge

    pictures = PictureStore(settings.pictures_dir)
    return Knowledge(database, embedder, progress, settings.answer_confidence, pictures)


def open_engine(settings: Settings, knowledge: Knowledge, embedder: Embedder) -> Engine:
    """The bot, trained if anything it is trained from changed."""
    from bot import runtime
    from bot.engine import Engine
    from bot.training import train

    runtime.use(embedder=embedder)
    return Engine(
        train(bot_folder(settings), embedder),
        knowledge,
        contact=settings.support_contact,
        language=settings.default_locale,
        deadline=settings.bot_deadline_ms / 1000,
        lanes=settings.turn_threads,
    )
