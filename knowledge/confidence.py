"""How sure it is that the first article found answers the question: a calibrated probability, never a bare cosine."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from statistics import fmean

from knowledge.search import Found, Question

FEATURES = ("bias", "cosine", "margin", "lead", "covered", "bm25", "set_apart", "words", "english", "crossing")

WEIGHTS = (-12.0, 9.0, 12.0, 10.0, 2.0, 0.5, 0.3, 0.3, -1.5, 0.3)


def features(question: Question, found: Sequence[Found]) -> tuple[float, ...]:
    """What the probability is made of, in the order of `FEATURES`; `found` is not empty and holds an article once."""
    first, others = found[0], found[1:]
    second = others[0] if others else None
    rest = [one.score for one in others[2:15]]
    return (
        1.0,
        first.cosine,
        first.score - second.score if second else 0.3,
        first.score - fmean(rest) if rest else 0.3,
        first.covered,
        first.bm25,
        first.set_apart - second.set_apart if second else 0.0,
        log(1 + len(question.text.split())),
        float(first.key[1] == question.locale == "en"),
        float(first.key[1] != question.locale),
    )


def confidence(question: Question, found: Sequence[Found]) -> float:
    """Probability, 0 to 1, that the first article answers the question."""
    if not found:
        return 0.0
    logit = sum(weight * value for weight, value in zip(WEIGHTS, features(question, found), strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))
