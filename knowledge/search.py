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
roboai-en, roboai-de, roboai-de2en): one configuration for all, few numbers, nDCG@10 and P@1 together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from knowledge.index import Snapshot
from knowledge.index.records import ArticleView, Key, Vectors
from knowledge.index.tokens import tokens
from knowledge.locales import LOCALES

QUESTION_KINDS = {"title", "question"}

Floats = npt.NDArray[np.float32]

ENGLISH_PART = 0.2
OTHER_PART = 0.0
"""The second model's share of a cosine, where both sides are English and otherwise."""
TEXT_WORDS = 0.133
TEXT_HANDICAP = 0.078
TOGETHER = 0.13
COVERED = 0.03
EXAMPLES = 0.05

PER_LIST = 120
"""Passages taken from the list of the nearest."""
WORDS_LIST = 400
"""Passages taken from the list of those that share words; a passage not among them counts as sharing none."""
CANDIDATES = 24
COMPARED = 10
"""Candidates whose example questions are set against each other."""
EXAMPLES_OF_ONE = 24
"""Example questions of one article that are looked at, nearest first: the cost grows with the cube of all."""
ENGLISH_EXAMPLES = 0.7
OTHER_EXAMPLES = 0.15
"""The second model's share of the vectors in which examples are set apart."""
RIDGE = 0.03
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
        weights = np.ones_like(self.vector) * len(self.parts)
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
    """Of that passage: about -1 to 1, a little more where two models agree."""
    bm25: float
    """Of that passage, as a share of what all the question's words could reach."""
    of_questions: float
    """The best of its title and example questions."""
    of_text: float
    covered: float = 0.0
    """Share of the question's words, the rarer the weightier, that stand in the article."""
    set_apart: float = 0.0


def search(snapshot: Snapshot, question: Question) -> list[Found]:
    """The articles that may answer, best first; at most `CANDIDATES`."""
    words = _Words.of(snapshot, question)
    keys = _candidates(snapshot, question, words)
    found = sorted((_measure(snapshot, question, words, key) for key in keys), key=_score, reverse=True)
    covered = [_with_cover(snapshot, question, one) for one in found[:CANDIDATES]]
    covered.sort(key=_score, reverse=True)
    return sorted(_with_examples(snapshot, question, covered), key=_score, reverse=True)


def _score(found: Found) -> float:
    return found.score


@dataclass(frozen=True)
class _Words:
    """BM25 of the rows that share words with a question, as a share of what a row with all of them could reach."""

    shares: dict[int, float]

    @classmethod
    def of(cls, snapshot: Snapshot, question: Question) -> _Words:
        rows, scores = snapshot.lexical(question.text, WORDS_LIST)
        reachable = {locale: _reachable(snapshot, question.text, locale) for locale in LOCALES}
        return cls(
            {
                int(row): float(score) / reachable[snapshot.passages[row].locale]
                for row, score in zip(rows, scores, strict=True)
            }
        )


def _reachable(snapshot: Snapshot, text: str, locale: str) -> float:
    return sum(snapshot.idf(word, locale) for word in set(tokens(text, locale))) or 1.0


def _candidates(snapshot: Snapshot, question: Question, words: _Words) -> list[Key]:
    nearest, _ = snapshot.dense(question.weighted(_part(question, question.locale)), PER_LIST)
    sharing = list(words.shares)[:PER_LIST]
    return list(dict.fromkeys(snapshot.passages[int(row)].key for row in (*nearest, *sharing)))


def _part(question: Question, locale: str) -> float:
    return ENGLISH_PART if question.locale == locale == "en" else OTHER_PART


def _measure(snapshot: Snapshot, question: Question, words: _Words, key: Key) -> Found:
    rows = snapshot.rows_of(*key)
    cosines = snapshot.cosines(question.weighted(_part(question, key[1])), rows)
    shares = [words.shares.get(row, 0.0) for row in rows]
    is_question = [snapshot.passages[row].kind in QUESTION_KINDS for row in rows]
    values = [
        float(cosine) + (0.0 if asks else TEXT_WORDS * share - TEXT_HANDICAP)
        for cosine, share, asks in zip(cosines, shares, is_question, strict=True)
    ]
    of_questions = max((value for value, asks in zip(values, is_question, strict=True) if asks), default=-1.0)
    of_text = max((value for value, asks in zip(values, is_question, strict=True) if not asks), default=-1.0)
    best = max(range(len(values)), key=values.__getitem__)
    return Found(
        key=key,
        score=max(of_questions, of_text) + TOGETHER * min(of_questions, of_text),
        row=rows[best],
        cosine=float(cosines[best]),
        bm25=shares[best],
        of_questions=of_questions,
        of_text=of_text,
    )


def _with_cover(snapshot: Snapshot, question: Question, found: Found) -> Found:
    locale = found.key[1]
    weights = {word: snapshot.idf(word, locale) for word in set(tokens(question.text, locale))}
    in_article = _words_of(snapshot.articles[found.key])
    shared = sum(weight for word, weight in weights.items() if word in in_article)
    covered = shared / (sum(weights.values()) or 1.0)
    return replace(found, score=found.score + COVERED * covered, covered=covered)


@lru_cache(20_000)
def _words_of(article: ArticleView) -> frozenset[str]:
    said = (article.title, *article.questions, article.short_answer, article.body)
    return frozenset(tokens("\n".join(said), article.locale))


def _with_examples(snapshot: Snapshot, question: Question, found: list[Found]) -> list[Found]:
    """Adds what the example questions of the first candidates say when they are set against each other."""
    compared = found[:COMPARED]
    rows = [_example_rows(snapshot, question, one.key) for one in compared]
    examples = sum(len(group) for group in rows)
    if len(compared) < 2 or examples == len(compared):
        # Titles alone set nothing apart that the cosine doesn't.
        return found
    second = ENGLISH_EXAMPLES if all(one.key[1] == question.locale == "en" for one in compared) else OTHER_EXAMPLES
    apart = _set_apart(snapshot, question.weighted(second), rows, second, question.parts)
    weight = EXAMPLES * (1 - len(compared) / examples)
    lowest = float(apart.min())
    values = [*map(float, apart), *[lowest] * (len(found) - len(compared))]
    return [
        replace(one, score=one.score + weight * value, set_apart=value)
        for one, value in zip(found, values, strict=True)
    ]


def _example_rows(snapshot: Snapshot, question: Question, key: Key) -> list[int]:
    rows = [row for row in snapshot.rows_of(*key) if snapshot.passages[row].kind in QUESTION_KINDS]
    if len(rows) <= EXAMPLES_OF_ONE:
        return rows
    cosines = snapshot.cosines(question.weighted(_part(question, key[1])), rows)
    return [rows[at] for at in np.argsort(-cosines)[:EXAMPLES_OF_ONE]]


def _set_apart(
    snapshot: Snapshot, vector: Vectors, rows: list[list[int]], second: float, parts: tuple[slice, ...]
) -> Floats:
    """Logit of each group for a question, from a kernel logistic regression over the groups' vectors.

    It is fitted on the spot by steps against a fixed bound of the curvature (Böhning 1992), so that publishing needs
    no training; the mean is taken off, so that only what differs between the groups counts.
    """
    groups = np.repeat(np.arange(len(rows)), [len(group) for group in rows])
    stored = snapshot.vectors([row for group in rows for row in group]) * np.sqrt(len(parts), dtype=np.float32)
    asked = vector / np.sqrt(len(parts), dtype=np.float32)
    for part in parts[1:]:
        stored[:, part] *= second
    middle = stored.mean(axis=0)
    stored = stored - middle
    kernel = stored @ stored.T
    target = np.zeros((len(groups), len(rows)), np.float32)
    target[np.arange(len(groups)), groups] = 1
    step = np.linalg.inv(0.5 * kernel + RIDGE * np.eye(len(groups), dtype=np.float32))
    weights = np.zeros_like(target)
    for _ in range(ROUNDS):
        logits = kernel @ weights
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        weights += step @ (target - shares - RIDGE * weights)
    logits = (stored @ (asked - middle)) @ weights
    apart: Floats = (logits - logits.mean()).astype(np.float32)
    return apart
