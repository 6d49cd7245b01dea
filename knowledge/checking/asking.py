"""Asking as a customer would, with given texts live: the same answers as the bot's, from the same search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge import answering
from knowledge.answers import Answer, Hit, QuestionContext
from knowledge.article_text import ArticleText
from knowledge.checking.would_be import would_be
from knowledge.index import Snapshot
from knowledge.index.tokens import tokens
from knowledge.language import detector
from knowledge.library import Knowledge

WORDS_NAMED = 4
"""Shared words that are named as a reason, the rarest first."""
COMMON = 40
"""A word that stands in one of so many passages is no reason: `the` is in each."""

REMEMBERED = 20_000
"""Questions whose language is remembered: all of a large help centre are asked again and again."""


@dataclass(frozen=True)
class Asked:
    answer: Answer
    words: tuple[tuple[str, ...], ...]
    """Of each hit, the question's words that stand in it, the rarest first."""


def ask(
    knowledge: Knowledge,
    texts: Sequence[ArticleText],
    question: str,
    locale: str,
    context: QuestionContext,
    *,
    staff: bool = False,
) -> Answer:
    """What the bot would answer with these texts live; with `staff`, what staff would find, who alone find internal
    articles."""
    return ask_and_explain(knowledge, texts, question, locale, context, staff=staff).answer


def ask_and_explain(
    knowledge: Knowledge,
    texts: Sequence[ArticleText],
    question: str,
    locale: str,
    context: QuestionContext,
    *,
    staff: bool = False,
) -> Asked:
    """The same with the words that led to each hit."""
    snapshot = would_be(knowledge, texts).of(staff=staff)
    answer = answering.answer(snapshot, knowledge.embedder, question, locale, context, knowledge.answered_from)
    return Asked(answer, tuple(_shared_words(snapshot, answer.question, hit) for hit in answer.hits))


@lru_cache(REMEMBERED)
def asked_in(question: str, locale: str) -> str:
    """The language in which the bot hears a question; where that is not sure, that of the article."""
    detected = detector().detect(question)
    return detected.language if detected.is_sure else locale


def _shared_words(snapshot: Snapshot, question: str, hit: Hit) -> tuple[str, ...]:
    said = set(tokens("\n".join((*hit.heading_path, hit.text)), hit.locale))
    most = max(1, len(snapshot.passages) // COMMON)
    frequencies = {
        word.strip(".,;:!?\"'()«»„“”"): snapshot.frequency(word, hit.locale)
        for word in question.split()
        if (stems := tokens(word, hit.locale)) and said.issuperset(stems)
    }
    named = [word for word in sorted(frequencies, key=lambda word: frequencies[word]) if frequencies[word] <= most]
    return tuple(named[:WORDS_NAMED])
