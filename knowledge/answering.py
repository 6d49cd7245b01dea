"""Makes an answer of what was found: an article's own sentences, a choice of a few articles, or that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answers import Answer, AnswerKind, Hit, QuestionContext, Source
from knowledge.confidence import confidence
from knowledge.embedding import Embedder
from knowledge.followups import may_follow, only_asks, together
from knowledge.index import Snapshot
from knowledge.index.records import ArticleView
from knowledge.index.tokens import tokens
from knowledge.locales import LOCALES
from knowledge.passages import SENTENCE_END
from knowledge.search import Found, Question, said_in, search

ANSWERED_FROM = 0.65
"""Confidence from which an article is said to be the answer, unless ANSWER_CONFIDENCE says otherwise."""
CHOICE_FROM = 0.18
"""Confidence from which a few articles are offered instead."""
CHOICES = 3
WORTH_OFFERING = 0.12
"""Points of score that a third offered article may lie behind the first."""
STANDS_ALONE = 0.1
"""How much surer the answer to a follow-up by itself must be than the answer to both questions together."""
SAID = 0.4
"""Share of a follow-up's words that must stand in the article it is led to: "and cookies?" is no matter of delivery."""
LONGEST_TEXT = 60
"""Words of an extract."""
HITS = 8
LONGEST_QUESTION = 1_000
"""Characters that are searched for: a customer's question is at the beginning or it is none."""


@dataclass(frozen=True)
class Reading:
    """One way to understand a question, and what was found for it."""

    question: Question
    found: tuple[Found, ...]
    confidence: float


def answer(
    snapshot: Snapshot,
    embedder: Embedder,
    question: str,
    locale: str,
    context: QuestionContext,
    answered_from: float = ANSWERED_FROM,
) -> Answer:
    """What live articles say to a question; the kind is `unknown` for what is no question, too."""
    locale = locale if locale in LOCALES else next(iter(LOCALES))
    text = " ".join(question.split())[:LONGEST_QUESTION]
    if not any(character.isalnum() for character in text) or not snapshot.articles:
        return Answer("unknown", "", (), 0.0, (), text, locale)
    reading = _best_reading(snapshot, embedder, text, locale, context, answered_from)
    kind, shown = decide(reading, answered_from)
    articles = [_in_language(snapshot, one, locale) for one in shown]
    return Answer(
        kind=kind,
        text=_said(snapshot, reading, articles[0]) if kind == "answer" else "",
        sources=tuple(source_of(article) for article in articles),
        confidence=reading.confidence,
        hits=tuple(_hit(snapshot, one) for one in reading.found[:HITS]),
        question=reading.question.text,
        locale=articles[0].locale if articles else locale,
    )


def source_of(article: ArticleView) -> Source:
    return Source(article.id, article.locale, article.title, article.short_answer, article.url)


def decide(reading: Reading, answered_from: float) -> tuple[AnswerKind, Sequence[Found]]:
    """Whether it is an answer, a choice or unknown, and the articles that are shown."""
    if reading.found and reading.confidence >= answered_from:
        return "answer", reading.found[:1]
    if len(reading.found) > 1 and reading.confidence >= min(CHOICE_FROM, answered_from):
        first, second, *others = reading.found[:CHOICES]
        return "choice", [first, second, *(one for one in others if first.score - one.score <= WORTH_OFFERING)]
    return "unknown", ()


def _best_reading(
    snapshot: Snapshot, embedder: Embedder, text: str, locale: str, context: QuestionContext, answered_from: float
) -> Reading:
    """The question by itself or, if it leans on the one before, both together."""
    alone = read(snapshot, Question(text, locale, embedder.embed_question(text), embedder.parts))
    if not context.previous_question or not may_follow(text):
        return alone
    whole = together(context.previous_question, text)
    following = read(snapshot, Question(whole, locale, embedder.embed_question(whole), embedder.parts))
    if alone.confidence >= answered_from and alone.confidence > following.confidence + STANDS_ALONE:
        return alone
    return following if following.found and _is_said(snapshot, text, following.found[0]) else alone


def _is_said(snapshot: Snapshot, follow_up: str, found: Found) -> bool:
    return only_asks(follow_up) or said_in(snapshot, follow_up, found.key) >= SAID


def read(snapshot: Snapshot, question: Question) -> Reading:
    """What is found for a question, each article once, and how sure the first one is."""
    found: dict[str, Found] = {}
    for one in search(snapshot, question):
        found.setdefault(one.key[0], one)
    return Reading(question, tuple(found.values()), confidence(question, tuple(found.values())))


def _in_language(snapshot: Snapshot, found: Found, locale: str) -> ArticleView:
    """The article found, in the customer's language if it is there."""
    article_id, found_locale = found.key
    own = snapshot.articles.get((article_id, locale))
    return own or snapshot.articles[article_id, found_locale]


def _said(snapshot: Snapshot, reading: Reading, article: ArticleView) -> str:
    """The article's short answer, or the sentences of the passage that fits better than its questions do."""
    first = reading.found[0]
    if first.key != article.key or first.of_questions >= first.of_text:
        return article.short_answer
    passage = snapshot.passages[first.row]
    if passage.kind != "body":
        return article.short_answer
    return _extract(snapshot, passage.text, reading.question, article.locale) or article.short_answer


def _extract(snapshot: Snapshot, text: str, question: Question, locale: str) -> str:
    """Whole sentences or lines of a passage, from the one that shares the rarest words with the question."""
    sentences = [piece.strip() for line in text.splitlines() for piece in SENTENCE_END.split(line) if piece.strip()]
    asked = snapshot.weights(question.text, locale)
    weights = [sum(asked.get(word, 0.0) for word in set(tokens(each, locale))) for each in sentences]
    if not weights or max(weights) <= 0:
        return ""
    start = weights.index(max(weights))
    kept: list[str] = []
    for sentence in sentences[start:]:
        if kept and sum(len(one.split()) for one in [*kept, sentence]) > LONGEST_TEXT:
            break
        kept.append(sentence)
    return _as_markdown(kept)


def _as_markdown(sentences: Sequence[str]) -> str:
    """Plain text of a passage, its characters that Markdown would read taken literally."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(sentences))


def _hit(snapshot: Snapshot, found: Found) -> Hit:
    passage, article = snapshot.passages[found.row], snapshot.articles[found.key]
    return Hit(
        article_id=article.id,
        locale=article.locale,
        title=article.title,
        heading_path=passage.heading_path,
        text=passage.text,
        score=round(found.score, 4),
        dense=round(found.cosine, 4),
        lexical=round(found.bm25, 4),
    )
