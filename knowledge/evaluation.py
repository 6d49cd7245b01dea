"""Measures search, answering and intents on labelled sets, over the same path that a customer's question takes.

A set is a folder with `articles.jsonl` and `questions.jsonl` (`articles` of a question are the right ones; none means
that it must not be answered), or with `train.jsonl` and `test.jsonl` (intents: `intent` null is out of scope; each
intent becomes an article whose example questions are its training sentences).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log2
from pathlib import Path
from statistics import fmean, median, quantiles
from time import perf_counter
from typing import Any

from db import Database
from knowledge.answering import Reading, decide, understand
from knowledge.article_text import QUESTIONS, checked
from knowledge.embedding import Embedder
from knowledge.importing import import_articles
from knowledge.library import Knowledge
from knowledge.search import Question
from knowledge.vectors import Progress, remembered_questions, steps

DEPTH = 10
TITLE = "intent"


class EvaluationError(Exception):
    """A set can't be read; the message is a sentence."""


@dataclass(frozen=True)
class Asked:
    text: str
    locale: str
    right: frozenset[str]
    """The ids of the articles that answer it; none if it must not be answered."""


@dataclass
class Figures:
    """What was measured on one set; shares from 0 to 1, times in milliseconds beyond embedding."""

    set: str
    articles: int
    questions: int
    values: dict[str, float] = field(default_factory=dict)


def evaluate(
    folder: Path,
    database: Database,
    embedder: Embedder,
    answered_from: float,
    examples: int | None = None,
    progress: Progress | None = None,
) -> Figures:
    """The figures of one set. `database` is the set's own; what is embedded stays in it for the next time.

    `examples`: of an intent set, how many training sentences of each intent are learned from, the first ones; None:
    as many as an article may have. Raises EvaluationError.
    """
    asked = questions_of(folder)
    knowledge = Knowledge(database, embedder)
    if (folder / "articles.jsonl").exists():
        report = import_articles(knowledge, folder / "articles.jsonl")
        if report.problems:
            problem = report.problems[0]
            raise EvaluationError(f"{folder}: {problem.where}: {problem.reason}")
    else:
        _learn_intents(knowledge, folder, examples)
    return _measure(folder.name, knowledge, asked, answered_from, progress)


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} can't be read as one JSON object a line: {error}") from None
    if not lines or not all(isinstance(line, dict) for line in lines):
        raise EvaluationError(f"{path} must hold one JSON object a line.")
    return lines


def questions_of(folder: Path) -> list[Asked]:
    """The labelled questions of a set. Raises EvaluationError."""
    try:
        if (folder / "questions.jsonl").exists():
            found = _lines(folder / "questions.jsonl")
            return [Asked(one["question"], one.get("locale", "en"), frozenset(one["articles"])) for one in found]
        return [
            Asked(one["text"], "en", frozenset([one["intent"]] if one["intent"] else []))
            for one in _lines(folder / "test.jsonl")
        ]
    except (KeyError, TypeError) as error:
        raise EvaluationError(f"A question of {folder} lacks {error}.") from None


def _learn_intents(knowledge: Knowledge, folder: Path, examples: int | None) -> None:
    sentences: dict[str, list[str]] = {}
    for one in _lines(folder / "train.jsonl"):
        if one["intent"]:
            sentences.setdefault(one["intent"], []).append(one["text"])
    texts = [
        checked(
            id=intent,
            locale="en",
            title=intent.replace("_", " "),
            short_answer=intent.replace("_", " "),
            body="",
            category=TITLE,
            questions=list(dict.fromkeys(said))[: examples or QUESTIONS],
        )
        for intent, said in sentences.items()
    ]
    for some in steps(texts, 50):
        knowledge.publish(*some)


def _measure(
    name: str, knowledge: Knowledge, asked: Sequence[Asked], answered_from: float, progress: Progress | None
) -> Figures:
    snapshot = knowledge.refresh()
    is_word = knowledge.embedder.knows
    texts = [text for one in asked for text in (one.text, snapshot.spelled(one.text, one.locale, is_word))]
    vectors = remembered_questions(knowledge.database, knowledge.embedder, list(dict.fromkeys(texts)), progress)
    readings, seconds = [], []
    for one in asked:
        question = Question(one.text, one.locale, vectors[one.text], knowledge.embedder.parts)
        started = perf_counter()
        readings.append(understand(snapshot, knowledge.embedder, question, answered_from, vectors.__getitem__))
        seconds.append(perf_counter() - started)
    figures = Figures(name, len({key[0] for key in snapshot.articles}), len(asked))
    figures.values |= _ranking(asked, readings) | _answering(asked, readings, answered_from) | _times(seconds)
    return figures


def _ranking(asked: Sequence[Asked], readings: Sequence[Reading]) -> dict[str, float]:
    hits = [
        ([found.key[0] in one.right for found in reading.found[:DEPTH]], len(one.right))
        for one, reading in zip(asked, readings, strict=True)
        if one.right
    ]
    return {
        "nDCG@10": fmean(_ndcg(hit, right) for hit, right in hits),
        "P@1": fmean(float(any(hit[:1])) for hit, _ in hits),
        "R@5": fmean(sum(hit[:5]) / right for hit, right in hits),
        "MRR": fmean(1 / (hit.index(True) + 1) if True in hit else 0.0 for hit, _ in hits),
    }


def _ndcg(hits: Sequence[bool], right: int) -> float:
    """Normalised discounted cumulative gain with binary relevance (Järvelin and Kekäläinen 2002)."""
    best = sum(1 / log2(place + 2) for place in range(min(right, DEPTH)))
    return sum(1 / log2(place + 2) for place, hit in enumerate(hits) if hit) / best


def _answering(asked: Sequence[Asked], readings: Sequence[Reading], answered_from: float) -> dict[str, float]:
    """How well what must not be answered is told apart; nothing for sets in which everything has an answer.

    `AUROC`: of being answerable by the confidence. `answered`: answerable questions that got an answer. `wrong`:
    given answers that are not right, whether the question has another answer or none. The same with choices, where a
    choice is right if the right article is among those offered.
    """
    if all(one.right for one in asked):
        return {}
    answerable = [bool(one.right) for one in asked]
    judged = [_judge(one, reading, answered_from) for one, reading in zip(asked, readings, strict=True)]
    figures = {"AUROC": _auroc([reading.confidence for reading in readings], answerable)}
    for name, kinds in (("", {"answer"}), (" or choice", {"answer", "choice"})):
        given = [is_right for kind, is_right in judged if kind in kinds]
        reached = [kind in kinds for (kind, _), can in zip(judged, answerable, strict=True) if can]
        figures[f"answered{name}"] = fmean(reached)
        figures[f"wrong{name}"] = 1 - fmean(given) if given else 0.0
    return figures


def _judge(one: Asked, reading: Reading, answered_from: float) -> tuple[str, bool]:
    kind, shown = decide(reading, answered_from)
    return kind, any(found.key[0] in one.right for found in shown)


def _auroc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(labels, scores))


def _times(seconds: Sequence[float]) -> dict[str, float]:
    return {"p50 ms": 1000 * median(seconds), "p95 ms": 1000 * quantiles(seconds, n=20)[-1]}
