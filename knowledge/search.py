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

from knowledge.index import Snapshot
from knowledge.index.dense import firsts
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
PADDED = 16
"""Examples by whose number regressions are put together."""


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
    return search_all(snapshot, [question], [sighted or sight(snapshot, question)])[0]


def search_all(snapshot: Snapshot, questions: Sequence[Question], sighted: Sequence[Sighted]) -> list[list[Found]]:
    """The same for each of several questions."""
    measured = [_covered(snapshot, *one) for one in zip(questions, sighted, strict=True)]
    compared = [
        _compared(snapshot, question, seen, one) if one else None
        for question, seen, one in zip(questions, sighted, measured, strict=True)
    ]
    apart = iter(_set_apart([one for one in compared if one]))
    return [
        (_with_examples(one, examples, next(apart)) if examples else one).in_order().found() if one else []
        for one, examples in zip(measured, compared, strict=True)
    ]


def _covered(snapshot: Snapshot, question: Question, sighted: Sighted) -> _Measured | None:
    """The candidates by their passages and by the words that stand in them; None if there is none."""
    keys = _candidates(snapshot, question, sighted)
    return _with_cover(snapshot, question, _measure(snapshot, question, sighted, keys)).in_order() if keys else None


def sight(snapshot: Snapshot, question: Question) -> Sighted:
    """Of one question."""
    nearest, _ = snapshot.dense(question.weighted(second_share(question.locale, question.locale)), PER_LIST)
    by_locale = {locale: snapshot.lexical(question.text, WORDS_LIST, locale) for locale in sorted(LOCALES)}
    return Sighted(nearest, *shared(snapshot, question.text, by_locale), partial(_cosines, snapshot, question))


def shared(snapshot: Snapshot, text: str, by_locale: Mapping[str, tuple[Rows, Scores]]) -> tuple[Rows, Scores]:
    """The rows that share most words with a text, best first, with their shares; from the BM25 of each language."""
    rows = np.concatenate([rows for rows, _ in by_locale.values()])
    scores = np.concatenate([scores for _, scores in by_locale.values()])
    first = firsts(rows, scores, WORDS_LIST)
    reachable = np.array([sum(snapshot.weights(text, locale).values()) or 1.0 for locale in by_locale])
    ends = np.cumsum([len(rows) for rows, _ in by_locale.values()])
    return rows[first], scores[first] / reachable[np.searchsorted(ends, first, side="right")]


def second_share(asked_in: str, written_in: str) -> float:
    """The second model's part in a cosine."""
    return ENGLISH_PART if asked_in == written_in == "en" else OTHER_PART


def _candidates(snapshot: Snapshot, question: Question, sighted: Sighted) -> list[Key]:
    nearest, sharing = sighted.nearest, sighted.sharing[:PER_LIST]
    # In turn from both lists, so that neither crowds the other out.
    turns = np.argsort(np.concatenate((np.arange(len(nearest)), np.arange(len(sharing)))), kind="stable")
    found: dict[Key, None] = {}
    for key in snapshot.keys_of(np.concatenate((nearest, sharing))[turns]):
        found[_in_language(snapshot, key, question.locale)] = None
        if len(found) == MEASURED:
            break
    return list(found)


def _in_language(snapshot: Snapshot, key: Key, locale: str) -> Key:
    """The article in the customer's language if it is there: two languages of one article aren't two candidates."""
    if key[1] == locale:
        return key
    own = key[0], locale
    return own if own in snapshot.articles else key


def _measure(snapshot: Snapshot, question: Question, sighted: Sighted, keys: Sequence[Key]) -> _Measured:
    """The best `CANDIDATES` of the articles, by what their passages are like."""
    first_rows, sizes, questions = snapshot.layout(keys)
    starts = np.cumsum(sizes) - sizes
    within: Rows = np.arange(sizes.sum()) - np.repeat(starts, sizes)
    rows: Rows = within + np.repeat(first_rows, sizes)
    first, second = sighted.cosines(rows)
    seconds = [second_share(question.locale, key[1]) for key in keys]
    values = first + second * np.repeat(seconds, sizes)
    words = _shares_of(rows, sighted)
    # An article's rows are its title and example questions, and then its texts.
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


@dataclass(frozen=True)
class _Examples:
    """Example questions of the first candidates, to be set against each other."""

    groups: Rows
    """Of each, whose it is."""
    products: Vectors
    """Inner products with each other."""
    asked: Numbers
    """Inner products with the question."""
    articles: int
    share: float
    """How much there is to compare."""


def _compared(snapshot: Snapshot, question: Question, sighted: Sighted, measured: _Measured) -> _Examples | None:
    """None if there is nothing to compare."""
    keys = measured.keys[:COMPARED]
    starts, _, counts = snapshot.layout(keys)
    if len(keys) < 2 or counts.sum() == len(keys):
        # Titles alone set nothing apart that the cosine doesn't.
        return None
    is_english = all(key[1] == question.locale == "en" for key in keys)
    second = ENGLISH_EXAMPLES if is_english else OTHER_EXAMPLES
    groups = np.repeat(np.arange(len(keys)), counts)
    rows = np.arange(len(groups)) + np.repeat(starts - np.cumsum(counts) + counts, counts)
    of_first, of_second = sighted.cosines(rows)
    asked = of_first + np.float32(second * second) * of_second
    if counts.max() > EXAMPLES_OF_ONE:
        kept = _nearest_of_each(asked, groups)
        rows, groups, asked = rows[kept], groups[kept], asked[kept]
    products = _products(snapshot.vectors(rows), question.parts, second)
    return _Examples(groups, products, asked, len(keys), float(1 - len(keys) / counts.sum()))


def _with_examples(measured: _Measured, examples: _Examples, apart: Numbers) -> _Measured:
    """Adds what the example questions say when they are set against each other."""
    values = np.concatenate((apart, np.full(len(measured.keys) - len(apart), apart.min())))
    scores = measured.scores + EXAMPLES * examples.share * values
    return replace(measured, scores=scores, set_apart=values, examples=examples.share)


def _set_apart(compared: Sequence[_Examples]) -> list[Numbers]:
    """Logit of each article for its question, from a kernel logistic regression over the example questions.

    It is fitted on the spot by steps against a fixed bound of the curvature (Böhning 1992), so that publishing needs
    no training; the mean is taken off, so that only what differs between the articles counts. Those of about the same
    size are fitted together.
    """
    apart: dict[int, Numbers] = {}
    sizes = [-(-len(one.groups) // PADDED) for one in compared]
    for size in set(sizes):
        alike = [at for at, own in enumerate(sizes) if own == size]
        fitted = _kernel_regressions([compared[at] for at in alike])
        apart |= {at: _logits(compared[at], weights) for at, weights in zip(alike, fitted, strict=True)}
    return [apart[at] for at in range(len(compared))]


def _logits(one: _Examples, weights: Vectors) -> Numbers:
    means = one.products.mean(axis=1)
    logits: Numbers = (one.asked - means - one.asked.mean() + means.mean()) @ weights
    return logits - logits.mean()


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


def _kernel_regressions(compared: Sequence[_Examples]) -> list[Vectors]:
    """Weights (rows x classes) of ridge-penalised multinomial logistic regressions.

    The kernel is that of the vectors with their mean taken off, which is written out in their products. Rows and
    classes that others have more of are filled up: what is filled up is like nothing else, and no class is ever it.
    """
    rows, classes = max(len(one.groups) for one in compared), max(one.articles for one in compared)
    kernels = np.zeros((len(compared), rows, rows), dtype=np.float32)
    targets = np.zeros((len(compared), rows, classes), dtype=np.float32)
    absent = np.zeros((len(compared), 1, classes), dtype=np.float32)
    for at, one in enumerate(compared):
        size = len(one.groups)
        means = one.products.mean(axis=1)
        kernels[at, :size, :size] = one.products - means[:, None] - means[None, :] + means.mean()
        targets[at, np.arange(size), one.groups] = 1
        absent[at, 0, one.articles :] = -np.inf
    bounds = np.linalg.inv(0.5 * kernels + RIDGE * np.eye(rows, dtype=np.float32))
    weights = np.zeros_like(targets)
    for _ in range(ROUNDS):
        shares = kernels @ weights + absent
        shares -= shares.max(axis=2, keepdims=True)
        np.exp(shares, out=shares)
        shares /= shares.sum(axis=2, keepdims=True)
        weights += bounds @ (targets - shares - np.float32(RIDGE) * weights)
    return [own[: len(one.groups), : one.articles] for own, one in zip(weights, compared, strict=True)]
