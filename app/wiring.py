"""Puts the rooms together: the one place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from limits import parse as parse_rate
from limits.storage import MemoryStorage

from app.processes import Counters
from app.secret import signing_key
from app.settings import Settings
from app.web import create_app, create_socketio
from app.workers import Workers
from channels.inbound import Inbound, Received, receive
from channels.webchat.chat import WEB, ChatLimits, WebChat
from channels.webchat.session import Sessions
from channels.webchat.views import make_blueprint as make_webchat
from channels.webchat.views import make_transport, register_events
from db import Database
from handoff.turn import CLAIM, BotReply

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from knowledge.library import Knowledge
    from knowledge.vectors import Progress

Say = Callable[[str], None]
"""Told in sentences what takes long."""
Receive = Callable[[Database, Inbound, datetime], Received]


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

    return Knowledge(database, embedder, progress, settings.answer_confidence)


@dataclass(frozen=True)
class Served:
    """A process's web application and the threads behind it."""

    app: Flask
    workers: Workers

    def stop(self) -> None:
        self.workers.stop()


def wire_web(settings: Settings, database: Database, reply: BotReply, expect: Say | None = None) -> Served:
    """The web application and its workers, started, around a bot. `expect` is told what it will be asked."""
    app = create_app(settings, database)
    socketio = create_socketio(app, settings)
    base_url = settings.base_url
    transports = {WEB: make_transport(socketio, base_url)}
    # The bot has its deadline, and search alone has as long again.
    claim_for = CLAIM + 2 * timedelta(milliseconds=settings.bot_deadline_ms)
    workers = Workers(database, reply, transports, settings.turn_threads, claim_for)
    chat = _web_chat(settings, database, expect)
    register_events(socketio, chat, workers.wake, base_url)
    app.register_blueprint(make_webchat(chat, workers.answer, workers.deliver, settings.rest_token, base_url))
    workers.start()
    return Served(app, workers)


def wire(settings: Settings, say: Say) -> Served:
    """Everything a serving process has, started. What `app.preparation` does must have been done."""
    from bot import runtime
    from bot.engine import Engine
    from bot.training import train
    from knowledge.views import make_blueprint as make_help

    database = Database(settings.database_url)
    say("Server: loading the embedding model")
    embedder = load_embedding(settings)
    say("Server: loading the articles")
    knowledge = open_knowledge(settings, database, embedder)
    say("Server: loading the bot")
    runtime.use(embedder=embedder)
    model = train(bot_folder(settings), embedder)
    engine = Engine(
        model,
        knowledge,
        contact=settings.support_contact,
        language=settings.default_locale,
        deadline=settings.bot_deadline_ms / 1000,
        lanes=settings.turn_threads,
    )
    served = wire_web(settings, database, engine.reply, knowledge.expect)
    served.app.register_blueprint(make_help(knowledge))
    return served


def _web_chat(settings: Settings, database: Database, expect: Say | None) -> WebChat:
    sessions = Sessions(signing_key(database, settings.secret_key), timedelta(days=settings.session_days))
    counters = Counters(settings.redis_url) if settings.redis_url else MemoryStorage()
    limits = ChatLimits(settings.message_chars, parse_rate(settings.visitor_rate), parse_rate(settings.network_rate))
    return WebChat(database, sessions, counters, limits, _receiving(expect) if expect else receive)


def _receiving(expect: Say) -> Receive:
    """`receive`, with the question's vector in the making while the message is stored."""

    def take(database: Database, inbound: Inbound, now: datetime) -> Received:
        if not inbound.text.startswith("/"):  # What a button sends is not searched for.
            expect(inbound.text)
        return receive(database, inbound, now)

    return take
