"""The two panels beside the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from knowledge.answering import LONGEST_QUESTION
from knowledge.articles import Translation
from knowledge.drafts import fields_now
from knowledge.editor.asking.words import WORDS
from knowledge.editor.panels import Panel
from staff.people import User


def _ask(_session: Session, user: User, _article_id: str, _locale: str) -> Mapping[str, Any]:
    return {"words": WORDS[user.locale], "longest": LONGEST_QUESTION}


def _must(session: Session, user: User, article_id: str, locale: str) -> Mapping[str, Any]:
    translation = session.get(Translation, (article_id, locale))
    fields = fields_now(session, translation) if translation else {}
    return {"words": WORDS[user.locale], "fields": fields}


ASK = Panel(
    "ask",
    {locale: words["ask_title"] for locale, words in WORDS.items()},
    "message-circle",
    "editor/asking/ask_panel.html",
    "editor/asking.js",
    "editor/asking.css",
    _ask,
)
MUST = Panel(
    "must",
    {locale: words["must_title"] for locale, words in WORDS.items()},
    "check-check",
    "editor/asking/must_panel.html",
    "editor/musts.js",
    given=_must,
)
