"""When the bot gives a conversation to a person: what it says then, and what is only for people to say."""

from __future__ import annotations

from bot.words import Words
from knowledge.answers import Answer

REASONS = (
    "asked",
    "failures",
    "people_only",
    "anger",
    "urgency",
    "legal",
    "safety",
    "did_not_help",
    "bot_down",
)
"""Those of `handoff.handoffs.Reason` that the bot finds."""

BEGUN_AFRESH = {"asked": None, "offered": None, "failures": 0, "not_helped": 0}
"""Slots as they are once a person has taken over: nothing is open any more when the bot is asked again."""


def handing_over(reason: str) -> Words:
    """The one sentence with which the bot hands over; how long it takes is said by who knows."""
    return Words(f"utter_hand_over_{reason}", slots=BEGUN_AFRESH)


def is_for_people(answer: Answer | None, people: bool, categories: frozenset[str]) -> bool:
    """Whether an answer, or the first article of a choice, is kept from the bot because people are there to say it."""
    return people and answer is not None and answer.is_for_people(categories)
