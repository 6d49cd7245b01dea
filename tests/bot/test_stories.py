"""Whole conversations, as Rasa's own `rasa test core` judges them."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot import quiet


def test_every_story_goes_as_it_is_written(model: Path, tmp_path: Path) -> None:
    with quiet.importing_rasa():
        from rasa.core.agent import Agent
        from rasa.core.test import test

        quiet.hush()
        agent = Agent.load(model)
        stories = str(Path(__file__).parent / "stories")
        tried = test(stories, agent, out_directory=str(tmp_path), disable_plotting=True)
        # A browser of other tests may keep this thread's event loop.
        with ThreadPoolExecutor(1) as another:
            another.submit(asyncio.run, tried).result()

    report = json.loads((tmp_path / "story_report.json").read_text())
    assert {"correct_stories": 12, "total": 12} == {
        "correct_stories": report["conversation_accuracy"]["correct"],
        "total": report["conversation_accuracy"]["total"],
    }
