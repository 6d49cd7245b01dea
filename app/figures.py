"""Puts the pages of figures under the roof, and what keeps their facts true."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from app.jobs import Job
from db import Database
from insights.facts.refreshing import refresh
from insights.facts.store import FactStore
from insights.pages.views import Room, make_blueprint, make_open_blueprint

SECONDS = 5
"""So much later, at most, what has changed is counted."""


def facts_job(store: FactStore) -> Job:
    """Derives what has changed, and has it in memory before somebody asks for it."""

    def follow(database: Database, now: datetime) -> None:
        refresh(database, now)
        store.facts()

    return Job("facts", SECONDS, follow, at_start=True)


def open_figures(app: Flask, store: FactStore) -> None:
    """After the gate was set up."""
    room = Room(store.database, store)
    app.register_blueprint(make_blueprint(room))
    app.register_blueprint(make_open_blueprint(room))
