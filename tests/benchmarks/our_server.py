"""Handrail as it is served: a process of its own on a free loopback port, with a database that is thrown away."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.faq import Faq
from tests.benchmarks.place import ROOT, Place
from tests.benchmarks.processes import Command, run, serving
from tests.benchmarks.rest_client import RestClient
from tests.ports import free_port

TOKEN = "benchmark"
UNLIMITED = "1000000/second"


def handrail(place: Place, folder: Path, *words: str, **environment: str) -> Command:
    """The `handrail` command on the database of a folder."""
    given = {
        "HOST": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder / 'handrail.db'}",
        "CACHE_DIR": str(place.settings.cache_dir),
        "REST_TOKEN": TOKEN,
        "VISITOR_RATE": UNLIMITED,
        "NETWORK_RATE": UNLIMITED,
    }
    return Command([sys.executable, "-m", "app", *words], ROOT, folder / "log", given | environment)


@contextmanager
def our_server(place: Place, folder: Path, *words: str) -> Iterator[RestClient]:
    """`handrail serve`, from the moment it answers until the block ends."""
    port = free_port()
    command = handrail(place, folder, "serve", *words, PORT=str(port))
    with serving(command, port, "/health"), RestClient(port, TOKEN) as client:
        yield client


def import_faq(place: Place, folder: Path, faq: Faq) -> None:
    """A topic becomes an article: what it is about, its answer, its example questions."""
    articles = [
        {"id": topic.id, "title": topic.title, "body": topic.answer, "locale": "en", "questions": topic.examples}
        for topic in faq.topics
    ]
    source = folder / "faq.jsonl"
    source.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    run(handrail(place, folder, "import", str(source)))
