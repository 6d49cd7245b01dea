"""The panel beside a text that shows it as customers will see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from knowledge.editor.panels import Panel
from knowledge.editor.pictures.words import WORDS as PICTURE_WORDS
from knowledge.editor.preview.words import WORDS
from staff.people import User


def _given(_session: Session, user: User, _article_id: str, _locale: str) -> Mapping[str, Any]:
    return {"words": WORDS[user.locale], "pictures": PICTURE_WORDS[user.locale]}


PREVIEW = Panel(
    "preview",
    {"en": "Preview", "de": "Vorschau"},
    "eye",
    "editor/preview/panel.html",
    "editor/preview.js",
    "editor/preview.css",
    _given,
)
