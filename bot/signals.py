"""What is heard in how customers write: anger, a threat with the law, harm, or great urgency.

Anger, law and harm bring a person at once, where people work. Urgency alone does not: who is in a hurry is helped
soonest by a sure answer, and a person is called only if there is none (`bot.actions.answering`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

SIGNALS = ("safety", "legal", "anger", "urgency")
"""The gravest first."""
NEEDS_PERSON = frozenset({"safety", "legal", "anger"})
CALM = "calm"
SHARE = 0.3
"""Probability from which a signal is one of those that are heard in a sentence that is not calm."""
ANNOYED = 0.35
"""Probability of anger from which somebody is at least annoyed."""

EXAMPLES = Path(__file__).parent / "nlu"

Odds = dict[str, float]
"""The probability of each signal and of calm."""


@dataclass(frozen=True)
class Heard:
    """What is heard in a message; `confidence` that it is not calm, 0 to 1."""

    signals: tuple[str, ...]
    mood: str
    """`calm`, `annoyed`, `angry` or `urgent`."""
    confidence: float


def examples() -> Iterator[tuple[str, str]]:
    """Signal (or `calm`) and sentence."""
    for path in sorted(EXAMPLES.glob("signals_*.yml")):
        for signal, sentences in yaml.safe_load(path.read_text("utf-8")).items():
            yield from ((signal, sentence) for sentence in sentences.splitlines())


def together(heard: list[tuple[Odds, bool]]) -> Heard:
    """What is heard in a message: what is heard in any of its sentences."""
    uneasy = [odds for odds, is_uneasy in heard if is_uneasy]
    signals = tuple(signal for signal in SIGNALS if any(odds[signal] >= SHARE for odds in uneasy))
    return Heard(signals, _mood(signals, heard), max(1 - odds[CALM] for odds, _ in heard))


def _mood(signals: tuple[str, ...], heard: list[tuple[Odds, bool]]) -> str:
    if "anger" in signals:
        return "angry"
    if "urgency" in signals:
        return "urgent"
    return "annoyed" if any(odds["anger"] >= ANNOYED for odds, _ in heard) else CALM
