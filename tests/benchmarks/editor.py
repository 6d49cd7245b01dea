"""The editor: how long the server takes for the list of 5,000 articles, however it is sorted and filtered, and for what
is found to need somebody."""

from __future__ import annotations

import random
import time
from datetime import timedelta

from flask.testing import FlaskClient
from limits.storage import MemoryStorage
from sqlalchemy import insert

import app.models  # noqa: F401  every table is known
from app.editing import open_editor
from app.loading import load_embedding
from app.settings import Settings
from app.wiring import wire_web
from db import Database, utc_now
from db.migrating import migrate
from knowledge.articles import Article, ArticleUse, Revision, Translation
from knowledge.drafts import ArticleDraft
from knowledge.help.centre import HelpCentre
from knowledge.help.feedback import Feedback
from knowledge.library import Knowledge
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, ms, p50, p95
from tests.cast import echo
from tests.staff import client_of, edda

ARTICLES = 5_000
DAYS = 30
LIMIT_MS = 300
TIMES = 12
ADDRESSES = {
    "what needs work": "/editor/work",
    "translations": "/editor/translations",
    "list, as it opens": "/editor/",
    "list, most answered first": "/editor/?sort=answered",
    "list, least helpful first": "/editor/?sort=helpful",
    "list, by title, page 50": "/editor/?sort=title&page=50",
    "list, one tag": "/editor/?tag=tag-7",
    "list, outdated translations": "/editor/?translation=outdated",
    "list, a search for a title": "/editor/?q=article+4711",
}


def rows(place: Place) -> list[Row]:
    with place.folder("editor") as folder:
        database = Database(f"sqlite:///{folder / 'editor.db'}")
        migrate(database)
        _fill(database)
        settings = Settings()
        served = wire_web(settings, database, echo)
        try:
            knowledge = Knowledge(database, load_embedding(settings))
            open_editor(served.app, settings, knowledge, HelpCentre(knowledge, MemoryStorage()))
            client = client_of(served.app, database, edda(database))
            return [_row(client, name, address) for name, address in ADDRESSES.items()]
        finally:
            served.stop()
            database.close()


def _row(client: FlaskClient, name: str, address: str) -> Row:
    took = [_seconds(client, address) for _ in range(TIMES)]
    note = f"p50 {ms(p50(took))} · {ARTICLES:,} articles, half of them in two languages, SQLite"
    return Row(f"editor: {name}", p95(took[1:]) * 1000, "ms", LIMIT_MS, note=note)


def _seconds(client: FlaskClient, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    took = time.perf_counter() - started
    assert answer.status_code == 200
    return took


def _fill(database: Database) -> None:
    """Articles as an import leaves them, a tenth with a draft, all of them used every day."""
    chance, now = random.Random(6), utc_now()
    keys = [(f"article-{number}", locale) for number in range(ARTICLES) for locale in _locales(number)]
    body = "## Step by step\n\n" + "Take the parcel to the next branch and keep the receipt. " * 40
    revisions = [
        _revision(at, key, body, now - timedelta(hours=chance.randrange(9_000))) for at, key in enumerate(keys, 1)
    ]
    drafts = [_draft(one, now) for one in revisions if one["id"] % 10 == 0]
    days = [now.date() - timedelta(days=day) for day in range(DAYS)]
    uses = [_use(key, day, chance) for key in keys for day in days if chance.random() < 0.3]
    verdicts = [_verdict(number, chance.choice(revisions), chance, now) for number in range(20_000)]
    with database.transaction() as session:
        session.execute(insert(Article), [{"id": f"article-{number}"} for number in range(ARTICLES)])
        session.execute(insert(Revision), revisions)
        session.execute(insert(Translation), [_translation(one) for one in revisions])
        session.execute(insert(ArticleDraft), drafts)
        session.execute(insert(ArticleUse), uses)
        session.execute(insert(Feedback), verdicts)


def _locales(number: int) -> tuple[str, ...]:
    return ("en", "de") if number % 2 else ("en",)


def _revision(at: int, key: tuple[str, str], body: str, when: object) -> dict[str, object]:
    article_id, locale = key
    return {
        "id": at, "article_id": article_id, "locale": locale, "number": 1, "title": f"How to {article_id}",
        "short_answer": "Take it to the next branch.", "body": body, "questions": ["Where?"],
        "category": f"category-{at % 20}", "tags": [f"tag-{at % 50}"], "aliases": [], "internal": False,
        "must_answer": [], "must_not_answer": [], "created_at": when, "note": "",
    }  # fmt: skip


def _translation(revision: dict[str, object]) -> dict[str, object]:
    return {
        "article_id": revision["article_id"],
        "locale": revision["locale"],
        "live_revision_id": revision["id"],
    }


def _draft(revision: dict[str, object], now: object) -> dict[str, object]:
    names = ("article_id", "locale", "title", "short_answer", "body", "questions", "category", "tags", "aliases")
    own = {name: revision[name] for name in names}
    return own | {
        "internal": False, "must_answer": [], "must_not_answer": [], "version": 1, "note": "", "stage": "writing",
        "base_revision_id": revision["id"], "saved_at": now,
    }  # fmt: skip


def _use(key: tuple[str, str], day: object, chance: random.Random) -> dict[str, object]:
    counts = {name: chance.randrange(most) for name, most in (("answered", 20), ("helped", 8), ("not_helped", 4))}
    return {"article_id": key[0], "locale": key[1], "day": day, **counts}


def _verdict(number: int, revision: dict[str, object], chance: random.Random, now: object) -> dict[str, object]:
    return {
        "id": str(number), "article_id": revision["article_id"], "locale": revision["locale"],
        "revision_id": revision["id"], "helped": chance.random() < 0.7, "at": now,
    }  # fmt: skip
