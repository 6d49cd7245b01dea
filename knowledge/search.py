"""Which articles answer a question: meaning and words together, example questions first.

An article's score for a question is

    max(Q, B) + TOGETHER · min(Q, B) + COVERED · c + EXAMPLES · e

where Q is the cosine of its best title or example question, B that of its best piece of text with a share of BM25, c
the share of the question's words that stand anywhere in it, and e how well its example questions set it apart from
the other candidates (`_set_apart`).

The cosine is that of multilingual-e5-small; where question and passage are English, MiniLM's is added with a weight:
in English it is the better one for short questions, in German it is of no use. BM25 is divided by what a passage with
all the words of the question could reach, so that long and short questions compare.

The weights were fitted by coordinate search on seven public sets (stackfaq, covid-en, covid-de, arduino-sections,
roboai-en, roboai-de, roboai-de2en): one configuration for all, few numbers, nDCG@10 and P@1 together. With passages
three times as long, fitted without a set and used on it, P@1 was .911, .812, .411, .615, .913, .888 and .796 in that
order, against .953, .817, .431, .646, .915, .888 and .796 fitted with it: only stackfaq (titles and long answers) and
arduino-sections (the one with sections to be found) miss their own kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import spotrf, spotrs

from knowledge.index import Snapshot
from knowledge.index.records import Key, Rows, Scores, Vectors
from knowledge.locales import LOCALES

ENGLISH_PART = 0.2
OTHER_PART = 0.0
"""The second model's share of a cosine, where both sides are English and otherwise."""
TEXT_WORDS = 0.115
TEXT_HANDICAP = 0.1
TOGETHER = 0.13
COVERED = 0.022
EXAMPLES = 0.05

PER_LIST = 100
"""Passages taken from each of the two lists: the nearest, and those that share words."""
WORDS_LIST = 400
"""Passages whose shared words count; one that is not among them counts as sharing none."""
MEASURED = 64
"""Articles that are measured passage by passage."""
CANDIDATES = 20
COMPARED = 10
"""Candidates whose example questions are set against each other."""
EXAMPLES_OF_ONE = 20
"""Example questions of one article that are compared, nearest first: the cost grows with the cube of all."""
ENGLISH_EXAMPLES = 0.7
OTHER_EXAMPLES = 0.15
"""The second model's share of the vectors in which examples are set apart."""
RIDGE = 0.01
ROUNDS = 10


@dataclass(frozen=True)
class Question:
    """A question with all that searching for it needs."""

    text: str
    locale: str
    vector: Vectors
    """As the embedder gives it: its parts side by side, of equal weight."""
    parts: tuple[slice, ...]

    def weighted(self, second: float) -> Vectors:
        """The vector whose inner product with a stored one is `first cosine + second · second cosine`."""
        weights = np.full_like(self.vector, len(self.parts))
        for part in self.parts[1:]:
            weights[part] *= second
        return self.vector * weights


@dataclass(frozen=True)
class Found:
    """An article with its score and what the score is made of."""

    key: Key
    score: float
    row: int
    """The passage that fits best."""
    cosine: float
    """Of that passage by the first model, -1 to 1."""
    second: float
    """By the second model; 0 where it has no say."""
    bm25: float
    """The best of its passages, as a share of what all the question's words could reach."""
    of_questions: float
    """The best of its title and example questions."""
    of_text: float
    covered: float = 0.0
    """Share of the question's words, the rarer the weightier, that stand in the article."""
    set_apart: float = 0.0
    examples: float = 0.0
    """How much there was to compare: 0 if the candidates have no example questions, towards 1 the more there are."""


Numbers = npt.NDArray[np.floating[Any]]
Cosines = Callable[[Rows], tuple[Vectors, Vectors]]
"""Of rows with a question by the first model, and by the second; zeros if there is none."""


@dataclass(frozen=True)
class Sighted:
    """What the index says of a question before articles are measured."""

    nearest: Rows
    """The `PER_LIST` nearest rows, best first."""
    sharing: Rows
    """The `WORDS_LIST` rows with the highest BM25, best first."""
    shares: Scores
    """Theirs, each as a share of what a row of its language with all the words could reach."""
    cosines: Cosines


@dataclass(frozen=True)
class _Measured:
    """What becomes `Found`, a column for each of its fields."""

    keys: Sequence[Key]
    scores: Numbers
    rows: Rows
    cosines: Numbers
    seconds: Numbers
    bm25: Numbers
    of_questions: Numbers
    of_text: Numbers
    covered: Numbers
    set_apart: Numbers
    examples: float

    def in_order(self) -> _Measured:
        """By their scores, best first."""
        order = np.argsort(-self.scores, kind="stable")
        columns = {name: getattr(self, name)[order] for name in COLUMNS}
        return replace(self, keys=[self.keys[at] for at in order.tolist()], **columns)

    def found(self) -> list[Found]:
        columns = (getattr(self, name).tolist() for name in COLUMNS)
        return [Found(*fields) for fields in zip(self.keys, *columns, repeat(self.examples))]


COLUMNS = (
    "scores",
    "rows",
    "cosines",
    "seconds",
    "bm25",
    "of_questions",
    "of_text",
    "covered",
    "set_apart",
)
"""In the order of `Found`, without its first and its last field."""


def search(snapshot: Snapshot, question: Question, sighted: Sighted | None = None) -> list[Found]:
    """The articles that may answer, best first; at most `CANDIDATES`. `sighted`: where it is there already."""
    sighted = sighted or sight(snapshot, question)
    keys = _candidates(snapshot, question, sighted)
    if not keys:
        return []
    measured = _measure(snapshot, question, sighted, keys)
    covered = _with_cover(snapshot, question, measured).in_order()
    return _with_examples(snapshot, question, sighted, covered).in_order().found()


def sight(snapshot: Snapshot, question: Question) -> Sighted:
    """Of one question."""
    nearest, _ = snapshot.dense(question.weighted(second_share(question.locale, question.locale)), PER_LIST)
    by_locale = {locale: snapshot.lexical(question.text, WORDS_LIST, locale) for locale in sorted(LOCALES)}
    return Sighted(nearest, *shared(snapshot, question.text, by_locale), partial(_cosines, snapshot, question))


def shared(snapshot: Snapshot, text: str, by_locale: Mapping[str, tuple[Rows, Scores]]) -> tuple[Rows, Scores]:
    """The rows that share most words with a text, best first, with their shares; from the BM25 of each language."""
    rows = np.concatenate([rows for rows, _ in by_locale.values()])
    scores = np.concatenate([scores for _, scores in by_locale.values()])
    reachable = [sum(snapshot.weights(text, locale).values()) or 1.0 for locale in by_locale]
    shares = scores / np.repeat(reachable, [len(rows) for rows, _ in by_locale.values()])
    order = np.argsort(-scores, kind="stable")[:WORDS_LIST]
    return rows[order], shares[order]


def second_share(asked_in: str, written_in: str) -> float:
    """The second model's part in a cosine."""
    return ENGLISH_PART if asked_in == written_in == "en" else OTHER_PART


def _candidates(snapshot: Snapshot, question: Question, sighted: Sighted) -> list[Key]:
    nearest, sharing = sighted.nearest, sighted.sharing[:PER_LIST]
    # In turn from both lists, so that neither crowds the other out.
    turns = np.argsort(np.concatenate((np.arange(len(nearest)), np.arange(len(sharing)))), kind="stable")
    keys = snapshot.keys_of(np.concatenate((nearest, sharing))[turns])
    return list(dict.fromkeys(_in_language(snapshot, key, question.locale) for key in keys))[:MEASURED]


def _in_language(snapshot: Snapshot, key: Key, locale: str) -> Key:
    """The article in the customer's language if it is there: two languages of one article aren't two candidates."""
    if key[1] == locale:
        return key
    own = key[0], locale
    return own if own in snapshot.articles else key


def _measure(snapshot: Snapshot, question: Question, sighted: Sighted, keys: Sequence[Key]) -> _Measured:
    """The best `CANDIDATES` of the articles, by what their passages are like."""
    groups = [snapshot.rows_of(*key) for key in keys]
    sizes = np.array([len(group) for group in groups])
    starts = np.cumsum(sizes) - sizes
    within = np.arange(sizes.sum()) - np.repeat(starts, sizes)
    rows = within + np.repeat([group.start for group in groups], sizes)
    first, second = sighted.cosines(rows)
    seconds = [second_share(question.locale, key[1]) for key in keys]
    values = first + second * np.repeat(seconds, sizes)
    words = _shares_of(rows, sighted)
    # An article's rows are its title and example questions, and then its texts.
    questions = [len(snapshot.articles[key].questions) + 1 for key in keys]
    is_question = within < np.repeat(questions, sizes)
    of_question = np.where(is_question, values, -1.0)
    of_text = np.where(is_question, -1.0, values + TEXT_WORDS * words - TEXT_HANDICAP)
    best_question, best_text = np.maximum.reduceat(of_question, starts), np.maximum.reduceat(of_text, starts)
    scores = np.maximum(best_question, best_text) + TOGETHER * np.minimum(best_question, best_text)
    of_either, most_words = np.maximum(of_question, of_text), np.maximum.reduceat(words, starts)
    best = np.argsort(-scores, kind="stable")[:CANDIDATES]
    bounds = zip(starts[best].tolist(), (starts + sizes)[best].tolist(), strict=True)
    fits = np.array([start + int(of_either[start:stop].argmax()) for start, stop in bounds])
    nothing = np.zeros(len(best))
    return _Measured(
        keys=[keys[at] for at in best.tolist()],
        scores=scores[best],
        rows=rows[fits],
        cosines=first[fits],
        seconds=np.where(np.array(seconds)[best] > 0, second[fits], 0.0),
        bm25=most_words[best],
        of_questions=best_question[best],
        of_text=best_text[best],
        covered=nothing,
        set_apart=nothing,
        examples=0.0,
    )


def _shares_of(rows: Rows, sighted: Sighted) -> npt.NDArray[np.float64]:
    """The shares of rows; 0 of those that were not sighted."""
    order = np.argsort(sighted.sharing)
    known = sighted.sharing[order]
    if not len(known):
        return np.zeros(len(rows))
    at = np.minimum(np.searchsorted(known, rows), len(known) - 1)
    return np.where(known[at] == rows, sighted.shares[order][at], 0.0)


def _cosines(snapshot: Snapshot, question: Question, rows: Rows) -> tuple[Vectors, Vectors]:
    vectors = snapshot.vectors(rows)
    models = np.float32(len(question.parts))
    of_each: list[Vectors] = [vectors[:, part] @ question.vector[part] * models for part in question.parts]
    second: Vectors = np.sum(of_each[1:], axis=0) if of_each[1:] else np.zeros_like(of_each[0])
    return of_each[0], second


def _with_cover(snapshot: Snapshot, question: Question, measured: _Measured) -> _Measured:
    covered = np.array(_said_in(snapshot, question.text, measured.keys))
    return replace(measured, scores=measured.scores + COVERED * covered, covered=covered)


def likeness(snapshot: Snapshot, question: Question, locale: str, rows: Sequence[int]) -> list[float]:
    """How like a question passages of one language are, as search measures it, words aside."""
    found: list[float] = snapshot.cosines(question.weighted(second_share(question.locale, locale)), rows).tolist()
    return found


def said_in(snapshot: Snapshot, text: str, key: Key) -> float:
    """Share of a text's words, the rarer the weightier, that stand anywhere in an article: 0 to 1."""
    return _said_in(snapshot, text, [key])[0]


def _said_in(snapshot: Snapshot, text: str, keys: Sequence[Key]) -> list[float]:
    shares = dict.fromkeys(keys, 0.0)
    for locale in dict.fromkeys(key[1] for key in keys):
        own = [key for key in keys if key[1] == locale]
        weights = snapshot.weights(text, locale)
        if whole := sum(weights.values()):
            said = snapshot.said(list(weights), locale, [snapshot.rows_of(*key) for key in own])
            shares |= zip(own, (np.array(list(weights.values())) @ said / whole).tolist(), strict=True)
    return [shares[key] for key in keys]


def _with_examples(snapshot: Snapshot, question: Question, sighted: Sighted, measured: _Measured) -> _Measured:
    """Adds what the example questions of the first candidates say when they are set against each other."""
    compared = measured.keys[:COMPARED]
    counts = [len(snapshot.articles[key].questions) + 1 for key in compared]
    if len(compared) < 2 or sum(counts) == len(compared):
        # Titles alone set nothing apart that the cosine doesn't.
        return measured
    is_english = all(key[1] == question.locale == "en" for key in compared)
    second = ENGLISH_EXAMPLES if is_english else OTHER_EXAMPLES
    apart = _set_apart(snapshot, question, sighted, compared, counts, second)
    share = 1 - len(compared) / sum(counts)
    values = np.concatenate((apart, np.full(len(measured.keys) - len(compared), apart.min())))
    scores = measured.scores + EXAMPLES * share * values
    return replace(measured, scores=scores, set_apart=values, examples=share)


def _set_apart(
    snapshot: Snapshot, question: Question, sighted: Sighted, keys: Sequence[Key], counts: Sequence[int], second: float
) -> Scores:
    """Logit of each article for a question, from a kernel logistic regression over their example questions.

    It is fitted on the spot by steps against a fixed bound of the curvature (Böhning 1992), so that publishing needs
    no training; the mean is taken off, so that only what differs between the articles counts.
    """
    starts = (snapshot.rows_of(*key).start for key in keys)
    rows = np.concatenate([np.arange(count) + start for count, start in zip(counts, starts, strict=True)])
    groups = np.repeat(np.arange(len(keys)), counts)
    of_first, of_second = sighted.cosines(rows)
    asked = of_first + np.float32(second) * np.float32(second) * of_second
    if max(counts) > EXAMPLES_OF_ONE:
        kept = _nearest_of_each(asked, groups)
        rows, groups, asked = rows[kept], groups[kept], asked[kept]
    products = _products(snapshot.vectors(rows), question.parts, second)
    # Taking the mean off the vectors, written out in their products.
    means = products.mean(axis=1)
    middle = means.mean()
    kernel = products - means[:, None] - means[None, :] + middle
    weights = _kernel_regression(kernel, groups, len(keys))
    logits = (asked - means - asked.mean() + middle) @ weights
    apart: Scores = logits - logits.mean()
    return apart


def _products(vectors: Vectors, parts: Sequence[slice], second: float) -> Vectors:
    """Inner products of vectors with each other, the second model's with its share."""
    first, *others = (vectors[:, part] for part in parts)
    found = first @ first.T
    for other in others:
        found += np.float32(second) * np.float32(second) * (other @ other.T)
    return found * np.float32(len(parts))


def _nearest_of_each(cosines: Vectors, groups: Rows) -> Rows:
    """The places of the `EXAMPLES_OF_ONE` largest of each group."""
    order = np.lexsort((-cosines, groups))
    ordered = groups[order]
    first = np.searchsorted(ordered, ordered)
    kept: Rows = order[np.arange(len(order)) - first < EXAMPLES_OF_ONE]
    return kept


def _kernel_regression(kernel: Vectors, groups: Rows, classes: int) -> Vectors:
    """Weights (rows x classes) of a ridge-penalised multinomial logistic regression."""
    target = np.eye(classes, dtype=np.float32)[groups]
    # LAPACK itself: what scipy.linalg checks and converts takes longer than these small matrices.
    bound, _ = spotrf(0.5 * kernel + RIDGE * np.eye(len(groups), dtype=np.float32))
    weights = np.zeros_like(target)
    for _ in range(ROUNDS):
        shares = kernel @ weights
        shares -= shares.max(axis=1, keepdims=True)
        np.exp(shares, out=shares)
        shares /= shares.sum(axis=1, keepdims=True)
        weights += spotrs(bound, target - shares - np.float32(RIDGE) * weights)[0]
    return weights
