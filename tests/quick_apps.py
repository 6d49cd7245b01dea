"""An app is made for nearly every test: templates, addresses and statements that were compiled for one serve all.

Servers in processes of their own compile everything as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule

from db import database

STATEMENTS = 3000
"""More than the product has."""
Compile = Callable[[Rule, bool], Any]


class Compiled(BytecodeCache):
    """Of a template, by its place, its text and how it is read."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        bucket = super().get_bucket(environment, name, filename, source)
        bucket.key += f" {environment.trim_blocks} {environment.lstrip_blocks}"
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


def remembering(compile_builder: Compile) -> Compile:
    """Werkzeug's function that writes an address: it takes the rule it writes for, so that equal rules can share it."""
    known: dict[tuple[object, ...], Any] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in known:
            known[key] = compile_builder(rule, append_unknown)
        return known[key]

    return compile_once


def sharing_statements(create_engine: Callable[..., Engine]) -> Callable[..., Engine]:
    """SQLAlchemy's function, whose engines of one kind of database know each other's compiled statements."""
    first: dict[str, Engine] = {}

    def create_one(*arguments: Any, **options: Any) -> Engine:
        engine = create_engine(*arguments, **options, query_cache_size=STATEMENTS)

        # Not before: the first connection tells the dialect what its server can do.
        def share(*_: object) -> None:
            one = first.setdefault(engine.dialect.name, engine)
            engine.dialect, engine._compiled_cache = one.dialect, one._compiled_cache

        event.listen(engine, "first_connect", share)
        return engine

    return create_one


def compile_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(database, "create_engine", sharing_statements(database.create_engine))
    patch.setattr(Flask, "jinja_options", {"bytecode_cache": Compiled()})
    patch.setattr(Rule, "_compile_builder", remembering(Rule._compile_builder))
