"""How long customers wait for people: until one comes, until one replies, and who goes before."""

from __future__ import annotations

from insights.facts.columns import Array, Facts
from insights.numbers.matters import is_matter, is_there
from insights.numbers.number import Number

FOREVER = float("inf")


def has_reply(facts: Facts, now: float) -> Array:
    return is_matter(facts, now) & is_there(facts["reply_seconds"])


def reply_seconds(facts: Facts, _now: float) -> Array:
    return facts["reply_seconds"]


def reply_open_seconds(facts: Facts, _now: float) -> Array:
    return facts["reply_open_seconds"]


def was_claimed(facts: Facts, now: float) -> Array:
    return is_matter(facts, now) & is_there(facts["claim_seconds"])


def claim_seconds(facts: Facts, _now: float) -> Array:
    return facts["claim_seconds"]


def queued(facts: Facts, now: float) -> Array:
    return facts["queued"] * is_matter(facts, now)


def left_queue(facts: Facts, _now: float) -> Array:
    return facts["left_queue"]


def ended(facts: Facts, now: float) -> Array:
    return facts["ended"] * is_matter(facts, now)


def unreplied(facts: Facts, _now: float) -> Array:
    return facts["unreplied"]


def is_with_people(facts: Facts, now: float) -> Array:
    return is_matter(facts, now) & (facts["handoffs"] > 0)


def has_missed(facts: Facts, _now: float) -> Array:
    return facts["missed"] > 0


FIRST_REPLY = Number(
    "first_reply",
    "seconds",
    {"en": "First reply, in opening hours", "de": "Erste Antwort, in Öffnungszeiten"},
    {
        "en": "The mean time from the hand-off until a person first replied, counted only while the team is open, "
        "by its opening hours of that time; what is said automatically is no reply. Hand-offs to which nobody has "
        "replied are not in it: see “Left without a reply”. Interval: Student's t.",
        "de": "Die mittlere Zeit von der Übergabe bis zur ersten Antwort eines Menschen, gezählt nur, solange das Team "
        "da ist, nach seinen Öffnungszeiten von damals; was automatisch gesagt wird, ist keine Antwort. Übergaben ohne "
        "Antwort sind nicht darin: siehe „Ohne Antwort geblieben“. Intervall: Student-t.",
    },
    of=has_reply,
    value=reply_open_seconds,
    best="low",
    bounds=(0, FOREVER),
)
FIRST_REPLY_CLOCK = Number(
    "first_reply_clock",
    "seconds",
    {"en": "First reply, by the clock", "de": "Erste Antwort, nach der Uhr"},
    {
        "en": "The mean time from the hand-off until a person first replied, nights and weekends included: what the "
        "customer waited. Interval: Student's t.",
        "de": "Die mittlere Zeit von der Übergabe bis zur ersten Antwort eines Menschen, mit Nächten und Wochenenden: "
        "so lange hat die Kundin oder der Kunde gewartet. Intervall: Student-t.",
    },
    of=has_reply,
    value=reply_seconds,
    best="low",
    bounds=(0, FOREVER),
)
QUEUE_TIME = Number(
    "queue_time",
    "seconds",
    {"en": "Time in the queue", "de": "Zeit in der Warteschlange"},
    {
        "en": "The mean time from the hand-off until somebody took the conversation, by the clock, of those that "
        "somebody took. Interval: Student's t.",
        "de": "Die mittlere Zeit von der Übergabe, bis jemand das Gespräch nahm, nach der Uhr; von denen, die jemand "
        "nahm. Intervall: Student-t.",
    },
    of=was_claimed,
    value=claim_seconds,
    best="low",
    bounds=(0, FOREVER),
)
LEFT_QUEUE = Number(
    "left_queue",
    "share",
    {"en": "Gave up waiting", "de": "Warten aufgegeben"},
    {
        "en": "Of the hand-offs whose wait is over, the share in which the customer went before anybody came: back to "
        "the bot, or away. Interval: Wilson.",
        "de": "Von den Übergaben, deren Warten vorbei ist: der Anteil, in dem die Kundin oder der Kunde ging, bevor "
        "jemand kam: zurück zum Bot oder ganz. Intervall: Wilson.",
    },
    of=queued,
    met=left_queue,
    best="low",
)
UNREPLIED = Number(
    "unreplied",
    "share",
    {"en": "Left without a reply", "de": "Ohne Antwort geblieben"},
    {
        "en": "Of the hand-offs that a person replied to or that are over, the share that ended without a reply by a "
        "person. Interval: Wilson.",
        "de": "Von den Übergaben, auf die ein Mensch antwortete oder die vorbei sind: der Anteil, der ohne Antwort "
        "eines Menschen endete. Intervall: Wilson.",
    },
    of=ended,
    met=unreplied,
    best="low",
)
MISSED = Number(
    "missed_targets",
    "share",
    {"en": "Missed a target", "de": "Ziel verfehlt"},
    {
        "en": "Of the conversations that were handed to people, the share in which a target for a reply or the "
        "solution was missed. Interval: Wilson.",
        "de": "Von den Gesprächen, die an Menschen übergeben wurden: der Anteil, in dem ein Ziel für eine Antwort oder "
        "die Lösung verfehlt wurde. Intervall: Wilson.",
    },
    of=is_with_people,
    met=has_missed,
    best="low",
)
