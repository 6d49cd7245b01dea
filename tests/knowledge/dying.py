"""A process that is killed by itself, at a step of its work that is counted: nobody has to watch it and be quick."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from tests.conftest import ROOT

T = TypeVar("T")


def dies_with(number: int, step: Callable[..., T]) -> Callable[..., T]:
    """The step, after which the process is dead as soon as it was done so many times."""
    times = count(1)

    def counted(*given: object, **named: object) -> T:
        done = step(*given, **named)
        if next(times) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return counted


def dies(program: str, *given: str) -> None:
    """A process runs a program, and is killed by it."""
    ended = subprocess.run([sys.executable, "-c", program, *given], check=False, cwd=ROOT)
    assert -signal.SIGKILL == ended.returncode
