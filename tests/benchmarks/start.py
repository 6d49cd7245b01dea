"""What a person waits for: the bot's training from nothing, and the first answer after a start."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from tests.benchmarks.our_server import handrail, our_server
from tests.benchmarks.place import Place
from tests.benchmarks.processes import run
from tests.benchmarks.rows import Row

STARTS = 3
QUESTION = "How long do I have to return something?"


def training_rows(place: Place) -> list[Row]:
    """`handrail train` without a trained bot, the embedding models prepared."""
    with place.folder("training") as folder:
        (folder / "cache").mkdir()
        (folder / "cache" / "models").symlink_to(place.settings.cache_dir / "models")
        seconds = run(handrail(place, folder, "train", CACHE_DIR=str(folder / "cache")))
    return [Row("Training from nothing", seconds, "s", limit=60, note="with the command's own start")]


def cold_start_rows(place: Place) -> list[Row]:
    """`handrail serve --demo`, which is what `make run` calls, when everything has been prepared by an earlier one."""
    with place.folder("start") as folder:
        run(handrail(place, folder, "prepare", "--demo"))
        seconds = [_first_answer(place, folder) for _ in range(STARTS)]
    note = f"from the command to the answer of the first question; middle of {STARTS}, slowest {max(seconds):.1f} s"
    return [Row("Cold start", median(seconds), "s", limit=15, note=note)]


def _first_answer(place: Place, folder: Path) -> float:
    started = time.perf_counter()
    with our_server(place, folder, "--demo") as client:
        client.say(f"visitor-{started}", QUESTION)
        return time.perf_counter() - started
