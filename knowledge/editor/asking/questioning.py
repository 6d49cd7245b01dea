"""The questions of all articles, asked with the text that is being written, as the panel shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from knowledge.article_text import ArticleText
from knowledge.checking import Checked, check
from knowledge.checking.expecting import Expectation
from knowledge.drafts import find_draft
from knowledge.editor.asking.words import WORDS
from knowledge.library import Knowledge
from knowledge.publishing import live_of


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
    """Those of other articles that are broken whatever becomes of it."""
    asked: int

    @property
    def stopping(self) -> int:
        """How many keep the text from being published."""
        return sum(one.checked.stops for one in (*self.own, *self.others))


def question_all(knowledge: Knowledge, text: ArticleText, locale: str) -> Questioned:
    """`locale`: of who reads it."""
    found = check(knowledge, [text])
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
