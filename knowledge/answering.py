"""Makes an answer of what was found: an article's own sentences, a choice of a few articles, or that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isclose

from knowledge.answers import Answer, AnswerKind, Hit, QuestionContext, Source
from knowledge.confidence import confidence
from knowledge.embedding import Embedder
from knowledge.followups import leans, may_follow, only_asks, together
from knowledge.index import Snapshot
from knowledge.index.records import ArticleView, Vectors
from knowledge.locales import LOCALES
from knowledge.search import Found, Question, Sighted, likeness, said_in, search, search_all

ANSWERED_FROM = 0.65
"""Confidence from which an article is said to be the answer, unless ANSWER_CONFIDENCE says otherwise."""
CHOICE_FROM = 0.18
"""Confidence from which a few articles are offered instead."""
NAMED_FROM = 0.03
"""The same for a few words such as `warranty` that all stand in the article: whoever names a thing means it."""
KEYWORDS = 3
"""At most so many words are a name, not a question."""
SHORTEST_NAME = 4
"""Letters of the longest of them: `the` names nothing."""
CHOICES = 3
WORTH_OFFERING = 0.12
"""Points of score that a third offered article may lie behind the first."""
STANDS_ALONE = 0.2
"""How much surer the answer to a follow-up by itself must be than the answer to both questions together."""
MISSPELT = 0.2
"""How much surer the answer must be when unknown words are read as known ones: not each of them is a slip.

With two slips in each question, 250 of stackfaq are answered to .76 (.58 if read as written) and wrongly to .01 (.00),
250 of roboai-en to .78 (.50) and .04 (.03); where next to nothing is misspelt, P@1 of any set changes by .002 at most.
"""
SAID = 0.4
"""Share of a follow-up's words that must stand in the article it is led to: "and cookies?" is no matter of delivery."""
ALL_SAID = 0.9
"""The same share of an article that is said instead of the one just said, because that one has them not."""
NEARLY_AS_GOOD = 0.15
"""Points of score that it may lie behind."""
NEARER = 0.06
"""How much nearer to the question than the short answer a passage must be to be said instead."""
HITS = 8
LONGEST_QUESTION = 1_000
"""Characters that are searched for: a customer's question is at the beginning or it is none."""


Embed = Callable[[str], Vectors]
"""From a question to its vector."""


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
    text = as_searched(question)
    if not text or not snapshot.articles:
        return Answer("unknown", "", (), 0.0, (), text or " ".join(question.split())[:LONGEST_QUESTION], locale)
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
        category=articles[0].category if articles else "",
        tags=articles[0].tags if articles else (),
    )


def as_searched(question: str) -> str:
    """A question in one line, no longer than is searched for; empty if it asks nothing."""
    text = " ".join(question.split())[:LONGEST_QUESTION]
    return text if any(character.isalnum() for character in text) else ""


def source_of(article: ArticleView) -> Source:
    return Source(article.id, article.locale, article.title, article.short_answer, article.url)


def decide(reading: Reading, answered_from: float) -> tuple[AnswerKind, Sequence[Found]]:
    """Whether it is an answer, a choice or unknown, and the articles that are shown."""
    if reading.found and reading.confidence >= answered_from:
        return "answer", reading.found[:1]
    if len(reading.found) > 1 and reading.confidence >= min(_choice_from(reading), answered_from):
        first, second, *others = reading.found[:CHOICES]
        return "choice", [first, second, *(one for one in others if first.score - one.score <= WORTH_OFFERING)]
    return "unknown", ()


def _choice_from(reading: Reading) -> float:
    words = reading.question.text.split()
    is_name = len(words) <= KEYWORDS and max(map(len, words)) >= SHORTEST_NAME
    return NAMED_FROM if is_name and isclose(reading.found[0].covered, 1) else CHOICE_FROM


def _best_reading(
    snapshot: Snapshot, embedder: Embedder, text: str, locale: str, context: QuestionContext, answered_from: float
) -> Reading:
    """The question by itself or, if it leans on the one before, both together."""
    asked = Question(text, locale, embedder.embed_question(text), embedder.parts)
    alone = understand(snapshot, embedder, asked, answered_from)
    if not context.previous_question or not may_follow(text):
        return alone
    following = read(snapshot, _asked_so(asked, together(context.previous_question, text), embedder.embed_question))
    if alone.confidence >= answered_from and alone.confidence > following.confidence + STANDS_ALONE:
        return alone
    if not leans(text) and _is_a_name(snapshot, alone, answered_from):
        return alone
    is_worse = not following.found or following.confidence < min(CHOICE_FROM, alone.confidence)
    if is_worse or not _is_said(snapshot, text, following.found[0]):
        return alone
    return _where_it_stands(snapshot, text, following, context)


def _where_it_stands(snapshot: Snapshot, text: str, following: Reading, context: QuestionContext) -> Reading:
    """With the article first that has what the follow-up adds, if the one just said has not.

    After "do you deliver to Austria?", "and how long does it take?" is answered by the article of delivery times.
    """
    first, *others = following.found
    if first.key[0] not in context.previous_articles or said_in(snapshot, text, first.key) >= SAID:
        return following
    for other in others[: CHOICES - 1]:
        if first.score - other.score <= NEARLY_AS_GOOD and said_in(snapshot, text, other.key) >= ALL_SAID:
            return replace(following, found=(other, *(one for one in following.found if one is not other)))
    return following


def _is_a_name(snapshot: Snapshot, reading: Reading, answered_from: float) -> bool:
    """Whether a question is only the name of a matter: "warranty" asks for that, whatever was said before."""
    _, shown = decide(reading, answered_from)
    title = snapshot.articles[shown[0].key].title.casefold() if shown else ""
    return all(word in title for word in reading.question.text.casefold().split())


def _is_said(snapshot: Snapshot, follow_up: str, found: Found) -> bool:
    return only_asks(follow_up) or said_in(snapshot, follow_up, found.key) >= SAID


def understand(
    snapshot: Snapshot,
    embedder: Embedder,
    question: Question,
    answered_from: float,
    embed: Embed | None = None,
    written: Reading | None = None,
) -> Reading:
    """The question as it is written or, where that finds no answer, as it was probably meant to be written.

    `embed`: the vectors of questions, where they are there already; `written`: this one as it is written, if it was
    read already.
    """
    written = written or read(snapshot, question)
    if written.confidence >= answered_from:
        return written
    text = snapshot.spelled(question.text, question.locale, embedder.knows)
    if text == question.text:
        return written
    meant = read(snapshot, _asked_so(question, text, embed or embedder.embed_question))
    return meant if meant.confidence > written.confidence + MISSPELT else written


def _asked_so(question: Question, text: str, embed: Embed) -> Question:
    return replace(question, text=text, vector=embed(text))


def read(snapshot: Snapshot, question: Question) -> Reading:
    """What is found for a question, each article once, and how sure the first one is."""
    return _reading(question, search(snapshot, question))


def read_all(snapshot: Snapshot, questions: Sequence[Question], sighted: Sighted) -> list[Reading]:
    """The same of several questions; `sighted`: what the index says of them."""
    found = search_all(snapshot, questions, sighted)
    return [_reading(question, own) for question, own in zip(questions, found, strict=True)]


def _reading(question: Question, candidates: Sequence[Found]) -> Reading:
    found: dict[str, Found] = {}
    for one in candidates:
        found.setdefault(one.key[0], one)
    return Reading(question, tuple(found.values()), confidence(question, tuple(found.values())))


def _in_language(snapshot: Snapshot, found: Found, locale: str) -> ArticleView:
    """The article found, in the customer's language if it is there."""
    article_id, found_locale = found.key
    own = snapshot.articles.get((article_id, locale))
    return own or snapshot.articles[article_id, found_locale]


def _said(snapshot: Snapshot, reading: Reading, article: ArticleView) -> str:
    """The article's short answer, which somebody wrote to be said; a passage of its body if that is clearly nearer."""
    first = reading.found[0]
    passage = snapshot.passages[first.row]
    if first.key != article.key or first.of_questions >= first.of_text or passage.kind != "body":
        return article.short_answer
    short = [row for row in snapshot.rows_of(*article.key) if snapshot.passages[row].kind == "short"]
    of_passage, *of_short = likeness(snapshot, reading.question, article.locale, [first.row, *short])
    return as_markdown(passage.text) if of_passage > max(of_short, default=0.0) + NEARER else article.short_answer


def as_markdown(plain: str) -> str:
    """A passage's plain text, its lines and its lists kept and whatever else Markdown would read taken literally."""
    return "\n".join(re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", line) for line in plain.splitlines() if line.strip())


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
        category=article.category,
    )
