"""A throw-away PostgreSQL cluster on a free port, started where Debian's `postgresql` is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server import free_port


def find_binaries() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; Debian keeps them outside PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    return next(iter(folders), Path(on_path).parent if on_path else None)


@contextmanager
def cluster(folder: Path, binaries: Path) -> Iterator[str]:
    """The address of a server that lives as long as the block, without a database's name."""
    folder.chmod(0o711)
    for parent in folder.parents[:3]:
        # The server's user must be able to walk to its folder.
        parent.chmod(parent.stat().st_mode | 0o011)
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
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    control = [*as_user, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    _run([*control, "-o", options, "-l", str(data / "log"), "start"], folder)
    try:
        yield f"postgresql://handrail@127.0.0.1:{port}"
    finally:
        _run([*control, "-m", "immediate", "stop"], folder)


def _run(command: list[str], folder: Path) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=quiet, stderr=quiet, cwd=folder)
