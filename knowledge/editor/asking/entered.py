"""What a page or a script sends to be asked: the text as it stands in its form, and the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from knowledge.answering import LONGEST_QUESTION, as_searched
from knowledge.answers import QuestionContext
from knowledge.article_text import ArticleText, checked
from knowledge.articles import Translation
from knowledge.drafts import fields_now, storable

MOST_ARTICLES = 3
"""Articles that an answer before may have named."""


class NotAsked(Exception):
    """A question can't be asked; the reason is a key of this room's words."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True)
class Question:
    text: str
    context: QuestionContext


def entered_text(session: Session, article_id: str, locale: str, fields: object) -> ArticleText:
    """The text that is being written: what was sent, and what stands there of the rest.

    Raises LookupError if there is no such article, NotAsked and ArticleError for what can't be a text.
    """
    translation = session.get(Translation, (article_id, locale))
    if translation is None:
        raise LookupError(article_id)
    if not isinstance(fields, Mapping):
        raise NotAsked("not_understood")
    return checked(id=article_id, locale=locale, **fields_now(session, translation) | storable(fields))


def entered_question(sent: Mapping[str, Any]) -> Question:
    """Raises NotAsked."""
    text, previous = _line(sent.get("question")), _line(sent.get("previous_question", ""))
    articles = sent.get("previous_articles", [])
    if not isinstance(articles, list) or not all(isinstance(one, str) for one in articles):
        raise NotAsked("not_understood")
    if not as_searched(text):
        raise NotAsked("no_question")
    return Question(text, QuestionContext(previous, tuple(articles[:MOST_ARTICLES])))


def _line(value: object) -> str:
    if not isinstance(value, str):
        raise NotAsked("not_understood")
    line = " ".join(value.split())
    if len(line) > LONGEST_QUESTION:
        raise NotAsked("long_question", most=f"{LONGEST_QUESTION:,}")
    return line
