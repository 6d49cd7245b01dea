"""Builds a folder once: whole or not at all, by one process at a time, and checked whenever it is used."""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.embedding.errors import EmbeddingModelError

Say = Callable[[str], None]

CHECKSUMS = "checksums.json"


def build_once(folder: Path, build: Callable[[Path], None], say: Say) -> Path:
    """`folder`, intact; made by `build`, which is handed an empty folder, when it is missing or damaged.

    A finished folder appears under its name in one step, so what a killed process leaves is never mistaken for it
    and is swept away by the next one. Raises EmbeddingModelError when the disk refuses.
    """
    if is_intact(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder, say):
            if not is_intact(folder):
                _build(folder, build, say)
    except OSError as error:
        raise EmbeddingModelError(f"The cache folder {folder.parent} can't be written: {error.strerror}.") from error
    return folder


def is_intact(folder: Path) -> bool:
    """Whether every file of a built folder is what it was when it was built (reads them all: 0.1 s for 130 MB)."""
    try:
        expected = json.loads((folder / CHECKSUMS).read_text())
        return bool(expected == _checksums(folder))
    except (OSError, ValueError):
        return False


def _build(folder: Path, build: Callable[[Path], None], say: Say) -> None:
    if folder.exists():
        say(f"The prepared files in {folder.name} are damaged and are made again.")
        shutil.rmtree(folder)
    building = folder.with_name(f".{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    try:
        build(building)
        (building / CHECKSUMS).write_text(json.dumps(_checksums(building), indent=2))
        for path in (*building.iterdir(), building):
            _flush(path)
        building.rename(folder)
        _flush(folder.parent)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _checksums(folder: Path) -> dict[str, str]:
    checksums = {}
    for path in sorted(folder.iterdir()):
        if path.name != CHECKSUMS:
            with path.open("rb") as file:
                checksums[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return checksums


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(folder: Path, say: Say) -> Iterator[None]:
    """Hold the folder's lock, which the system lets go of when the process dies."""
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another process is preparing {folder.name}; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
