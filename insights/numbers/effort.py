"""What customers say: effort, satisfaction, recommendation, and how many of them say anything."""

from __future__ import annotations

from insights.facts.columns import Array, Facts
from insights.numbers.matters import is_there
from insights.numbers.number import Number

EASY = 5.0
SATISFIED = 4.0
PROMOTER, DETRACTOR = 9.0, 6.0


def has_ces(facts: Facts, _now: float) -> Array:
    return is_there(facts["ces"])


def ces(facts: Facts, _now: float) -> Array:
    return facts["ces"]


def was_easy(facts: Facts, _now: float) -> Array:
    return facts["ces"] >= EASY


def has_csat(facts: Facts, _now: float) -> Array:
    return is_there(facts["csat"])


def csat(facts: Facts, _now: float) -> Array:
    return facts["csat"]


def is_satisfied(facts: Facts, _now: float) -> Array:
    return facts["csat"] >= SATISFIED


def has_nps(facts: Facts, _now: float) -> Array:
    return is_there(facts["nps"])


def recommends(facts: Facts, _now: float) -> Array:
    """100 for each promoter, −100 for each detractor: their mean is the NPS."""
    scores = facts["nps"]
    return 100.0 * (scores >= PROMOTER) - 100.0 * (scores <= DETRACTOR)


def was_asked(facts: Facts, _now: float) -> Array:
    return facts.has("survey", "asked", "answered", "expired")


def has_answered(facts: Facts, _now: float) -> Array:
    return facts.has("survey", "answered")


CES = Number(
    "ces",
    "score",
    {"en": "Customer effort (CES)", "de": "Aufwand (CES)"},
    {
        "en": "The mean answer to the question how easy it was to get help, from 1, very difficult, to 7, very easy. A "
        "late answer counts for the conversation it belongs to, and for the team and person that had it when it was "
        "asked: not for whoever looks after a low score. Scores on another scale count as far between 1 and 7 as "
        "they were between its ends. “9 in 10 at least” is the 10th percentile. Interval: Student's t.",
        "de": "Die mittlere Antwort auf die Frage, wie leicht es war, Hilfe zu bekommen: von 1, sehr schwierig, bis 7, "
        "sehr einfach. Eine späte Antwort zählt für das Gespräch, zu dem sie gehört, und für das Team und die "
        "Person, die es hatten, als gefragt wurde: nicht für die, die sich um einen niedrigen Wert kümmert. Werte "
        "auf einer anderen Skala zählen so weit zwischen 1 und 7, wie sie zwischen deren Enden lagen. "
        "„9 von 10 mindestens“ ist das 10. Perzentil. Intervall: Student-t.",
    },
    of=has_ces,
    value=ces,
    best="high",
    bounds=(1, 7),
)
EASE = Number(
    "ease",
    "share",
    {"en": "Found it easy", "de": "Fanden es einfach"},
    {
        "en": "Of those who said how easy it was, the share that gave 5, 6 or 7. Interval: Wilson.",
        "de": "Von denen, die gesagt haben, wie leicht es war: der Anteil mit 5, 6 oder 7. Intervall: Wilson.",
    },
    of=has_ces,
    met=was_easy,
    best="high",
)
CSAT = Number(
    "csat",
    "score",
    {"en": "Satisfaction (CSAT)", "de": "Zufriedenheit (CSAT)"},
    {
        "en": "The mean answer to the question how satisfied they are, from 1 to 5. “9 in 10 at least” is the "
        "10th percentile. Interval: Student's t.",
        "de": "Die mittlere Antwort auf die Frage nach der Zufriedenheit, von 1 bis 5. „9 von 10 mindestens“ ist das "
        "10. Perzentil. Intervall: Student-t.",
    },
    of=has_csat,
    value=csat,
    best="high",
    bounds=(1, 5),
)
SATISFACTION = Number(
    "satisfied",
    "share",
    {"en": "Satisfied", "de": "Zufrieden"},
    {
        "en": "Of those who said how satisfied they are, the share that gave 4 or 5. Interval: Wilson.",
        "de": "Von denen, die gesagt haben, wie zufrieden sie sind: der Anteil mit 4 oder 5. Intervall: Wilson.",
    },
    of=has_csat,
    met=is_satisfied,
    best="high",
)
NPS = Number(
    "nps",
    "nps",
    {"en": "Recommendation (NPS)", "de": "Weiterempfehlung (NPS)"},
    {
        "en": "The percentage that gave 9 or 10 on a scale from 0 to 10, minus the percentage that gave 0 to 6. It "
        "lies between −100 and 100. Interval: Student's t of +100, 0 and −100.",
        "de": "Der Prozentsatz mit 9 oder 10 auf einer Skala von 0 bis 10, abzüglich des Prozentsatzes mit 0 bis 6. "
        "Er liegt zwischen −100 und 100. Intervall: Student-t von +100, 0 und −100.",
    },
    of=has_nps,
    value=recommends,
    best="high",
    bounds=(-100, 100),
)
RESPONSE = Number(
    "response",
    "share",
    {"en": "Answered the question", "de": "Frage beantwortet"},
    {
        "en": "Of the conversations at whose end the question was asked, the share in which it was answered. "
        "Interval: Wilson.",
        "de": "Von den Gesprächen, an deren Ende gefragt wurde: der Anteil, in dem geantwortet wurde. "
        "Intervall: Wilson.",
    },
    of=was_asked,
    met=has_answered,
    best="high",
)
BY_KIND = {"ces": CES, "csat": CSAT, "nps": NPS}
"""By what a survey asks."""
