"""Processes of a benchmark's own: run to their end, or served from and stopped by their id whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

START_SECONDS = 600
STOP_SECONDS = 15
LINES_SHOWN = 15


class BrokenProcess(Exception):
    """A process ended, or did not answer, when it should have; the message holds its last lines."""


@dataclass(frozen=True)
class Command:
    words: Sequence[str]
    folder: Path
    """Where it runs."""
    log: Path
    """What it prints."""
    environment: Mapping[str, str] = field(default_factory=dict)


def run(command: Command) -> float:
    """Runs a command to its end and returns the seconds it took. Raises BrokenProcess."""
    started = time.perf_counter()
    process = _start(command)
    try:
        if process.wait() != 0:
            raise BrokenProcess(_last_lines(command))
    finally:
        _stop(process)
    return time.perf_counter() - started


@contextmanager
def serving(command: Command, port: int, path: str) -> Iterator[None]:
    """Runs a server from its first good answer on a loopback port until the block ends. Raises BrokenProcess."""
    process = _start(command)
    try:
        _wait(process, command, port, path)
        yield
    finally:
        _stop(process)


def _start(command: Command) -> subprocess.Popen[bytes]:
    with command.log.open("ab") as log:
        return subprocess.Popen(
            command.words,
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait(process: subprocess.Popen[bytes], command: Command, port: int, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port, path):
        if process.poll() is not None or time.monotonic() > deadline:
            raise BrokenProcess(_last_lines(command))
        time.sleep(0.02)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        # The session it was started in is its own: nobody else's process is in this group.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _last_lines(command: Command) -> str:
    lines = command.log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]
    return "\n".join([f"{' '.join(command.words[:4])} … ended or did not answer:", *lines])
