"""Which conversations are counted at all."""

from __future__ import annotations

import numpy as np

from insights.facts.columns import Array, Facts
from insights.numbers.number import Number

NOT_COUNTED = ("merged", "spam")


def is_matter(facts: Facts, _now: float) -> Array:
    """The customer began it and said something, and it is neither spam nor went on in another conversation."""
    return (facts["said"] > 0) & (facts["by_us"] == 0) & ~facts.has("close_reason", *NOT_COUNTED)


def is_asked(facts: Facts, now: float) -> Array:
    """A matter in which something was asked: of the bot, or of a person."""
    asked = (facts["questions"] > 0) | (facts["handoffs"] > 0) | (facts["people_said"] > 0)
    return is_matter(facts, now) & asked


def is_there(values: Array) -> Array:
    return ~np.isnan(values)


CONVERSATIONS = Number(
    "conversations",
    "count",
    {"en": "Conversations", "de": "Gespräche"},
    {
        "en": "Conversations that customers began in the period and in which they said something. Without spam, and "
        "without those that were joined with another one of the same customer.",
        "de": "Gespräche, die Kundinnen und Kunden im Zeitraum begonnen und in denen sie etwas gesagt haben. Ohne Spam "
        "und ohne die, die mit einem anderen Gespräch derselben Person zusammengelegt wurden.",
    },
    of=is_matter,
)
