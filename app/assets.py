"""Static files under addresses that change with what the files say, so that browsers may keep them for ever.

Every file lies under one version, `/assets/<version>/<room>/<name>`: a module or stylesheet that names another one by a
relative address gets the one that belongs to it.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

from flask import Flask, abort, send_from_directory
from werkzeug.wrappers import Response

STATIC = Path(__file__).parent / "static"
FOREVER = 365 * 24 * 3600


class Assets:
    def __init__(self, rooms: dict[str, Path]) -> None:
        """`rooms`: the folder of each room's files; the roof's own are known."""
        self._folders = {folder.name: folder for folder in STATIC.iterdir()} | rooms

    def serve(self, app: Flask) -> None:
        """Makes `asset("room/name")` known to every template, and answers at these addresses."""
        app.jinja_env.globals["asset"] = self.url
        app.add_url_rule("/assets/<version>/<room>/<path:name>", "asset", self._send)

    def url(self, name: str) -> str:
        return f"/assets/{self.version}/{name}"

    @cached_property
    def version(self) -> str:
        seen = hashlib.sha256()
        for room, folder in sorted(self._folders.items()):
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                seen.update(f"{room}/{path.relative_to(folder)}\0".encode())
                seen.update(path.read_bytes())
        return seen.hexdigest()[:12]

    def _send(self, version: str, room: str, name: str) -> Response:
        if room not in self._folders:
            abort(404)
        is_current = version == self.version
        response = send_from_directory(self._folders[room], name, max_age=FOREVER if is_current else 0)
        # In one piece, so that it can be compressed for every browser: as a stream only some of them get it smaller.
        response.direct_passthrough = False
        response.make_sequence()
        if is_current:
            response.headers["Cache-Control"] = f"public, max-age={FOREVER}, immutable"
        # They are the same for everybody, and the widget loads them into other sites' pages.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
