"""What a customer's browser fetches for the widget, compressed as it is sent."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from flask.testing import FlaskClient

import app.models  # noqa: F401  every table is known
from app.wiring import wire_web
from db import Database
from db.migrating import migrate
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row
from tests.cast import echo

IMPORT = re.compile(r"""\bfrom\s+"(\.[^"]+)";""")
ENCODING = "gzip"
"""The least any browser understands; most of them get Brotli, which is smaller."""


def rows(place: Place) -> list[Row]:
    with place.folder("widget") as folder:
        database = Database(f"sqlite:///{folder / 'handrail.db'}")
        migrate(database)
        served = wire_web(place.settings, database, echo)
        sizes = _sizes(served.app.test_client())
        served.stop()
        database.close()
    loader = sizes["/widget.js"]
    whole = sum(sizes.values())
    return [
        Row("Widget: the script in a page", loader / 1000, "kB", limit=10),
        Row("Widget: all of it, once it is opened", whole / 1000, "kB", limit=60, note=f"{len(sizes)} files"),
    ]


def _sizes(client: FlaskClient) -> dict[str, int]:
    config = client.get("/widget/config").get_json()
    addresses = ["/widget.js", "/widget/config", *config["styles"], *_modules(client, config["app"])]
    return {address: _sent(client, address) for address in addresses}


def _modules(client: FlaskClient, address: str) -> Iterator[str]:
    """The module and all it imports, each once."""
    seen, waiting = set(), [address]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        yield address
        text = client.get(address, buffered=True).text
        waiting += [
            posixpath.normpath(posixpath.join(posixpath.dirname(address), found)) for found in IMPORT.findall(text)
        ]


def _sent(client: FlaskClient, address: str) -> int:
    answer = client.get(address, headers={"Accept-Encoding": ENCODING}, buffered=True)
    assert answer.status_code == 200, address
    return len(answer.data)
