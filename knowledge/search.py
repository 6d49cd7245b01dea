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
from functools import lru_cache, partial
from itertools import chain, repeat
from typing import Any, NamedTuple

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


class Found(NamedTuple):
    """An article with its score and what the score is made of; a tuple, since very many are made."""

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
Cosines = Callable[[Rows, Rows], tuple[Vectors, Vectors]]
"""Of rows, each with the question of that number, by the first model, and by the second; zeros if there is none."""


@dataclass(frozen=True)
class Sighted:
    """What the index says of questions before articles are measured."""

    nearest: Sequence[Rows]
    """Of each question the `PER_LIST` nearest rows, best first."""
    sharing: Sequence[Rows]
    """The `WORDS_LIST` rows with the highest BM25, best first."""
    shares: Sequence[Scores]
    """Theirs, each as a share of what a row of its language with all the words could reach."""
    cosines: Cosines


@dataclass(frozen=True)
class _Measured:
    """The candidates of each question, best first: what becomes `Found`, a table for each of its fields.

    A question with fewer than others has others' in its row behind its own, with a score of minus infinity.
    """

    counts: Rows
    """How many candidates each question has."""
    places: Rows
    scores: Numbers
    rows: Rows
    cosines: Numbers
    seconds: Numbers
    bm25: Numbers
    of_questions: Numbers
    of_text: Numbers
    covered: Numbers
    set_apart: Numbers
    examples: Numbers
    """Of each question."""

    def in_order(self) -> _Measured:
        """By their scores, best first."""
        order = np.argsort(-self.scores, axis=1, kind="stable")
        tables = {name: np.take_along_axis(getattr(self, name), order, axis=1) for name in ("places", *TABLES)}
        return replace(self, **tables)

    def candidates(self, at: int, most: int) -> Rows:
        """The places of the first candidates of a question."""
        own: Rows = self.places[at, : min(most, int(self.counts[at]))]
        return own

    def found(self, snapshot: Snapshot) -> list[list[Found]]:
        tables = [getattr(self, name).tolist() for name in TABLES]
        return [
            [
                Found(*fields)
                for fields in zip(
                    snapshot.keys_of(self.places[at, :count].tolist()),
                    *(table[at] for table in tables),
                    repeat(examples),
                )
            ]
            for at, (count, examples) in enumerate(zip(self.counts.tolist(), self.examples.tolist(), strict=True))
        ]


TABLES = (
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


def search(snapshot: Snapshot, question: Question) -> list[Found]:
    """The articles that may answer, best first; at most `CANDIDATES`."""
    return search_all(snapshot, [question], sight(snapshot, question))[0]


def search_all(snapshot: Snapshot, questions: Sequence[Question], sighted: Sighted) -> list[list[Found]]:
    """The same for each of several questions; `sighted`: what the index says of them."""
    candidates = [_candidates(snapshot, question, sighted, at) for at, question in enumerate(questions)]
    if not any(candidates):
        return [[] for _ in questions]
    measured = _with_cover(snapshot, questions, _measure(snapshot, questions, sighted, candidates)).in_order()
    compared = {
        at: examples
        for at, question in enumerate(questions)
        if (examples := _compared(snapshot, question, sighted, at, measured.candidates(at, COMPARED)))
    }
    return _with_examples(measured, compared).in_order().found(snapshot)


def sight(snapshot: Snapshot, question: Question) -> Sighted:
    """Of one question."""
    nearest, _ = snapshot.dense(question.weighted(second_share(question.locale, question.locale)), PER_LIST)
    by_locale = {locale: snapshot.lexical(question.text, WORDS_LIST, locale) for locale in sorted(LOCALES)}
    sharing, shares = shared(snapshot, question.text, by_locale)
    return Sighted([nearest], [sharing], [shares], partial(_cosines, snapshot, question))


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


def _candidates(snapshot: Snapshot, question: Question, sighted: Sighted, at: int) -> list[int]:
    nearest, sharing = sighted.nearest[at], sighted.sharing[at][:PER_LIST]
    rows = np.concatenate((nearest, sharing))[_in_turn(len(nearest), len(sharing))]
    return list(dict.fromkeys(snapshot.places_of(rows, question.locale).tolist()))[:MEASURED]


@lru_cache
def _in_turn(first: int, second: int) -> Rows:
    """The order in which two lists are taken, one from each, so that neither crowds the other out."""
    turns: Rows = np.argsort(np.concatenate((np.arange(first), np.arange(second))), kind="stable")
    return turns


def _measure(
    snapshot: Snapshot, questions: Sequence[Question], sighted: Sighted, candidates: Sequence[Sequence[int]]
) -> _Measured:
    """Of each question the best `CANDIDATES` of its articles, by what their passages are like."""
    counts = np.array([len(own) for own in candidates], dtype=np.int64)
    asked = np.repeat(np.arange(len(questions)), counts)
    places = np.fromiter(chain.from_iterable(candidates), dtype=np.int64, count=len(asked))
    first_rows, sizes, of_title = snapshot.layout(places)
    starts = np.cumsum(sizes) - sizes
    within: Rows = np.arange(sizes.sum()) - np.repeat(starts, sizes)
    rows: Rows = within + np.repeat(first_rows, sizes)
    asking = np.repeat(asked, sizes)
    first, second = sighted.cosines(asking, rows)
    seconds = _second_shares(snapshot, questions)[asked, snapshot.languages(places)]
    values = first + second * np.repeat(seconds, sizes)
    words = _shares_of(snapshot, sighted, asking, rows)
    # An article's rows are its title and example questions, and then its texts.
    is_question = within < np.repeat(of_title, sizes)
    of_question = np.where(is_question, values, -1.0)
    of_text = np.where(is_question, -1.0, values + TEXT_WORDS * words - TEXT_HANDICAP)
    best_question, best_text = np.maximum.reduceat(of_question, starts), np.maximum.reduceat(of_text, starts)
    best = _best_of_each(np.maximum(best_question, best_text) + TOGETHER * np.minimum(best_question, best_text), counts)
    fits = _first_of_largest(np.maximum(of_question, of_text), starts, sizes)[best.order]
    nothing = np.zeros(best.scores.shape)
    return _Measured(
        counts=np.minimum(counts, CANDIDATES),
        places=places[best.order],
        scores=best.scores,
        rows=rows[fits],
        cosines=first[fits],
        seconds=np.where(seconds[best.order] > 0, second[fits], 0.0),
        bm25=np.maximum.reduceat(words, starts)[best.order],
        of_questions=best_question[best.order],
        of_text=best_text[best.order],
        covered=nothing,
        set_apart=nothing,
        examples=np.zeros(len(questions)),
    )


@dataclass(frozen=True)
class _Best:
    """Of each question the best of its articles, a row of the same length for each."""

    order: Rows
    """Where they stand among all."""
    scores: Numbers


def _best_of_each(scores: Numbers, counts: Rows) -> _Best:
    within = np.arange(counts.max())
    at = np.minimum((np.cumsum(counts) - counts)[:, None] + within, len(scores) - 1)
    table = np.where(within < counts[:, None], scores[at], -np.inf)
    order = np.argsort(-table, axis=1, kind="stable")[:, :CANDIDATES]
    return _Best(np.take_along_axis(at, order, axis=1), np.take_along_axis(table, order, axis=1))


def _first_of_largest(values: Numbers, starts: Rows, sizes: Rows) -> Rows:
    """Of each run of values where its largest stands."""
    largest = np.flatnonzero(values == np.repeat(np.maximum.reduceat(values, starts), sizes))
    found: Rows = largest[np.searchsorted(largest, starts)]
    return found


def _second_shares(snapshot: Snapshot, questions: Sequence[Question]) -> Numbers:
    """Of each question the second model's part in a cosine, by the language of what is compared."""
    shares = {
        locale: [second_share(locale, other) for other in snapshot.locales]
        for locale in {question.locale for question in questions}
    }
    return np.array([shares[question.locale] for question in questions])


def _shares_of(snapshot: Snapshot, sighted: Sighted, asking: Rows, rows: Rows) -> npt.NDArray[np.float64]:
    """The shares of rows, each for the question of that number; 0 of those that were not sighted."""
    shares = np.zeros((len(sighted.sharing), len(snapshot.passages)))
    for own, sharing, known in zip(shares, sighted.sharing, sighted.shares, strict=True):
        own[sharing] = known
    found: npt.NDArray[np.float64] = shares[asking, rows]
    return found


def _cosines(snapshot: Snapshot, question: Question, _asking: Rows, rows: Rows) -> tuple[Vectors, Vectors]:
    vectors = snapshot.vectors(rows)
    models = np.float32(len(question.parts))
    of_each: list[Vectors] = [vectors[:, part] @ question.vector[part] * models for part in question.parts]
    second: Vectors = np.sum(of_each[1:], axis=0) if of_each[1:] else np.zeros_like(of_each[0])
    return of_each[0], second


def _with_cover(snapshot: Snapshot, questions: Sequence[Question], measured: _Measured) -> _Measured:
    is_there = np.arange(measured.places.shape[1]) < measured.counts[:, None]
    covered = np.zeros(measured.places.shape)
    texts = [question.text for question in questions]
    covered[is_there] = _said_in(snapshot, texts, np.nonzero(is_there)[0], measured.places[is_there])
    return replace(measured, scores=measured.scores + COVERED * covered, covered=covered)


def likeness(snapshot: Snapshot, question: Question, locale: str, rows: Sequence[int]) -> list[float]:
    """How like a question passages of one language are, as search measures it, words aside."""
    found: list[float] = snapshot.cosines(question.weighted(second_share(question.locale, locale)), rows).tolist()
    return found


def said_in(snapshot: Snapshot, text: str, key: Key) -> float:
    """Share of a text's words, the rarer the weightier, that stand anywhere in an article: 0 to 1."""
    return float(_said_in(snapshot, [text], np.zeros(1, dtype=np.int64), np.array([snapshot.place(key)]))[0])


def _said_in(snapshot: Snapshot, texts: Sequence[str], asking: Rows, places: Rows) -> Numbers:
    """The share in each of several articles, for the text of that number."""
    shares = np.zeros(len(places))
    languages = snapshot.languages(places)
    for language in np.unique(languages).tolist():
        own = np.flatnonzero(languages == language)
        shares[own] = _said_in_language(snapshot, texts, asking[own], places[own], snapshot.locales[language])
    return shares


def _said_in_language(snapshot: Snapshot, texts: Sequence[str], asking: Rows, places: Rows, locale: str) -> Numbers:
    weights = [snapshot.weights(text, locale) for text in texts]
    words = list(chain.from_iterable(weights))
    values = np.array(list(chain.from_iterable(own.values() for own in weights)))
    counts = np.array([len(own) for own in weights], dtype=np.int64)
    sizes = counts[asking]
    first = np.cumsum(sizes) - sizes
    # Each word of a text with each article that it is looked for in.
    at = np.arange(sizes.sum()) - np.repeat(first - (np.cumsum(counts) - counts)[asking], sizes)
    starts, rows, _ = snapshot.layout(places)
    said = snapshot.said(words, locale, at, np.repeat(starts, sizes), np.repeat(starts + rows, sizes))
    reached = np.bincount(np.repeat(np.arange(len(places)), sizes), values[at] * said, len(places))
    whole = np.array([sum(own.values()) for own in weights])[asking]
    return np.divide(reached, whole, out=np.zeros(len(places)), where=whole > 0)


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


def _compared(snapshot: Snapshot, question: Question, sighted: Sighted, at: int, places: Rows) -> _Examples | None:
    """None if there is nothing to compare; `at`: the number of the question."""
    starts, _, counts = snapshot.layout(places)
    if len(places) < 2 or counts.sum() == len(places):
        # Titles alone set nothing apart that the cosine doesn't.
        return None
    is_english = question.locale == "en" and all(snapshot.locales[one] == "en" for one in snapshot.languages(places))
    second = ENGLISH_EXAMPLES if is_english else OTHER_EXAMPLES
    groups = np.repeat(np.arange(len(places)), counts)
    rows = np.arange(len(groups)) + np.repeat(starts - np.cumsum(counts) + counts, counts)
    of_first, of_second = sighted.cosines(np.full(len(rows), at), rows)
    asked = of_first + np.float32(second * second) * of_second
    if counts.max() > EXAMPLES_OF_ONE:
        kept = _nearest_of_each(asked, groups)
        rows, groups, asked = rows[kept], groups[kept], asked[kept]
    products = _products(snapshot.vectors(rows), question.parts, second)
    return _Examples(groups, products, asked, len(places), float(1 - len(places) / counts.sum()))


def _with_examples(measured: _Measured, compared: Mapping[int, _Examples]) -> _Measured:
    """Adds what the example questions say when they are set against each other."""
    values, examples = np.zeros(measured.scores.shape), np.zeros(len(measured.scores))
    for at, apart in zip(compared, _set_apart(list(compared.values())), strict=True):
        values[at] = apart.min()
        values[at, : len(apart)] = apart
        examples[at] = compared[at].share
    scores = measured.scores + EXAMPLES * examples[:, None] * values
    return replace(measured, scores=scores, set_apart=values, examples=examples)


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
