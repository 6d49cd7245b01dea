"""The FAQ that both bots serve: an answer per intent of banking77, ten example questions each, and questions to ask."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.benchmarks.rows import Unmeasured

EXAMPLES = 10


@dataclass(frozen=True)
class Topic:
    id: str
    title: str
    answer: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Faq:
    topics: tuple[Topic, ...]
    questions: tuple[str, ...]
    """None of them is an example, and none comes twice: whatever a bot keeps of a question doesn't help it."""


def read_faq(data: Path) -> Faq:
    """Raises Unmeasured when the set isn't there: its text is not part of this repository."""
    folder = data / "banking77"
    if not folder.is_dir():
        raise Unmeasured(f"The data set banking77 is not in {data}; --data names the folder that has it.")
    examples: dict[str, list[str]] = defaultdict(list)
    for text, intent in _lines(folder / "train.jsonl"):
        if len(examples[intent]) < EXAMPLES:
            examples[intent].append(text)
    known = {text for texts in examples.values() for text in texts}
    questions = [text for text, _ in _lines(folder / "test.jsonl") if text not in known]
    questions = sorted(set(questions))
    Random(77).shuffle(questions)
    return Faq(tuple(_topic(intent, texts) for intent, texts in sorted(examples.items())), tuple(questions))


def _lines(path: Path) -> list[tuple[str, str]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    # One line a question: stock Rasa's files hold an example a line.
    return [(" ".join(row["text"].split()), row["intent"]) for row in rows]


def _topic(intent: str, examples: list[str]) -> Topic:
    title = intent.replace("_", " ").strip("? ").capitalize()
    answer = (
        f"{title}: this is what the bank says about it. Open the app, choose Help, and follow the three steps there."
    )
    return Topic(intent.strip("?").lower(), title, answer, tuple(examples))
