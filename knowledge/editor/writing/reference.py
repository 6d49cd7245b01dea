"""The panel that shows what the article says in another language, for whoever writes it in this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.articles import Translation
from knowledge.drafts import fields_now
from knowledge.editor.panels import Panel
from knowledge.editor.words import FIELD_NAMES, LANGUAGE_NAMES, WORDS
from knowledge.editor.writing.entering import shown
from staff.people import User

SHOWN = ("title", "short_answer", "body", "questions")


def _given(session: Session, user: User, article_id: str, locale: str) -> Mapping[str, Any]:
    query = select(Translation).where(Translation.article_id == article_id, Translation.locale != locale)
    others = {one.locale: fields_now(session, one) for one in session.scalars(query)}
    return {
        "texts": {one: {name: shown(name, fields[name]) for name in SHOWN} for one, fields in others.items()},
        "languages": LANGUAGE_NAMES[user.locale],
        "words": WORDS[user.locale],
        "names": FIELD_NAMES[user.locale],
    }


REFERENCE = Panel(
    "reference",
    {"en": "Other language", "de": "Andere Sprache"},
    "languages",
    "editor/reference.html",
    "editor/reference.js",
    given=_given,
)
