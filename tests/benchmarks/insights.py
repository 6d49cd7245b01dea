"""The pages of figures with a large history: every one of them, on SQLite and on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient

import app.models  # noqa: F401  every table is known
from app.settings import Settings
from app.wiring import wire_web
from db import Database, utc_now
from db.migrating import migrate
from insights.pages.views import PLACES
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, Unmeasured
from tests.cast import echo
from tests.insights.many import fill
from tests.postgres import cluster, execute, find_binaries
from tests.staff import client_of, susanne

CONVERSATIONS = 200_000
TIMES = 3
FILTERS = ("", "days=365", "days=365&topic=returns&channel=web")
PATHS = (
    *(place.path for place in PLACES),
    "/insights/conversations?figure=ces",
    "/insights/conversations?figure=self_service&part=met",
    "/insights/comments?given=ces-2-7&page=40",
    "/insights/figures.csv",
)
FOREVER = 10**9
LIMIT = 1000


def rows(place: Place, count: int = CONVERSATIONS) -> list[Row]:
    with place.folder("insights") as folder:
        found = _measured("SQLite", f"sqlite:///{folder / 'insights.db'}", count)
    binaries = find_binaries()
    if binaries is None:
        raise Unmeasured("PostgreSQL is not installed.")
    with cluster(binaries) as server:
        execute(server, "CREATE DATABASE insights")
        return [*found, *_measured("PostgreSQL", f"{server}/insights", count)]


def _measured(name: str, url: str, count: int) -> list[Row]:
    with _opened(url, count) as client:
        first = _seconds(client, "/insights/overview")
        took = {path: max(_seconds(client, path) for _ in range(TIMES)) for path in _asked()}
    slowest = max(took, key=lambda path: took[path])
    note = f"the slowest of {len(took)}: {slowest.removeprefix('/insights/')}; {count:,} conversations"
    return [
        Row(f"Figures, {name}: any page", took[slowest] * 1000, "ms", limit=LIMIT, note=note),
        # The process reads the facts by itself when it starts: nobody waits for it, as a rule.
        Row(f"Figures, {name}: facts read at the start", first, "s", note="once in a process"),
    ]


def _asked() -> Iterator[str]:
    for path in PATHS:
        for chosen in FILTERS:
            yield f"{path}{'&' if '?' in path else '?'}{chosen}" if chosen else path


@contextmanager
def _opened(url: str, count: int) -> Iterator[FlaskClient]:
    database = Database(url)
    migrate(database)
    fill(database, count, utc_now())
    served = wire_web(Settings(), database, echo)
    # Before its jobs have read the facts.
    served.workers.stop()
    try:
        yield client_of(served.app, database, susanne(database))
    finally:
        served.stop()
        database.close()


def _seconds(client: FlaskClient, path: str) -> float:
    started = time.perf_counter()
    status = client.get(path).status_code
    took = time.perf_counter() - started
    return took if status == 200 else FOREVER
