"""Imports at work in a serving process, and what they say of questions that articles must answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.workers import Line
from db import utc_now
from knowledge.article_text import ArticleError
from knowledge.checking import broken_now, settle
from knowledge.checking.checks import Checked
from knowledge.imports.working import work_on_imports
from knowledge.library import Knowledge


def import_line(knowledge: Knowledge) -> Line:
    """What was brought is read and run by whichever process looks first."""
    return Line("imports", partial(_work, knowledge))


def broken_questions(knowledge: Knowledge) -> Sequence[ArticleError]:
    """What articles must say, or must not, and the bot does otherwise now; in sentences."""
    settle(knowledge, utc_now())
    return [_sentence(one) for one in broken_now(knowledge)]


def _work(knowledge: Knowledge) -> int:
    return work_on_imports(knowledge, utc_now(), warn=broken_questions)


def _sentence(one: Checked) -> ArticleError:
    if one.must == "answer":
        return ArticleError(
            f"“{one.title}” must answer “{one.question}”, and the bot doesn't say it.",
            f"„{one.title}“ muss „{one.question}“ beantworten, und der Bot sagt es nicht.",
        )
    return ArticleError(
        f"“{one.title}” must not answer “{one.question}”, and the bot says it.",
        f"„{one.title}“ darf „{one.question}“ nicht beantworten, und der Bot sagt es.",
    )
