"""What articles must and must not answer: the questions kept with them, live ones and those about to be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.article_text import ArticleText
from knowledge.articles import Revision, Translation
from knowledge.checking.would_be import key_of
from knowledge.index.records import Key

Must = Literal["answer", "not_answer"]


@dataclass(frozen=True)
class Expectation:
    """A question with what an article must do with it."""

    article_id: str
    locale: str
    """The language of the article; the question may be in any."""
    question: str
    must: Must

    @property
    def key(self) -> Key:
        return self.article_id, self.locale


@dataclass(frozen=True)
class Expecting:
    """An expectation with what is known of its article."""

    expectation: Expectation
    title: str
    internal: bool
    """Asked among what staff alone find."""


def expected(session: Session, texts: Sequence[ArticleText] = (), gone: Collection[Key] = ()) -> list[Expecting]:
    """Of all live articles, with these texts in the place of theirs; what is withdrawn expects nothing any more."""
    replaced = {*gone, *map(key_of, texts)}
    found = [one for one in _live(session) if one.expectation.key not in replaced]
    return [*found, *(one for text in texts for one in of_text(text))]


def of_text(text: ArticleText) -> Iterator[Expecting]:
    return _of(text.id, text.locale, text.title, text.internal, text.must_answer, text.must_not_answer)


def _live(session: Session) -> Iterator[Expecting]:
    query = select(
        Revision.article_id,
        Revision.locale,
        Revision.title,
        Revision.internal,
        Revision.must_answer,
        Revision.must_not_answer,
    )
    live = query.join(Translation, Translation.live_revision_id == Revision.id)
    for row in session.execute(live.order_by(Revision.article_id, Revision.locale)):
        yield from _of(*row)


def _of(
    article_id: str, locale: str, title: str, internal: bool, must: Sequence[str], must_not: Sequence[str]
) -> Iterator[Expecting]:
    for question in must:
        yield Expecting(Expectation(article_id, locale, question, "answer"), title, internal)
    for question in must_not:
        yield Expecting(Expectation(article_id, locale, question, "not_answer"), title, internal)
