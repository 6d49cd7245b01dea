"""YAML without anchors: a few lines of them can stand for more than any memory holds."""

from __future__ import annotations

import yaml

from knowledge.article_text import ArticleError


def check_plain(text: str) -> None:
    """Raises ArticleError if a part is used twice by its anchor, and what the parser raises."""
    if "&" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.CSafeLoader)):
        raise ArticleError(
            "The YAML must not use a part twice by its anchor (&, *): write it out.",
            "Das YAML darf keinen Teil über einen Anker (&, *) zweimal verwenden: Schreiben Sie ihn aus.",
        )
