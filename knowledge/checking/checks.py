"""Asks all articles all the questions kept with them, with given texts live, and says which are broken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.article_text import ArticleText
from knowledge.checking.answered import Answered, Put, answers_to
from knowledge.checking.expecting import Expectation, Expecting, Must, expected
from knowledge.checking.waiving import Waiver
from knowledge.checking.would_be import WouldBe, key_of, would_be
from knowledge.index.records import Key
from knowledge.library import Knowledge
from knowledge.vectors import Progress, Vectors, remembered_questions
from staff.people import User


@dataclass(frozen=True)
class Waived:
    reason: str
    by: str
    """Their name."""
    at: datetime


@dataclass(frozen=True)
class Checked:
    """A question that was asked, and whether its article keeps to it."""

    expectation: Expectation
    title: str
    """Of its article."""
    holds: bool
    answered: Answered
    is_own: bool = False
    """Whether it is kept with one of the texts that were tried."""
    was_broken: bool = False
    """Whether it is broken among what is live already, with or without the texts."""
    waived: Waived | None = None

    @property
    def article_id(self) -> str:
        return self.expectation.article_id

    @property
    def locale(self) -> str:
        return self.expectation.locale

    @property
    def question(self) -> str:
        return self.expectation.question

    @property
    def must(self) -> Must:
        return self.expectation.must

    @property
    def stops(self) -> bool:
        """Whether nothing can be published for it, until it is mended or waived."""
        return not self.holds and self.waived is None


def check(
    knowledge: Knowledge,
    texts: Sequence[ArticleText] = (),
    gone: Collection[Key] = (),
    progress: Progress | None = None,
) -> list[Checked]:
    """All questions of all articles, were these texts live and those articles withdrawn.

    An article must be the first source of an answer, in whatever language, or must not be. A choice that offers it
    among others is no answer: not what it must give, and not what it must not. Internal articles are asked among what
    staff alone find, all others among what customers find.
    """
    knowledge.refresh()
    with knowledge.database.reading() as session:
        asked, excused = expected(session, texts, gone), _waived(session)
    own = set(map(key_of, texts))
    vectors = _vectors(knowledge, asked, own, progress)
    found = would_be(knowledge, texts, gone)
    checked = [
        replace(one, is_own=one.expectation.key in own, waived=excused.get(one.expectation))
        for one in _check(knowledge, found, asked, vectors, progress)
    ]
    return _with_what_was(knowledge, checked, asked, vectors) if texts or gone else checked


def check_now(knowledge: Knowledge, asked: Sequence[Expecting], gone: Collection[Key] = ()) -> list[Checked]:
    """These questions, among what is live without what is `gone`."""
    vectors = knowledge.tried.questions(one.expectation.question for one in asked)
    return _check(knowledge, would_be(knowledge, (), gone), asked, vectors)


def _check(
    knowledge: Knowledge,
    found: WouldBe,
    asked: Sequence[Expecting],
    vectors: Mapping[str, Vectors],
    progress: Progress | None = None,
) -> list[Checked]:
    puts = [Put.of(one) for one in asked]
    answers = answers_to(knowledge, found, set(puts), vectors, progress)
    return [_checked(one, answers[put]) for one, put in zip(asked, puts, strict=True)]


def _checked(one: Expecting, answered: Answered) -> Checked:
    is_said = answered.said == one.expectation.article_id
    holds = is_said if one.expectation.must == "answer" else not is_said
    return Checked(one.expectation, one.title, holds, answered)


def _with_what_was(
    knowledge: Knowledge, checked: Sequence[Checked], asked: Sequence[Expecting], vectors: Mapping[str, Vectors]
) -> list[Checked]:
    broken = [one for one, after in zip(asked, checked, strict=True) if not after.holds]
    now = _check(knowledge, would_be(knowledge, ()), broken, vectors)
    were = {one.expectation for one in now if not one.holds}
    return [replace(one, was_broken=one.expectation in were) for one in checked]


def _vectors(
    knowledge: Knowledge, asked: Sequence[Expecting], own: Collection[Key], progress: Progress | None
) -> dict[str, Vectors]:
    """Those of live questions are kept in the database; those of a text that is tried are not."""
    live = dict.fromkeys(one.expectation.question for one in asked if one.expectation.key not in own)
    tried = [one.expectation.question for one in asked if one.expectation.question not in live]
    stored = remembered_questions(knowledge.database, knowledge.embedder, list(live), progress)
    return stored | knowledge.tried.questions(tried)


def _waived(session: Session) -> dict[Expectation, Waived]:
    query = select(Waiver, User.name).join(User, User.id == Waiver.user_id)
    return {waiver.expectation: Waived(waiver.reason, name, waiver.at) for waiver, name in session.execute(query)}
