"""What the tests write into the demo help centre."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from knowledge.article_text import ArticleText, checked, text_of
from knowledge.library import Knowledge
from knowledge.publishing import live_of

EDDA = "edda"
HOW_LONG = "How long can I return something?"
WIE_LANGE = "Wie lange kann ich etwas zurückgeben?"


def live(knowledge: Knowledge, article_id: str, locale: str = "en", **changes: Any) -> ArticleText:
    """What is live of an article, with changes."""
    with knowledge.database.reading() as session:
        revision = live_of(session, article_id, locale)
        assert revision is not None
        return replace(text_of(revision), **changes)


def thief(**changes: Any) -> ArticleText:
    """An article that takes a question away from the one about the return window."""
    fields = {
        "id": "christmas-returns",
        "locale": "en",
        "title": "How long can I return something bought before Christmas?",
        "short_answer": "Until 31 January.",
        "body": "Whatever you buy in December can come back until 31 January.",
        "category": "returns",
        "questions": [HOW_LONG],
    }
    return checked(**fields | changes)


def tea(**changes: Any) -> ArticleText:
    """About what the demo's shop doesn't know."""
    fields = {
        "id": "tea",
        "title": "Do you sell tea?",
        "short_answer": "We sell 14 kinds of tea.",
        "body": "From Assam to Yunnan.",
        "questions": ["Do you have tea?"],
    }
    return thief(**fields | changes)
