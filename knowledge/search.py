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
roboai-en, roboai-de, roboai-de2en): one configuration for all, few numbers, nDCG@10 and P@1 together. Fitted without a
set and used on it, P@1 is .911, .812, .411, .615, .913, .888 and .796 in that order, against .953, .817, .431, .646,
.915, .888 and .796 fitted with it: only stackfaq (titles and long answers) and arduino-sections (the one with sections
to be found) miss their own kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

import numpy as np

from knowledge.index import Snapshot
from knowledge.index.records import ArticleView, Key, Rows, Vectors
from knowledge.index.tokens import tokens
from knowledge.locales import LOCALES

ENGLISH_PART = 0.2
OTHER_PART = 0.0
"""The second model's share of a cosine, where both sides are English and otherwise."""
TEXT_WORDS = 0.133
TEXT_HANDICAP = 0.078
TOGETHER = 0.13
COVERED = 0.03
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
EXAMPLES_OF_ONE = 12
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
    measured = sorted(_measure(snapshot, question, shares, keys), key=_score, reverse=True)[:CANDIDATES]
    covered = sorted(_with_cover(snapshot, question, measured), key=_score, reverse=True)
    return sorted(_with_examples(snapshot, question, covered), key=_score, reverse=True)


def _score(found: Found) -> float:
    return found.score


def _word_shares(snapshot: Snapshot, question: Question) -> dict[int, float]:
    """BM25 of the rows that share words with a question, as a share of what a row with all of them could reach."""
    rows, scores = snapshot.lexical(question.text, WORDS_LIST)
    reachable = {locale: sum(_weights(snapshot, question.text, locale).values()) or 1.0 for locale in LOCALES}
    passages = snapshot.passages
    return {
        row: score / reachable[passages[row].locale] for row, score in zip(rows.tolist(), scores.tolist(), strict=True)
    }


def _weights(snapshot: Snapshot, text: str, locale: str) -> dict[str, float]:
    """The words of a question, each with how rare it is."""
    return {word: snapshot.idf(word, locale) for word in set(tokens(text, locale))}


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


def _measure(snapshot: Snapshot, question: Question, shares: dict[int, float], keys: Sequence[Key]) -> Iterator[Found]:
    groups = [snapshot.rows_of(*key) for key in keys]
    rows = np.concatenate([np.arange(group.start, group.stop) for group in groups])
    vectors = snapshot.vectors(rows)
    whole = vectors @ question.weighted(1.0)
    first = vectors[:, question.parts[0]] @ question.weighted(0.0)[question.parts[0]]
    start = 0
    for key, group in zip(keys, groups, strict=True):
        own = slice(start, start + len(group))
        start = own.stop
        questions = len(snapshot.articles[key].questions) + 1
        yield _found(key, group, questions, (first[own], whole[own] - first[own]), _second(question, key[1]), shares)


def _found(
    key: Key, rows: range, questions: int, cosines: tuple[Vectors, Vectors], second: float, shares: dict[int, float]
) -> Found:
    """`rows` are an article's, first title and example questions, `questions` of them, and then its texts."""
    words = [shares.get(row, 0.0) for row in rows]
    values = (cosines[0] + second * cosines[1]).tolist()
    texts = [value + TEXT_WORDS * share - TEXT_HANDICAP for value, share in zip(values, words, strict=True)]
    texts[:questions] = values[:questions]
    of_questions, of_text = max(texts[:questions]), max(texts[questions:], default=-1.0)
    best = texts.index(max(of_questions, of_text))
    return Found(
        key=key,
        score=max(of_questions, of_text) + TOGETHER * min(of_questions, of_text),
        row=rows[best],
        cosine=float(cosines[0][best]),
        second=float(cosines[1][best]) if second else 0.0,
        bm25=max(words),
        of_questions=of_questions,
        of_text=of_text,
    )


def _with_cover(snapshot: Snapshot, question: Question, found: Sequence[Found]) -> Iterator[Found]:
    weights = {locale: _weights(snapshot, question.text, locale) for locale in {one.key[1] for one in found}}
    for one in found:
        covered = _share_said(snapshot.articles[one.key], weights[one.key[1]])
        yield replace(one, score=one.score + COVERED * covered, covered=covered)


def said_in(snapshot: Snapshot, text: str, key: Key) -> float:
    """Share of a text's words, the rarer the weightier, that stand anywhere in an article: 0 to 1."""
    return _share_said(snapshot.articles[key], _weights(snapshot, text, key[1]))


def _share_said(article: ArticleView, weights: dict[str, float]) -> float:
    stand = _words_of(article)
    return sum(weight for word, weight in weights.items() if word in stand) / (sum(weights.values()) or 1.0)


@lru_cache(20_000)
def _words_of(article: ArticleView) -> frozenset[str]:
    said = (article.title, *article.questions, article.short_answer, article.body)
    return frozenset(tokens("\n".join(said), article.locale))


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
    step = np.linalg.inv(0.5 * kernel + RIDGE * np.eye(len(groups), dtype=np.float32))
    weights = np.zeros_like(target)
    for _ in range(ROUNDS):
        logits = kernel @ weights
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        weights += step @ (target - shares - RIDGE * weights)
    return weights
