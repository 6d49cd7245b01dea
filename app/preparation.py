"""What must be true before a process can serve: tables, embedding model, trained bot, and the demo where asked for."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from app.console import step
from app.loading import bot_folder, load_embedding, open_knowledge
from app.settings import Settings
from db import Database, utc_now
from db.migrating import migrate
from knowledge.articles import Article
from knowledge.embedding import Embedder

DEMO = Path(__file__).parents[1] / "knowledge" / "demo"


def prepare_database(database: Database) -> None:
    with step("Database") as running:
        migrate(database)
        running.result = "ready"


def prepare_embedding(settings: Settings) -> Embedder:
    """Once: unpacks, exports and quantises the model. Afterwards: checks that it is whole, and loads it."""
    with step("Embedding model") as running:
        embedder = load_embedding(settings, running.say)
        running.result = settings.embedding_model
    return embedder


def prepare_bot(settings: Settings, embedder: Embedder) -> None:
    """Trains the bot if anything it is trained from changed."""
    from bot.training import train

    with step("Bot") as running:
        train(bot_folder(settings), embedder, running.say)
        running.result = "trained"


def load_demo(settings: Settings, database: Database, embedder: Embedder) -> None:
    """The demo desk and help centre, into a database that never had an article."""
    from handoff.demo.loading import load_demo_desk
    from knowledge.importing import import_articles

    with database.reading() as session:
        if session.scalars(select(Article.id).limit(1)).first() is not None:
            return
    # First: once an article is there, nothing more is loaded.
    with step("Demo desk") as running:
        running.result = "loaded" if load_demo_desk(database, utc_now()) else "left as it was set"
    with step("Demo help centre") as running:
        report = import_articles(open_knowledge(settings, database, embedder), DEMO, running)
        running.result = f"{report.published} articles"
