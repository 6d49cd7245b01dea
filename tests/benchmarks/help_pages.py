"""The help centre's pages: how long the server takes for an article among many, and what a browser fetches."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from flask.testing import FlaskClient
from limits.storage import MemoryStorage

import app.models  # noqa: F401  every table is known
from app.loading import load_embedding, open_knowledge
from app.preparation import DEMO
from app.wiring import add_help_centre, wire_web
from db import Database
from db.migrating import migrate
from knowledge.help.centre import HelpCentre
from knowledge.importing import import_articles
from tests.benchmarks.large_library import PASSAGES_PER_ARTICLE, Invented, fill
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, ms, p50, p95
from tests.cast import echo
from tests.knowledge.help.roof import client_of

ARTICLES = 2_000
READ = 200
FETCHED = re.compile(r'(?:href|src)="(/assets/[^"#]+|/help/pictures/[^"]+|/widget.js)')
ENCODING = "gzip"
"""The least any browser understands; most of them get Brotli, which is smaller."""
HEAVIEST = "care/descale-machine"
"""Of the demo's articles, the one with a large picture."""


def rows(place: Place) -> list[Row]:
    return [measure(place, ARTICLES, READ), *weights(place)]


def measure(place: Place, articles: int, read: int) -> Row:
    """Of articles that nobody has read yet; a second reader's time is in the note."""
    with place.folder("help") as folder:
        database = _database(folder)
        embedder = load_embedding(place.settings)
        fill(database, embedder.name, Invented(embedder.dimensions), articles * PASSAGES_PER_ARTICLE)
        centre = HelpCentre(open_knowledge(place.settings, database, embedder), MemoryStorage())
        client = client_of(centre)
        views = list(centre.catalogue.snapshot.articles.values())
        client.get(views[-1].url).close()  # The first page of all compiles the templates.
        paths = [view.url for view in views[:: max(1, len(views) // read)]][:read]
        first, again = _times(client, paths), _times(client, paths)
        database.close()
    note = f"{ms(p95(first))} p95; {ms(p50(again))} p50 for the next reader; {len(views)} articles"
    return Row("Help centre: an article's page, p50", p50(first) * 1000, "ms", limit=20, note=note)


def weights(place: Place) -> list[Row]:
    """Home and an article with a picture, all that they need, as it is sent to a browser that has nothing yet."""
    with place.folder("weight") as folder:
        database = _database(folder)
        knowledge = open_knowledge(place.settings, database, load_embedding(place.settings))
        import_articles(knowledge, _demo_part(folder / "demo"))
        served = wire_web(place.settings, database, echo)
        add_help_centre(served.app, place.settings, HelpCentre(knowledge, MemoryStorage()))
        client = served.app.test_client()
        pages = {"home": "/help/en/", "an article with a picture": "/help/en/articles/descale-machine"}
        found = [_weight(name, client, path) for name, path in pages.items()]
        served.stop()
        database.close()
    return found


def _database(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'handrail.db'}")
    migrate(database)
    return database


def _demo_part(folder: Path) -> Path:
    """Two languages of one article, the pictures and the categories: embedding all of the demo takes a minute."""
    for locale in ("en", "de"):
        (folder / locale / "care").mkdir(parents=True)
        shutil.copy(DEMO / locale / f"{HEAVIEST}.md", folder / locale / "care")
    shutil.copytree(DEMO / "pictures", folder / "pictures")
    shutil.copy(DEMO / "categories.yml", folder)
    return folder


def _times(client: FlaskClient, paths: Sequence[str]) -> list[float]:
    seconds = []
    for path in paths:
        started = time.perf_counter()
        answered = client.get(path)
        seconds.append(time.perf_counter() - started)
        assert answered.status_code == 200, path
        answered.close()  # What is counted after a page was sent keeps nobody waiting.
    return seconds


def _weight(name: str, client: FlaskClient, path: str) -> Row:
    page = client.get(path, buffered=True).text
    # What the widget fetches before it is opened.
    addresses = dict.fromkeys([*FETCHED.findall(page), "/widget/config", *client.get("/widget/config").json["styles"]])
    sizes = [_sent(client, address) for address in (path, *addresses)]
    return Row(f"Help centre: {name}, all of it", sum(sizes) / 1000, "kB", limit=100, note=f"{len(sizes)} files")


def _sent(client: FlaskClient, address: str) -> int:
    answered = client.get(address, headers={"Accept-Encoding": ENCODING}, buffered=True)
    assert answered.status_code == 200, address
    return len(answered.data)
