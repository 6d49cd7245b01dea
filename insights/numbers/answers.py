"""What the bot did: answers, answers that did not help, what it did not know, and whether that was enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from insights.facts.columns import Array, Facts
from insights.numbers.matters import is_asked, is_matter
from insights.numbers.number import Number

HOUR = 3600.0
QUIET = 72 * HOUR


def questions(facts: Facts, now: float) -> Array:
    return facts["questions"] * is_matter(facts, now)


def answered(facts: Facts, _now: float) -> Array:
    return facts["answered"]


def unknown(facts: Facts, _now: float) -> Array:
    return facts["unknown"]


def answers(facts: Facts, now: float) -> Array:
    return facts["answered"] * is_matter(facts, now)


def not_helped(facts: Facts, _now: float) -> Array:
    """Never more than were answered: an answer is refused once."""
    return np.minimum(facts["not_helped"], facts["answered"])


def is_quiet(facts: Facts, now: float) -> Array:
    """Something was asked, and 72 hours have passed since the last word."""
    return is_asked(facts, now) & (facts["said_at"] + QUIET <= now)


def served_themselves(facts: Facts, _now: float) -> Array:
    alone = (facts["answered"] > 0) & (facts["handoffs"] == 0) & (facts["people_said"] == 0)
    came_again = facts["next_at"] <= facts["said_at"] + QUIET
    return alone & ~came_again


def asked(facts: Facts, now: float) -> Array:
    return is_asked(facts, now)


def was_handed_off(facts: Facts, _now: float) -> Array:
    return facts["handoffs"] > 0


SELF_SERVICE = Number(
    "self_service",
    "share",
    {"en": "Self-service", "de": "Selbst geholfen"},
    {
        "en": "Of the conversations in which something was asked, the share that the bot answered, without a person, "
        "and whose customer opened no other conversation in any channel, nor called for a person after a low score, "
        "within 72 hours of the last word. Conversations less than 72 hours old are not counted yet. Interval: Wilson.",
        "de": "Von den Gesprächen, in denen etwas gefragt wurde: der Anteil, den der Bot ohne einen Menschen "
        "beantwortet hat und nach dem binnen 72 Stunden nach dem letzten Wort in keinem Kanal ein weiteres "
        "Gespräch begann und nach keinem niedrigen Wert ein Mensch gerufen wurde. Gespräche, die noch keine 72 "
        "Stunden her sind, zählen noch nicht. Intervall: Wilson.",
    },
    of=is_quiet,
    met=served_themselves,
    best="high",
)
ANSWER_RATE = Number(
    "answer_rate",
    "share",
    {"en": "Questions answered by the bot", "de": "Vom Bot beantwortete Fragen"},
    {
        "en": "Of the questions that the bot looked for in the articles, the share to which it said an answer; a "
        "choice of articles is none yet. Interval: Wilson.",
        "de": "Von den Fragen, zu denen der Bot in den Artikeln gesucht hat: der Anteil, auf den er eine Antwort gab; "
        "eine Auswahl von Artikeln ist noch keine. Intervall: Wilson.",
    },
    of=questions,
    met=answered,
    best="high",
)
UNKNOWN = Number(
    "unknown",
    "share",
    {"en": "Questions without an answer", "de": "Fragen ohne Antwort"},
    {
        "en": "Of the questions that the bot looked for in the articles, the share to which it found nothing and said "
        "so. Interval: Wilson.",
        "de": "Von den Fragen, zu denen der Bot in den Artikeln gesucht hat: der Anteil, zu dem er nichts fand und das "
        "auch sagte. Intervall: Wilson.",
    },
    of=questions,
    met=unknown,
    best="low",
)
WRONG = Number(
    "wrong_answer",
    "share",
    {"en": "Answers that didn't help", "de": "Antworten, die nicht halfen"},
    {
        "en": "Of the answers that the bot gave, the share to which the customer said that it didn't help. Interval: "
        "Wilson.",
        "de": "Von den Antworten des Bots: der Anteil, zu dem es hieß, dass er nicht geholfen hat. Intervall: Wilson.",
    },
    of=answers,
    met=not_helped,
    best="low",
)
HANDOFF_RATE = Number(
    "handoff_rate",
    "share",
    {"en": "Handed to people", "de": "An Menschen übergeben"},
    {
        "en": "Of the conversations in which something was asked, the share that the customer or the bot called a "
        "person to before it ended. What agents took by themselves is not counted as called for. Where it "
        "is told apart by reason, the first one counts. Interval: Wilson.",
        "de": "Von den Gesprächen, in denen etwas gefragt wurde: der Anteil, zu dem die Kundin, der Kunde oder der Bot "
        "vor dem Ende einen Menschen rief. Was jemand von sich aus übernommen hat, wurde nicht gerufen. "
        "Nach Gründen getrennt zählt der erste. Intervall: Wilson.",
    },
    of=asked,
    met=was_handed_off,
)
HANDOFF_BY_REASON = replace(
    HANDOFF_RATE,
    names={"en": "Share of conversations", "de": "Anteil der Gespräche"},
    definition={
        "en": "Of all conversations in which something was asked, the share that was first handed to people for this "
        "reason; reason by reason they add up to “Handed to people”. Interval: Wilson.",
        "de": "Von allen Gesprächen, in denen etwas gefragt wurde: der Anteil, der zuerst aus diesem Grund an Menschen "
        "übergeben wurde; Grund für Grund ergibt sich zusammen „An Menschen übergeben“. Intervall: Wilson.",
    },
    of_all=True,
)
"""The same figure, told apart: of groups that it is compared in."""
