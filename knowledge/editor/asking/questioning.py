"""The questions of all articles, asked with the text that is being written, as the panel shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy.orm import Session

from knowledge.article_text import ArticleText
from knowledge.checking import Checked, check
from knowledge.checking.expecting import Expectation
from knowledge.drafts import find_draft
from knowledge.editor.asking.words import WORDS
from knowledge.library import Knowledge
from knowledge.publishing import live_of


class Listed(Protocol):
    """A form in which a field may stand many times."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class Shown:
    checked: Checked
    instead: str
    """What was answered, in a sentence."""


@dataclass(frozen=True)
class Questioned:
    own: tuple[Shown, ...]
    """Those of the text, whether they hold or not."""
    others: tuple[Shown, ...]
    """Those of other articles that the text breaks."""
    before: tuple[Shown, ...]
    """Those of other articles that were broken already, and still are."""
    asked: int

    @property
    def stopping(self) -> int:
        """How many keep the text from being published."""
        return sum(one.checked.stops for one in (*self.own, *self.others, *self.before))

    @property
    def waivable(self) -> list[Checked]:
        """What was broken before and stops the text: it can be waived at once."""
        return [one.checked for one in self.before if one.checked.stops]


def question_all(knowledge: Knowledge, text: ArticleText, locale: str) -> Questioned:
    """`locale`: of who reads it."""
    return arranged(check(knowledge, [text]), locale)


def question_live(knowledge: Knowledge, locale: str) -> Questioned:
    """The same of what is live, nothing being written."""
    return arranged([replace(one, was_broken=not one.holds) for one in check(knowledge)], locale)


def arranged(found: Sequence[Checked], locale: str) -> Questioned:
    """What was asked, or what of it is broken, as it is shown."""
    shown = [Shown(one, instead(one, locale)) for one in found if one.is_own or not one.holds]
    others = [one for one in shown if not one.checked.is_own]
    return Questioned(
        own=tuple(one for one in shown if one.checked.is_own),
        others=tuple(one for one in others if not one.checked.was_broken),
        before=tuple(one for one in others if one.checked.was_broken),
        asked=len(found),
    )


def instead(one: Checked, locale: str) -> str:
    """What was answered: an article, a choice, or nothing, with how sure that was."""
    answered = one.answered
    titles = [WORDS[locale]["quoted"].format(word=article.title) for article in answered.articles]
    said = WORDS[locale][f"instead_{answered.kind}" if titles else "instead_nothing"]
    scores = ", ".join(f"{article.score:.2f}" for article in answered.articles)
    return said.format(titles=", ".join(titles), confidence=answered.confidence, scores=scores)


def is_asked(session: Session, expectation: Expectation) -> bool:
    """Whether a live article or a draft asks it."""
    key = expectation.article_id, expectation.locale
    name = "must_answer" if expectation.must == "answer" else "must_not_answer"
    asking = (live_of(session, *key), find_draft(session, *key))
    return any(expectation.question in getattr(one, name) for one in asking if one is not None)


def expectation_of(sent: Mapping[str, str], article_id: str, locale: str) -> Expectation:
    """The question that a form names; of the article that is being written, unless it names another one."""
    return Expectation(
        sent.get("article", article_id),
        sent.get("article_locale", locale),
        sent.get("question", ""),
        "answer" if sent.get("must") == "answer" else "not_answer",
    )


def expectations_of(sent: Listed) -> list[Expectation]:
    """The questions that a form names side by side, each with its article, language and what is expected."""
    names = ("article", "article_locale", "question", "must")
    named = zip(*(sent.getlist(name) for name in names), strict=False)
    return [expectation_of(dict(zip(names, one, strict=True)), "", "") for one in named]
