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

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from knowledge.index import Snapshot
from knowledge.index.records import Key, Rows, Vectors
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


def search(snapshot: Snapshot, question: Question) -> list[Found]:
    """The articles that may answer, best first; at most `CANDIDATES`."""
    shares = _word_shares(snapshot, question)
    keys = _candidates(snapshot, question, shares)
    if not keys:
        return []
    measured = _measure(snapshot, question, shares, keys)
    covered = sorted(_with_cover(snapshot, question, measured), key=_score, reverse=True)
    return sorted(_with_examples(snapshot, question, covered), key=_score, reverse=True)


def _score(found: Found) -> float:
    return found.score


def _word_shares(snapshot: Snapshot, question: Question) -> dict[int, float]:
    """BM25 of the rows that share words with a question, as a share of what a row with all of them could reach."""
    rows, scores = snapshot.lexical(question.text, WORDS_LIST)
    reachable = {locale: sum(snapshot.weights(question.text, locale).values()) or 1.0 for locale in LOCALES}
    passages = snapshot.passages
    return {
        row: score / reachable[passages[row].locale] for row, score in zip(rows.tolist(), scores.tolist(), strict=True)
    }


def _candidates(snapshot: Snapshot, question: Question, shares: dict[int, float]) -> list[Key]:
    nearest, _ = snapshot.dense(question.weighted(_second(question, question.locale)), PER_LIST)
    sharing = list(shares)[:PER_LIST]
    # In turn from both lists, so that neither crowds the other out.
    rows = (row for pair in zip_longest(nearest.tolist(), sharing) for row in pair if row is not None)
    keys = (_in_language(snapshot, snapshot.passages[row].key, question.locale) for row in rows)
    return list(dict.fromkeys(keys))[:MEASURED]


def _in_language(snapshot: Snapshot, key: Key, locale: str) -> Key:
    """The article in the customer's language if it is there: two languages of one article aren't two candidates."""
    own = key[0], locale
    return own if own in snapshot.articles else key


def _second(question: Question, locale: str) -> float:
    return ENGLISH_PART if question.locale == locale == "en" else OTHER_PART


def _measure(snapshot: Snapshot, question: Question, shares: dict[int, float], keys: Sequence[Key]) -> list[Found]:
    """The best `CANDIDATES` of the articles, by what their passages are like."""
    groups = [snapshot.rows_of(*key) for key in keys]
    sizes = np.array([len(group) for group in groups])
    starts = np.cumsum(sizes) - sizes
    rows = np.concatenate([np.arange(group.start, group.stop) for group in groups])
    first, second = _cosines(snapshot, question, rows)
    values = first + second * np.repeat([_second(question, key[1]) for key in keys], sizes)
    words = np.array([shares.get(row, 0.0) for row in rows.tolist()])
    # An article's rows are its title and example questions, and then its texts.
    questions = [len(snapshot.articles[key].questions) + 1 for key in keys]
    is_question = np.arange(len(rows)) - np.repeat(starts, sizes) < np.repeat(questions, sizes)
    of_question = np.where(is_question, values, -1.0)
    of_text = np.where(is_question, -1.0, values + TEXT_WORDS * words - TEXT_HANDICAP)
    best_question, best_text = np.maximum.reduceat(of_question, starts), np.maximum.reduceat(of_text, starts)
    scores = np.maximum(best_question, best_text) + TOGETHER * np.minimum(best_question, best_text)
    found = []
    for at in np.argsort(-scores, kind="stable")[:CANDIDATES].tolist():
        own = slice(starts[at], starts[at] + sizes[at])
        best = own.start + int(np.maximum(of_question[own], of_text[own]).argmax())
        found.append(
            Found(
                key=keys[at],
                score=float(scores[at]),
                row=int(rows[best]),
                cosine=float(first[best]),
                second=float(second[best]) if _second(question, keys[at][1]) else 0.0,
                bm25=float(words[own].max()),
                of_questions=float(best_question[at]),
                of_text=float(best_text[at]),
            )
        )
    return found


def _cosines(snapshot: Snapshot, question: Question, rows: Rows) -> tuple[Vectors, Vectors]:
    """Of the rows by the first model, and by the second; zeros if there is none."""
    vectors = snapshot.vectors(rows)
    models = np.float32(len(question.parts))
    of_each: list[Vectors] = [vectors[:, part] @ question.vector[part] * models for part in question.parts]
    second: Vectors = np.sum(of_each[1:], axis=0) if of_each[1:] else np.zeros_like(of_each[0])
    return of_each[0], second


def _with_cover(snapshot: Snapshot, question: Question, found: Sequence[Found]) -> list[Found]:
    covered = _said_in(snapshot, question.text, [one.key for one in found])
    return [
        replace(one, score=one.score + COVERED * share, covered=share)
        for one, share in zip(found, covered, strict=True)
    ]


def likeness(snapshot: Snapshot, question: Question, locale: str, rows: Sequence[int]) -> list[float]:
    """How like a question passages of one language are, as search measures it, words aside."""
    found: list[float] = snapshot.cosines(question.weighted(_second(question, locale)), rows).tolist()
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


def _with_examples(snapshot: Snapshot, question: Question, found: list[Found]) -> list[Found]:
    """Adds what the example questions of the first candidates say when they are set against each other."""
    compared = found[:COMPARED]
    counts = [len(snapshot.articles[one.key].questions) + 1 for one in compared]
    if len(compared) < 2 or sum(counts) == len(compared):
        # Titles alone set nothing apart that the cosine doesn't.
        return found
    is_english = all(one.key[1] == question.locale == "en" for one in compared)
    apart = _set_apart(snapshot, question, compared, counts, ENGLISH_EXAMPLES if is_english else OTHER_EXAMPLES)
    share = 1 - len(compared) / sum(counts)
    values = [*apart, *[min(apart)] * (len(found) - len(compared))]
    return [
        replace(one, score=one.score + EXAMPLES * share * value, set_apart=value, examples=share)
        for one, value in zip(found, values, strict=True)
    ]


def _set_apart(
    snapshot: Snapshot, question: Question, found: Sequence[Found], counts: Sequence[int], second: float
) -> list[float]:
    """Logit of each article for a question, from a kernel logistic regression over their example questions.

    It is fitted on the spot by steps against a fixed bound of the curvature (Böhning 1992), so that publishing needs
    no training; the mean is taken off, so that only what differs between the articles counts.
    """
    rows = [np.arange(count) + snapshot.rows_of(*one.key).start for one, count in zip(found, counts, strict=True)]
    vectors = snapshot.vectors(np.concatenate(rows)) * np.sqrt(len(question.parts), dtype=np.float32)
    asked = question.weighted(second) / np.sqrt(len(question.parts), dtype=np.float32)
    for part in question.parts[1:]:
        vectors[:, part] *= second
    groups = np.repeat(np.arange(len(found)), counts)
    kept = _nearest_of_each(vectors @ asked, groups)
    vectors, groups = vectors[kept], groups[kept]
    middle = vectors.mean(axis=0)
    vectors -= middle
    weights = _kernel_regression(vectors @ vectors.T, groups, len(found))
    logits = (vectors @ (asked - middle)) @ weights
    apart: list[float] = (logits - logits.mean()).tolist()
    return apart


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
    bound = cho_factor(0.5 * kernel + RIDGE * np.eye(len(groups), dtype=np.float32), check_finite=False)
    weights = np.zeros_like(target)
    for _ in range(ROUNDS):
        logits = kernel @ weights
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        weights += cho_solve(bound, target - shares - RIDGE * weights, check_finite=False)
    return weights
