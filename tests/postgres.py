"""A throw-away PostgreSQL cluster on a free port, started where Debian's `postgresql` is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Integer, create_engine, delete, func, insert, select, text
from sqlalchemy.engine import Engine

from db import Base, Database
from tests.ports import free_port

CARELESS = (
    "fsync=off full_page_writes=off synchronous_commit=off wal_level=minimal max_wal_senders=0 autovacuum=off jit=off"
)
"""What is thrown away need not survive a power cut, and is swept by `TestDatabase`."""


def find_binaries() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; Debian keeps them outside PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    return next(iter(folders), Path(on_path).parent if on_path else None)


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """The address of a server that lives as long as the block, without a database's name."""
    # Not in a folder of pytest's: those are closed to the server's user, again with every run that begins meanwhile.
    with TemporaryDirectory(prefix="handrail-postgres-") as folder:
        yield from _served(Path(folder), binaries)


def _served(folder: Path, binaries: Path) -> Iterator[str]:
    folder.chmod(0o711)
    data = folder / "data"
    data.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        shutil.chown(data, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    port = free_port()
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "handrail", "--auth=trust", "--no-sync", "-E", "UTF8"]
    _run([*as_user, *initdb], folder)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    options += "".join(f" -c {setting}" for setting in CARELESS.split())
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    _run([*control, "-o", options, "-l", str(data / "log"), "start"], folder)
    try:
        yield f"postgresql://handrail@127.0.0.1:{port}"
    finally:
        _run([*control, "-m", "immediate", "stop"], folder)


def execute(server: str, statement: str) -> None:
    with _administration(server).connect() as connection:
        connection.execute(text(statement))


@cache
def _administration(server: str) -> Engine:
    return create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT", future=True)


def copy_rows(source: Database, target: Database) -> None:
    """Every row of a database into one that has the same tables, and in them at most what migrations put there."""
    with source.engine.connect() as reading, target.engine.begin() as writing:
        for table in reversed(Base.metadata.sorted_tables):
            writing.execute(delete(table))
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            if not rows:
                continue
            writing.execute(insert(table), rows)
            keys = list(table.primary_key)
            if len(keys) == 1 and isinstance(keys[0].type, Integer):
                # The rows brought their numbers along; the next new row takes the one after them.
                sequence = func.pg_get_serial_sequence(table.name, keys[0].name)
                writing.execute(select(func.setval(sequence, func.max(keys[0]))))


def _run(command: list[str], folder: Path) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=quiet, stderr=quiet, cwd=folder)
