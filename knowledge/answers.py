"""What knowledge says to the other rooms: hits, sources and answers, and the context a question is asked in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

AnswerKind = Literal["answer", "choice", "unknown"]

PEOPLE_ONLY = "people-only"
"""The tag of an article that the bot never says: its matter is one for people."""


@dataclass(frozen=True)
class QuestionContext:
    """What was said before a question, so that "and to Austria?" can be understood."""

    previous_question: str = ""
    previous_articles: tuple[str, ...] = ()
    reading: str | None = None
    """The id of the article the customer has open, if any."""


@dataclass(frozen=True)
class Hit:
    """A passage found for a question. Scores are those of `knowledge.search`, higher is better."""

    article_id: str
    locale: str
    title: str
    heading_path: tuple[str, ...]
    text: str
    score: float
    dense: float
    """Cosine of question and passage, -1 to 1."""
    lexical: float
    """BM25 of question and passage, 0 or more."""
    category: str = ""
    """The key of the article's category."""


@dataclass(frozen=True)
class Source:
    """A live article as it is named beneath an answer."""

    id: str
    locale: str
    title: str
    short_answer: str
    url: str
    """Path on this installation, such as `/help/en/articles/return-an-item`."""


@dataclass(frozen=True)
class Answer:
    """What is said to a question: sentences of a live article, a choice of a few articles, or that nobody knows."""

    kind: AnswerKind
    text: str
    """Markdown; empty when the kind is `unknown` (the bot has its own words for that)."""
    sources: tuple[Source, ...]
    confidence: float
    """Calibrated probability, 0 to 1, that the first source answers the question."""
    hits: tuple[Hit, ...]
    question: str
    """The question that was searched for: with what was said before put in, if it was a follow-up."""
    locale: str
    """The language the answer is written in."""
    category: str = ""
    """The key of the first source's category."""
    tags: tuple[str, ...] = ()
    """Those of the first source."""

    def is_for_people(self, categories: Collection[str]) -> bool:
        """Whether only a person may say it: by a tag of the article, or because its category is one of these."""
        return PEOPLE_ONLY in self.tags or self.category in categories
