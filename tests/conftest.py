"""What every test may use: a database of its own, on SQLite and on PostgreSQL where it is installed."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import time
from types import SimpleNamespace
from typing import Any

import pytest
from argon2 import PasswordHasher
from filelock import FileLock
from hypothesis import HealthCheck, settings

import app.models  # noqa: F401  every table is known
from db import Database
from db.migrating import migrate
from knowledge.embedding import Embedder, load_embedder
from staff import passwords
from tests.emptied import Emptied, prepare
from tests.in_memory import write_there
from tests.postgres import cluster, execute, find_binaries
from tests.quick_apps import compile_once
from tests.server import Server

write_there()
# The same examples every time, however slow the machine is.
settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

ROOT = Path(__file__).parents[1]
MODELS = ROOT / ".cache" / "handrail" / "models"
"""The prepared embedding models, shared with `make run`: preparing them takes a minute."""

LONGEST_NAME = 60
"""Characters of a parameter that stand in a test's name."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """All that is loaded is looked through for garbage less often: it took an eighth of the time."""
    gc.set_threshold(10_000, 20, 50)


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """What is made anew in each process, such as a signed token or an archive, can't name a test that two must find."""
    return argname if isinstance(val, bytes) or (isinstance(val, str) and len(val) > LONGEST_NAME) else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    from tests.sharing_out import LongestFirst

    return LongestFirst(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.engine.connect() as connection:
        # Everything into the one file that is copied.
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running server with a migrated database `template_handrail`."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with cluster(binaries) as server:
        execute(server, "CREATE DATABASE template_handrail")
        database = Database(f"{server}/template_handrail")
        migrate(database)
        prepare(database)
        database.close()
        yield server


@pytest.fixture(scope="session")
def lent_database(postgres_server: str) -> Iterator[Emptied]:
    lent = Emptied(postgres_server, "template_handrail")
    yield lent
    lent.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database."""
    if request.param == "sqlite":
        path = tmp_path / "handrail.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("lent_database").lent() as address:
        yield address


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """For what does not depend on the kind of database and is too slow to try on both."""
    path = tmp_path / "handrail.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted by the minute comes within one, however busy the machine is."""
    now = time()
    monkeypatch.setattr("limits.storage.memory.time", SimpleNamespace(time=lambda: now))


@pytest.fixture(autouse=True, scope="session")
def quick_hashes() -> Iterator[None]:
    """Passwords are hashed by the same Argon2id with less work, for thousands of them are; one test takes it all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024))
        yield


@pytest.fixture(autouse=True, scope="session")
def quick_apps() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        compile_once(patch)
        yield


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The real embedding model."""
    return load_embedder("all-MiniLM-L6-v2", MODELS)


@pytest.fixture(scope="session")
def demo_template() -> Path:
    """A database with the demo help centre. It is kept between runs, so that only what changed is embedded again."""
    path = ROOT / ".cache" / "handrail" / "tests" / "demo.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    # The tests run in two processes, and one of them is enough to make it.
    with FileLock(path.with_name("demo.lock")):
        if not _import_demo(path):
            # Of another version: its tables can't be used.
            for kept in path.parent.glob("demo.db*"):
                kept.unlink()
            assert _import_demo(path)
    return path


def _import_demo(path: Path) -> bool:
    command = [sys.executable, "-m", "app", "import", "knowledge/demo"]
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{path}"}
    return subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True).returncode == 0


@pytest.fixture(scope="session")
def demo_server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running Handrail with the demo help centre, for tests that only talk to it."""
    server = demo_copy(demo_template, tmp_path_factory.mktemp("demo-server"), REST_TOKEN="demo-token", STYLEGUIDE="yes")
    server.start()
    yield server
    server.stop()


def demo_copy(demo_template: Path, folder: Path, **settings: str) -> Server:
    """A server, not started, on its own copy of the demo database.

    Its bot has time, however busy the machine is: nobody is answered by search alone because of that.
    """
    shutil.copy(demo_template, folder / "handrail.db")
    return Server(f"sqlite:///{folder / 'handrail.db'}", folder, **{"BOT_DEADLINE_MS": "60000"} | settings)
