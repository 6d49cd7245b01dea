"""What became of low scores: looked after in time or not, and what the customer says then."""

from __future__ import annotations

import numpy as np

from insights.facts.columns import Array, Facts
from insights.numbers.matters import is_there
from insights.numbers.number import Number


def has_follow_up(facts: Facts, _now: float) -> Array:
    return is_there(facts["follow_up_at"])


def is_decided(facts: Facts, now: float) -> Array:
    """Closed, or its deadline has passed."""
    return has_follow_up(facts, now) & (is_there(facts["follow_up_closed"]) | (facts["follow_up_due"] <= now))


def was_in_time(facts: Facts, _now: float) -> Array:
    due = np.where(is_there(facts["follow_up_due"]), facts["follow_up_due"], np.inf)
    return facts["follow_up_closed"] <= due


def was_reached(facts: Facts, _now: float) -> Array:
    return is_there(facts["follow_up_reached"])


def reach_seconds(facts: Facts, _now: float) -> Array:
    return facts["follow_up_reached"] - facts["follow_up_at"]


def has_again(facts: Facts, _now: float) -> Array:
    return is_there(facts["again"])


def again(facts: Facts, _now: float) -> Array:
    return facts["again"]


FOLLOW_UPS = Number(
    "follow_ups",
    "count",
    {"en": "Follow-ups", "de": "Nachfassen"},
    {
        "en": "Conversations whose score was so low that somebody was asked to look after the customer.",
        "de": "Gespräche mit einem so niedrigen Wert, dass sich jemand um die Kundin oder den Kunden kümmern sollte.",
    },
    of=has_follow_up,
)
IN_TIME = Number(
    "follow_up_in_time",
    "share",
    {"en": "Follow-ups closed in time", "de": "Rechtzeitig nachgefasst"},
    {
        "en": "Of the follow-ups that are closed or whose deadline has passed, the share closed before it; of a "
        "conversation, the first one. Interval: Wilson.",
        "de": "Von den Fällen, in denen nachzufassen war und die erledigt sind oder deren Frist vorbei ist: der "
        "Anteil, der vor der Frist erledigt war; je Gespräch zählt der erste. Intervall: Wilson.",
    },
    of=is_decided,
    met=was_in_time,
    best="high",
)
REACHED = Number(
    "follow_up_reached",
    "seconds",
    {"en": "Time until they were written to", "de": "Zeit, bis ihnen geschrieben wurde"},
    {
        "en": "The mean time from the opening of a follow-up until somebody first wrote to the customer because of it, "
        "by the clock. Interval: Student's t.",
        "de": "Die mittlere Zeit, seit nachzufassen war, bis deswegen jemand schrieb, nach der Uhr. "
        "Intervall: Student-t.",
    },
    of=was_reached,
    value=reach_seconds,
    best="low",
    bounds=(0, float("inf")),
)
AGAIN = Number(
    "ces_again",
    "score",
    {"en": "Effort, asked again", "de": "Aufwand, noch einmal gefragt"},
    {
        "en": "The mean effort score, 1 to 7, that customers gave after somebody had looked after a low one. “9 in 10 "
        "at least” is the 10th percentile. Interval: Student's t.",
        "de": "Der mittlere Wert für den Aufwand, 1 bis 7, nachdem sich jemand um einen niedrigen gekümmert hat. "
        "„9 von 10 mindestens“ ist das 10. Perzentil. Intervall: Student-t.",
    },
    of=has_again,
    value=again,
    best="high",
    bounds=(1, 7),
)
