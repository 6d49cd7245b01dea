"""The help articles of a shop for garden furniture, as the tests write them."""

from __future__ import annotations

from typing import Any

from knowledge.article_text import ArticleText, checked
from knowledge.index import Snapshot

RETURNS = {
    "id": "return-an-item",
    "locale": "en",
    "title": "Return an item",
    "short_answer": "You can send an item back within 30 days.",
    "body": "Pack it well.\n\n## Label\n\nPrint the label from your order.\n",
    "category": "returns",
    "tags": ["returns", "parcel"],
    "questions": ["How do I send something back?"],
}
RETURNS_DE = {
    "id": "return-an-item",
    "locale": "de",
    "title": "Einen Artikel zurückschicken",
    "short_answer": "Innerhalb von 30 Tagen können Sie alles zurückgeben.",
    "body": "Verpacken Sie ihn gut.",
    "category": "returns",
}
BENCH = {
    "id": "bench-fn-204518",
    "locale": "en",
    "title": "Assemble the bench FN-204518",
    "short_answer": "You need two people and the Allen key from the box.",
    "body": "If the display of the lamp shows E05, the battery is empty.",
    "category": "products",
}


def article(kind: dict[str, Any] = RETURNS, **changes: Any) -> ArticleText:
    return checked(**{**kind, **changes})


def found(snapshot: Snapshot, text: str, locale: str | None = None) -> list[str]:
    """The ids of the articles found by their words, best first, each once."""
    rows, _ = snapshot.lexical(text, 50, locale)
    return list(dict.fromkeys(snapshot.passages[row].article_id for row in rows))
