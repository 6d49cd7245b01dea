"""Puts the pages of figures under the roof, and what keeps their facts true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from app.jobs import Job
from app.web import open_to_all
from db import Database, utc_now
from insights.facts.refreshing import refresh
from insights.facts.store import FactStore
from insights.metrics.collecting import make_registry
from insights.metrics.views import make_blueprint as make_metrics
from insights.pages.views import Room, make_blueprint, make_open_blueprint

SECONDS = 5
"""So much later, at most, what has changed is counted."""


def facts_job(store: FactStore) -> Job:
    """Derives what has changed, and has it in memory before somebody asks for it."""

    def follow(database: Database, now: datetime) -> None:
        refresh(database, now)
        store.facts()

    return Job("facts", SECONDS, follow, at_start=True)


def open_figures(app: Flask, store: FactStore, metrics_token: str, clock: Callable[[], datetime] = utc_now) -> None:
    """After the gate was set up. `clock` says what time the figures are of."""
    app.extensions["insights"] = store
    room = Room(store.database, store, clock)
    app.register_blueprint(make_blueprint(room))
    app.register_blueprint(make_open_blueprint(room))
    registry = make_registry(store.database, store, clock)
    open_to_all(app, make_metrics(registry, metrics_token))
