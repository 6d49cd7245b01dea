"""`make bench`: every figure of one run in one table, with the limit it should keep.

Timings depend on the machine, so nothing here fails because of them; the exit status is 1 only when a measurement
could not be finished.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from app.settings import read_settings
from tests.benchmarks.place import DATA, Place, make_place
from tests.benchmarks.rows import Row

MEASUREMENTS: Mapping[str, str] = {
    "turns": "turns:rows",
    "index": "index_sizes:rows",
    "import": "importing:rows",
    "embedding": "embedding:rows",
    "training": "start:training_rows",
    "start": "start:cold_start_rows",
    "widget": "widget_size:rows",
    "help": "help_pages:rows",
    "checks": "checks:rows",
    "desk": "desk:rows",
    "editor": "editor:rows",
    "insights": "insights:rows",
    "webhook": "phone:webhook_rows",
    "faults": "phone:fault_rows",
}
"""By name, the module and its function; each is loaded when its turn comes, so that none weighs on another."""

FILE_COLUMNS = 160
MARKS = {True: "[green]✓[/]", False: "[red]✗[/]", None: ""}

progress = Console(stderr=True, highlight=False)


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the first measurement"
    rows: list[Row] = []
    broken: list[str] = []
    with make_place(read_settings(os.environ), asked.data) as place:
        for name in asked.only or MEASUREMENTS:
            try:
                rows += _measured(name, place)
            except Exception:
                progress.print(traceback.format_exc(), markup=False)
                broken.append(name)
    _show(rows, machine, as_json=asked.json)
    for name in broken:
        progress.print(f"[red]✗[/] {name} could not be measured; the reason stands above.")
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description="Measures Handrail on this machine.")
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="one measurement; may be repeated")
    parser.add_argument("--json", action="store_true", help="rows as JSON instead of a table")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the public evaluation sets")
    return parser


def _measured(name: str, place: Place) -> list[Row]:
    module, _, function = MEASUREMENTS[name].partition(":")
    started = time.monotonic()
    with progress.status(f"Measuring: {name}"):
        rows: list[Row] = getattr(import_module(f"tests.benchmarks.{module}"), function)(place)
    progress.print(f"[green]✓[/] {name} [dim]({time.monotonic() - started:.0f} s)[/]")
    return rows


def _show(rows: Sequence[Row], machine: str, *, as_json: bool) -> None:
    if as_json:
        found = {"machine": machine, "rows": [asdict(row) for row in rows]}
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    console = Console()
    # What is kept in a file needs no eighty columns.
    Console(width=None if console.is_terminal else FILE_COLUMNS).print(_table(rows, machine))


def _table(rows: Sequence[Row], machine: str) -> Table:
    table = Table(box=SIMPLE, caption=machine)
    for name in ("", "figure", "limit", "", "in this run"):
        table.add_column(name, justify="right" if name in {"figure", "limit"} else "left")
    for row in rows:
        table.add_row(row.name, row.said, row.limit_said, MARKS[row.is_kept], row.note)
    return table


if __name__ == "__main__":
    # So that the servers are stopped as well when this is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
