"""Serves `/a/…`: the short addresses that stand in an SMS."""

from __future__ import annotations

from flask import Flask, abort, redirect
from flask.typing import ResponseReturnValue

from channels.short_links import long_path
from db import Database


def serve_short_addresses(app: Flask, database: Database) -> None:
    @app.get("/a/<short>")
    def short_address(short: str) -> ResponseReturnValue:
        path = long_path(database, short)
        return redirect(path) if path else abort(404)
