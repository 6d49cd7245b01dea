"""Puts the agents' desk under the roof: its pages, its live wire, and what is told to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Flask
from flask_socketio import SocketIO

from app.secret import signing_key
from app.settings import Settings
from app.web import open_to_all
from channels.webchat.views import is_page_open
from db import Database, utc_now
from handoff.desk.house import House
from handoff.desk.inserting import Articles
from handoff.desk.live import News
from handoff.desk.sockets.views import Writing, emit_through, register_desk
from handoff.desk.views import make_blueprint
from handoff.files import FileAddresses
from handoff.files.views import make_blueprint as make_files
from handoff.presence import seen
from insights.follow_ups.annex import FOLLOW_UPS, rooms_of
from insights.follow_ups.pages.views import make_blueprint as make_follow_ups
from insights.surveys.desk.views import DOOR as SURVEY_LINK
from insights.surveys.desk.views import make_blueprint as make_survey_links
from insights.surveys.links import Links


def open_news(database: Database, socketio: SocketIO) -> News:
    """What tells open desks that something is new; started."""
    news = News(database, emit_through(socketio), rooms_of)
    news.start()
    return news


def open_desk(
    app: Flask,
    settings: Settings,
    database: Database,
    socketio: SocketIO,
    done: Callable[[str], None],
    articles: Articles,
    writing: Writing = lambda _conversation_id: None,
) -> None:
    """`done` is told the conversation in which an agent did something, `writing` the one in which one is writing."""
    key = signing_key(database, settings.secret_key)
    addresses, links = FileAddresses(key), Links(key, settings.base_url)
    open_to_all(app, make_files(database, addresses))
    house = House(
        database,
        addresses,
        settings.company,
        done,
        partial(_seen, database),
        {"en": settings.whatsapp_template_en, "de": settings.whatsapp_template_de},
        settings.base_url,
        partial(_is_page_open, socketio, is_alone=not settings.redis_url),
        articles,
        (FOLLOW_UPS,),
        (SURVEY_LINK,),
    )
    app.register_blueprint(make_blueprint(house))
    app.register_blueprint(make_follow_ups(house))
    app.register_blueprint(make_survey_links(house, links))
    register_desk(socketio, database, partial(_seen, database), writing)


def _is_page_open(socketio: SocketIO, visitor: str, *, is_alone: bool) -> bool | None:
    """None if another process may have it: none of them knows the pages of the others."""
    return is_page_open(socketio, visitor) or (False if is_alone else None)


def _seen(database: Database, user_id: str) -> None:
    with database.transaction(durable=False) as session:
        seen(session, user_id, utc_now())
