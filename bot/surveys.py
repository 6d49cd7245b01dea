"""What the bot is told of the question at the end, how it asks it in each channel, and what it hears in the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.payloads import give_score
from bot.words import Words

FORM = "survey_form"
MOST_IN_A_LIST = 10
"""Items of a list in WhatsApp: a scale with more steps is answered with a number."""


@dataclass(frozen=True)
class SurveyWords:
    """The wording in one language."""

    question: str
    labels: tuple[str, ...]
    """Of every step, from the lowest on; or of its two ends."""


@dataclass(frozen=True)
class SurveyQuestion:
    """One question to one customer, as far as it is answered."""

    survey_id: str
    kind: str
    lowest: int
    highest: int
    limit: int
    """A score up to this one is low: it is asked what made it so."""
    words: Mapping[str, SurveyWords]
    awaiting: Literal["score", "comment"] = "score"
    score: int | None = None
    """What was answered before, if this is what follows or takes it back."""
    is_commented: bool = False
    """Whether it was told already what made it hard: there may be more of it, and a person is still offered."""

    def labels(self, locale: str) -> tuple[str, ...]:
        """Of every step; empty where a step has none."""
        given = self.words[locale].labels
        between = self.highest - self.lowest - 1
        return given if len(given) == between + 2 else (given[0], *[""] * between, given[-1])

    @property
    def all_labels(self) -> tuple[tuple[str, ...], ...]:
        """In each language: they are read in either."""
        return tuple(self.labels(locale) for locale in self.words)


@dataclass(frozen=True)
class Heard:
    """What was heard in an answer."""

    score: int | None = None
    comment: str | None = None
    """The text, if it says what made it hard, or a part of it does."""
    is_refused: bool = False
    """Whether the customer won't answer, or won't say more."""


Scored = Literal["low", "high"]
"""How good the score was that somebody gave beside a question of theirs."""


BY_NUMBER = {
    "en": "Please answer with a number from {lowest} ({worst}) to {highest} ({best}).",
    "de": "Bitte antworten Sie mit einer Zahl von {lowest} ({worst}) bis {highest} ({best}).",
}
PERSON = {
    "en": {"web": "Talk to a person", "whatsapp": "Talk to a person"},
    "de": {"web": "Mit einem Menschen sprechen", "whatsapp": "Mit einem Menschen"},
}
"""What stands on the button."""
OR_PERSON = {
    "en": " Or write PERSON to talk to somebody now.",
    "de": " Oder schreiben Sie MENSCH, um jetzt mit jemandem zu sprechen.",
}
"""Where there are no buttons."""


def question_words(asked: SurveyQuestion, locale: str, channel: str) -> Words:
    """The question in the form of the channel: buttons in the web, a list in WhatsApp, a number by SMS."""
    words = asked.words[locale]
    steps = asked.highest - asked.lowest + 1
    if channel == "web" or (channel == "whatsapp" and steps <= MOST_IN_A_LIST):
        return Words("utter_survey_question", words.question, _buttons(asked, locale))
    worst, best = words.labels[0], words.labels[-1]
    how = BY_NUMBER[locale].format(lowest=asked.lowest, highest=asked.highest, worst=worst, best=best)
    return Words("utter_survey_question", f"{words.question} {how}")


def _buttons(asked: SurveyQuestion, locale: str) -> tuple[dict[str, str], ...]:
    return tuple(
        {"title": f"{score} · {label}" if label else str(score), "payload": give_score(asked.survey_id, score)}
        for score, label in enumerate(asked.labels(locale), start=asked.lowest)
    )
