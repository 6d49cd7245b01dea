"""How sure it is that the first article found answers the question: a calibrated probability, never a bare cosine.

A logistic regression over what search measured: how near the first article is, how far ahead of the next ones, how
many of the question's words it contains, how well its example questions set it apart. Fitted on six public sets in
which three articles of ten were taken away, so that their questions have no answer (stackfaq, covid-en, covid-de,
roboai-en, roboai-de, roboai-de2en), each set weighing the same; `python -m tests.benchmarks.fit_confidence` fits it
again and prints the weights. Fitted on five sets and used on the sixth, the area under the ROC curve is .934, .923,
.726, .945, .920 and .906 in that order. covid-de stays hard: its labels name one of several right articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from statistics import fmean

from knowledge.search import Found, Question

FEATURES = (
    "bias",
    "cosine",
    "second",
    "second_lead",
    "margin",
    "margin_of_two",
    "lead",
    "share",
    "covered",
    "bm25",
    "set_apart",
    "examples",
    "words",
    "english",
    "crossing",
)
SHARPNESS = 25
FAR = 0.3
"""Points of score between the first and one that isn't there."""
WEIGHTS = (
    -5.718,
    9.452,
    1.962,
    2.399,
    6.961,
    8.852,
    -7.259,
    1.850,
    0.666,
    -0.794,
    0.520,
    -2.532,
    0.064,
    -2.586,
    1.041,
)


def features(question: Question, found: Sequence[Found]) -> tuple[float, ...]:
    """What the probability is made of, in the order of `FEATURES`; `found` is not empty and holds an article once."""
    first, others = found[0], found[1:]
    rest = others[2:15]
    scores = [one.score for one in found]
    return (
        1.0,
        first.cosine,
        first.second,
        first.second - fmean(one.second for one in rest) if rest else 0.0,
        _ahead(scores, 1),
        _ahead(scores, 2),
        first.score - fmean(one.score for one in rest) if rest else FAR,
        -log(sum(exp(SHARPNESS * (score - scores[0])) for score in scores)),
        first.covered,
        first.bm25,
        first.examples * (first.set_apart - others[0].set_apart) if others else 0.0,
        first.examples,
        log(1 + len(question.text.split())),
        float(first.key[1] == question.locale == "en"),
        float(first.key[1] != question.locale),
    )


def _ahead(scores: Sequence[float], place: int) -> float:
    return scores[0] - scores[place] if len(scores) > place else FAR


def confidence(question: Question, found: Sequence[Found]) -> float:
    """Probability, 0 to 1, that the first article answers the question."""
    if not found:
        return 0.0
    logit = sum(weight * value for weight, value in zip(WEIGHTS, features(question, found), strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))
