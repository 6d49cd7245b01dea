"""What tests write and throw away lies in memory where there is enough: each commit would wait for a disk."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
MEMINFO = Path("/proc/meminfo")
NEEDED = 4 * 1024**3
"""Bytes: several times of what lies there at one moment. A container often has 64 MB of it."""
LEFT = 8 * 1024**3
"""Bytes of memory that the processes themselves may need besides, each with its models and a browser."""


def place(memory: Path = MEMORY, meminfo: Path = MEMINFO) -> Path | None:
    """Where temporary files lie best, or None for where they always do."""
    try:
        room = shutil.disk_usage(memory).free
        available = re.search(r"MemAvailable: +(\d+) kB", meminfo.read_text())
    except OSError:
        return None
    enough = room >= NEEDED and available is not None and int(available[1]) * 1024 >= NEEDED + LEFT
    return memory if enough and os.access(memory, os.W_OK) else None


def write_there() -> None:
    """From here on and in every process that is started; not where somebody has said another place."""
    memory = None if "TMPDIR" in os.environ else place()
    if memory is not None:
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None  # What was found before is looked for again.
