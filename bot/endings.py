"""Knows an end, a success, a refusal, a withdrawal and a yes by their words, with the courtesies around them. Pure.

What they mean depends on what was asked; and where anything else is said beside them they are none: it is left to the
dialogue then.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml

from bot.nlu.cues import folded

Phrase = tuple[str, ...]

LONGEST = 120
"""Characters: who says more has more to say than that."""
HELPED = ("helps", "helps_then")
NONE = {"nothing", "noting", "nichts", "no", "not", "nicht", "kein", "keine", "mehr"}
GENTLE = ("around", "thanks", "wishes", "farewells", "noes")


def is_end(text: str, *, is_asked: bool) -> bool:
    """Whether a text says that this was all, or that what was asked has come to nothing.

    `is_asked`: it answers "Did this help?" or "Is there anything else?", to which a polite no, too, is an end; a bare
    one is not.
    """
    words = _words(text)
    kinds = ("ends", "withdraws", *(("ends_then",) if is_asked else ()))
    # "Nothing helped" ends nothing.
    around = GENTLE if NONE & set(words) else ("helps", *GENTLE)
    if _is_made(words, _phrases(*kinds), _phrases(*kinds, *around)):
        return True
    is_polite_no = _has(words, "noes") and _is_made(words, _phrases("thanks"), _phrases(*HELPED, *GENTLE))
    return is_asked and is_polite_no


def has_helped(text: str) -> bool:
    """Whether a text says that it has helped, and no more than thanks beside it; a mere "works" only with thanks."""
    words = _words(text)
    if _has(words, "noes"):
        return False
    return _is_said(words, "helps") or (_has(words, "thanks") and _is_said(words, *HELPED))


def is_thanks(text: str) -> bool:
    """Whether a text is thanks, in words or by folded hands, a wish for the day or a goodbye, and nothing else."""
    return _is_said(_words(text.replace("🙏", " thanks ")), "thanks", "wishes", "farewells")


def is_withdrawn(text: str) -> bool:
    """Whether somebody who waits for a person says that they need none any more."""
    words = _words(text)
    return _is_said(words, "withdraws") or (_has(words, "noes") and _is_said(words, "ends"))


def is_refusal(text: str) -> bool:
    """Whether somebody who was asked how it was won't say it."""
    words = _words(text)
    return _is_said(words, "refuses", "noes", "withdraws", "ends", "ends_then")


def is_yes(text: str) -> bool:
    """Whether an offer is taken."""
    words = _words(text)
    return _is_said(words, "accepts") and not _has(words, "noes")


def _words(text: str) -> list[str]:
    if "?" in text or len(text) > LONGEST or text.startswith("/"):
        return []
    return folded(text).split()


def _is_said(words: list[str], *kinds: str) -> bool:
    """Whether a text is made of these phrases and of what is said around them, and of one of these at least."""
    return _is_made(words, _phrases(*kinds), _phrases(*kinds, *GENTLE))


def _has(words: list[str], kind: str) -> bool:
    return any(tuple(words[at : at + len(phrase)]) == phrase for phrase in _phrases(kind) for at in range(len(words)))


def _is_made(words: list[str], wanted: frozenset[Phrase], known: frozenset[Phrase]) -> bool:
    # How far the text is covered, without a wanted phrase and with one.
    without, with_one = {0}, set[int]()
    for at in range(len(words)):
        for end in range(at + 1, min(len(words), at + _longest(known)) + 1):
            phrase = tuple(words[at:end])
            if phrase in known:
                with_one |= {end} if at in with_one or (phrase in wanted and at in without) else set()
                without |= {end} if at in without else set()
    return len(words) in with_one


@lru_cache(maxsize=16)
def _longest(phrases: frozenset[Phrase]) -> int:
    return max(map(len, phrases))


@lru_cache(maxsize=16)
def _phrases(*kinds: str) -> frozenset[Phrase]:
    return frozenset(phrase for kind in kinds for phrase in _written()[kind])


@lru_cache(maxsize=1)
def _written() -> dict[str, frozenset[Phrase]]:
    found = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8"))
    return {kind: frozenset(_each(text.split("|"))) for kind, text in found.items()}


def _each(phrases: Iterable[str]) -> Iterable[Phrase]:
    return (tuple(folded(phrase).split()) for phrase in phrases)
