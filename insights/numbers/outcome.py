"""What became of it: resolved or not, at the first contact or not, how soon, and over how many channels."""

from __future__ import annotations

from insights.facts.columns import Array, Facts
from insights.numbers.matters import is_asked, is_matter, is_there
from insights.numbers.number import Number

WEEK = 7 * 24 * 3600.0


def is_over(facts: Facts, now: float) -> Array:
    return is_asked(facts, now) & is_there(facts["closed_at"])


def is_resolved(facts: Facts, now: float) -> Array:
    """The same conversations wherever resolved ones are counted."""
    return is_asked(facts, now) & is_there(facts["resolved_at"])


def resolution_seconds(facts: Facts, _now: float) -> Array:
    return facts["resolved_at"] - facts["opened_at"]


def is_resolved_a_week(facts: Facts, now: float) -> Array:
    return is_resolved(facts, now) & (facts["resolved_at"] + WEEK <= now)


def at_first_contact(facts: Facts, _now: float) -> Array:
    came_again = facts["next_at"] <= facts["resolved_at"] + WEEK
    return ~came_again & (facts["reopens"] == 0)


def has_switched(facts: Facts, _now: float) -> Array:
    return facts["switches"] > 0


def was_reopened(facts: Facts, _now: float) -> Array:
    return facts["reopens"] > 0


RESOLVED = Number(
    "resolved",
    "share",
    {"en": "Resolved", "de": "Gelöst"},
    {
        "en": "Of the conversations that are over and in which something was asked, the share that was resolved: the "
        "customer said that this was all; an agent closed it as solved, answered or not possible; or silence "
        "followed on an answer that nobody refused. Interval: Wilson.",
        "de": "Von den Gesprächen, die vorbei sind und in denen etwas gefragt wurde: der Anteil, der gelöst wurde: Die "
        "Kundin oder der Kunde sagte, das sei alles; jemand schloss es als gelöst, beantwortet oder nicht "
        "möglich; oder auf eine Antwort, die niemand zurückwies, folgte Stille. Intervall: Wilson.",
    },
    of=is_over,
    met=is_resolved,
    best="high",
)
RESOLUTION_TIME = Number(
    "resolution_time",
    "seconds",
    {"en": "Time to resolution", "de": "Zeit bis zur Lösung"},
    {
        "en": "The sum of the times from the first message until it was resolved, divided by the number of "
        "conversations that were resolved, as “Resolved” counts them. Where silence followed on an answer, it was "
        "resolved by that answer; what was opened again, when it was resolved for good, but for what was opened "
        "again only because of a low score. By the clock. Interval: Student's t.",
        "de": "Die Summe der Zeiten von der ersten Nachricht bis zur Lösung, geteilt durch die Zahl der gelösten "
        "Gespräche, wie „Gelöst“ sie zählt. Wo auf eine Antwort Stille folgte, war sie die Lösung; was wieder "
        "geöffnet wurde, ist gelöst, wenn es das endgültig ist, außer es wurde nur wegen eines niedrigen Werts "
        "wieder geöffnet. Nach der Uhr. Intervall: Student-t.",
    },
    of=is_resolved,
    value=resolution_seconds,
    best="low",
    bounds=(0, float("inf")),
)
FIRST_CONTACT = Number(
    "first_contact",
    "share",
    {"en": "Resolved at first contact", "de": "Beim ersten Kontakt gelöst"},
    {
        "en": "Of all conversations that were resolved, as “Resolved” counts them, the share that was not opened "
        "again and whose customer opened no other conversation in any channel for 7 days. That we look after a low "
        "score opens nothing again; a customer who then calls for a person has come again. Customers who turned out "
        "to be one count as one. What was resolved less than 7 days ago is not counted yet. Interval: Wilson.",
        "de": "Von allen gelösten Gesprächen, wie „Gelöst“ sie zählt: der Anteil, der nicht wieder geöffnet wurde und "
        "nach dem 7 Tage lang in keinem Kanal ein weiteres Gespräch derselben Person begann. Dass wir uns um einen "
        "niedrigen Wert kümmern, öffnet nichts wieder; wer danach einen Menschen ruft, ist wiedergekommen. Wer sich "
        "als eine Person erwies, zählt als eine. Was vor weniger als 7 Tagen gelöst wurde, zählt noch nicht. "
        "Intervall: Wilson.",
    },
    of=is_resolved_a_week,
    met=at_first_contact,
    best="high",
)
SWITCHED = Number(
    "switched",
    "share",
    {"en": "Changed the channel", "de": "Kanal gewechselt"},
    {
        "en": "Of all conversations, the share in which the customer wrote in more than one channel. Interval: Wilson.",
        "de": "Von allen Gesprächen: der Anteil, in dem in mehr als einem Kanal geschrieben wurde. Intervall: Wilson.",
    },
    of=is_matter,
    met=has_switched,
)
REOPENED = Number(
    "reopened",
    "share",
    {"en": "Opened again", "de": "Wieder geöffnet"},
    {
        "en": "Of the conversations that were resolved, as “Resolved” counts them, the share that had been opened "
        "again before, but for what was opened again because of a low score. Interval: Wilson.",
        "de": "Von den gelösten Gesprächen, wie „Gelöst“ sie zählt: der Anteil, der zuvor wieder geöffnet worden war, "
        "ohne das, was wegen eines niedrigen Werts wieder geöffnet wurde. Intervall: Wilson.",
    },
    of=is_resolved,
    met=was_reopened,
    best="low",
)
