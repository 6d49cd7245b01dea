"""The words of `scores.yml`, ready to be looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class ScoreWords:
    numbers: Mapping[str, int]
    levels: Mapping[str, int]
    """From 3, the best, to -3."""
    phrases: tuple[tuple[Phrase, int], ...]
    """The longest first."""
    no_verdict: tuple[Phrase, ...]
    unsure: tuple[Phrase, ...]
    to_and_fro: tuple[Phrase, ...]
    faint: frozenset[str]
    recalls: frozenset[str]
    openers: frozenset[str]
    more: frozenset[str]
    less: frozenset[str]
    turns: frozenset[str]
    at_all: frozenset[str]
    around: frozenset[str]
    farewells: frozenset[str]
    shrugs: frozenset[str]
    marks: frozenset[str]
    corrections: frozenset[str]
    thanks: frozenset[str]
    polite: frozenset[str]
    asks: frozenset[str]
    lasts: frozenset[str]
    counted: frozenset[str]
    complaints: frozenset[str]
    subjects: frozenset[str]
    owned: frozenset[str]
    tells: frozenset[str]
    emoji: Mapping[str, int]
    help: re.Pattern[str]
    effort: re.Pattern[str]
    praise: re.Pattern[str]
    problems: re.Pattern[str]

    @property
    def degrees(self) -> frozenset[str]:
        return self.more | self.less | self.turns | self.at_all


@lru_cache(maxsize=1)
def score_words() -> ScoreWords:
    written: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("scores.yml").read_text("utf-8"))
    phrases = [(phrase, level) for level, text in written["phrases"].items() for phrase in _phrases(text)]
    sets = {
        name: frozenset(written[name].replace("-", " ").split())
        for name in (
            "faint",
            "recalls",
            "openers",
            "more",
            "less",
            "turns",
            "at_all",
            "around",
            "farewells",
            "shrugs",
            "marks",
            "corrections",
            "thanks",
            "polite",
            "asks",
            "lasts",
            "counted",
            "complaints",
            "subjects",
            "owned",
            "tells",
        )
    }
    return ScoreWords(
        numbers=_by_word(written["numbers"]),
        levels=_by_word(written["levels"]),
        phrases=tuple(sorted(phrases, key=lambda one: -len(one[0]))),
        no_verdict=tuple(_phrases(written["no_verdict"])),
        unsure=tuple(_phrases(written["unsure"])),
        to_and_fro=tuple(_phrases(written["to_and_fro"])),
        emoji=_by_word(written["emoji"]),
        help=_one_of(written["help"]),
        effort=_one_of(written["effort"]),
        praise=_one_of(written["praise"]),
        problems=_one_of(written["problems"]),
        **sets,
    )


def _one_of(written: str) -> re.Pattern[str]:
    """Words, of which some stand for all that begin as they do."""
    return re.compile("|".join(re.escape(word).replace(r"\*", r"\w*") for word in written.split()))


def _by_word(written: Mapping[int, str]) -> dict[str, int]:
    return {word: value for value, words in written.items() for word in words.split()}


def _phrases(text: str) -> list[Phrase]:
    return [tuple(phrase.split()) for phrase in text.split("|")]
