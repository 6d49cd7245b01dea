"""Puts the rooms together: the one place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from limits import parse as parse_rate
from limits.storage import storage_from_string

from app.secret import signing_key
from app.settings import Settings
from app.web import create_app, create_socketio
from app.workers import Workers
from channels.inbound import receive
from channels.webchat.chat import WEB, ChatLimits, WebChat
from channels.webchat.session import Sessions
from channels.webchat.views import make_blueprint as make_webchat
from channels.webchat.views import make_transport, register_events
from db import Database
from handoff.turn import BotReply

Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


def models_folder(settings: Settings) -> Path:
    return settings.cache_dir / "models"


def bot_folder(settings: Settings) -> Path:
    return settings.cache_dir / "bot"


@dataclass(frozen=True)
class Served:
    """A process's web application and the threads behind it."""

    app: Flask
    workers: Workers

    def stop(self) -> None:
        self.workers.stop()


def wire_web(settings: Settings, database: Database, reply: BotReply) -> Served:
    """The web application and its workers, started, around a bot."""
    app = create_app(settings, database)
    socketio = create_socketio(app, settings)
    base_url = settings.base_url
    workers = Workers(database, reply, {WEB: make_transport(socketio, base_url)}, settings.turn_threads)
    chat = _web_chat(settings, database)
    register_events(socketio, chat, workers.wake, base_url)
    app.register_blueprint(make_webchat(chat, workers.answer, settings.rest_token, base_url))
    workers.start()
    return Served(app, workers)


def _web_chat(settings: Settings, database: Database) -> WebChat:
    sessions = Sessions(signing_key(database, settings.secret_key), timedelta(days=settings.session_days))
    counters = storage_from_string(settings.redis_url or "memory://")
    limits = ChatLimits(settings.message_chars, parse_rate(settings.visitor_rate), parse_rate(settings.network_rate))
    return WebChat(database, sessions, counters, limits, receive)
