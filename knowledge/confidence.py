"""How sure it is that the first article found answers the question: a calibrated probability, never a bare cosine.

A logistic regression over what search measured: how near the first article is by each model, how far ahead of the
others, and what kind of help centre and question it is. Fitted on six public sets in which three articles of ten were
taken away, so that their questions have no answer (stackfaq, covid-en, covid-de, roboai-en, roboai-de, roboai-de2en),
each set weighing the same; `python -m tests.benchmarks.fit_confidence` fits it again and prints the weights. Fitted on
five sets and used on the sixth, the area under the ROC curve is .945, .925, .741, .948, .933 and .916 in that order;
words shared, the lead over all candidates and the question's length, when added, make it no better. covid-de stays
hard: its labels name one of several right articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

from knowledge.search import Found, Question

FEATURES = ("bias", "cosine", "second", "margin", "share", "examples", "english", "crossing")
WEIGHTS = (-2.174, 5.600, 2.267, 15.159, 1.978, -3.231, -2.449, 0.996)
SHARPNESS = 25
"""Of the softmax over the candidates' scores, of which the logarithm for the first is its `share`."""
FAR = 0.3
"""Points of score between the first and one that isn't there."""


def features(question: Question, found: Sequence[Found]) -> tuple[float, ...]:
    """What the probability is made of, in the order of `FEATURES`; `found` is not empty and holds an article once."""
    first = found[0]
    return (
        1.0,
        first.cosine,
        first.second,
        first.score - found[1].score if len(found) > 1 else FAR,
        -log(sum(exp(SHARPNESS * (one.score - first.score)) for one in found)),
        first.examples,
        float(first.key[1] == question.locale == "en"),
        float(first.key[1] != question.locale),
    )


def confidence(question: Question, found: Sequence[Found]) -> float:
    """Probability, 0 to 1, that the first article answers the question."""
    if not found:
        return 0.0
    logit = sum(weight * value for weight, value in zip(WEIGHTS, features(question, found), strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))
