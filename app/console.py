"""What the command line shows while it works: one line a step, with its progress and the time it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

console = Console(stderr=True, highlight=False)
"""Standard error: what a command answers goes to standard output, so that it can be piped."""


class Step:
    """One step of a command, while it runs."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._task = progress.add_task(name, total=None)
        self.result = "done"

    def __call__(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total)

    def say(self, doing: str) -> None:
        self._progress.update(self._task, description=doing)


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Shows a step's progress, then one line with `Step.result` and the seconds it took."""
    started = time.monotonic()
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        running = Step(progress, name)
        yield running
    console.print(f"[green]✓[/] {name}: {running.result} [dim]({time.monotonic() - started:.1f} s)[/]")


def fail(sentence: str) -> None:
    console.print(f"[red]✗[/] {escape(sentence)}", markup=True, soft_wrap=True)


Report = Callable[[int, int], None]
