"""Callouts in Markdown, as GitHub writes them: a quote whose first line is `[!NOTE]`, `[!TIP]` and so on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

KINDS = ("note", "tip", "important", "warning", "caution")
MARK = re.compile(rf"\[!({'|'.join(KINDS)})\][ \t]*(\n|$)", re.IGNORECASE)


def callouts(markdown: MarkdownIt) -> None:
    """A plugin: the opening token of such a quote knows its kind in `meta["callout"]`; the mark is taken away."""
    markdown.core.ruler.before("inline", "callouts", _find)


def _find(state: StateCore) -> None:
    for at in range(len(state.tokens) - 2):
        opening, paragraph, inline = state.tokens[at : at + 3]
        if (opening.type, paragraph.type, inline.type) != ("blockquote_open", "paragraph_open", "inline"):
            continue
        if mark := MARK.match(inline.content):
            opening.meta["callout"] = mark[1].lower()
            inline.content = inline.content[mark.end() :].lstrip()
            _hide_if_empty(state.tokens[at + 1 : at + 4])


def _hide_if_empty(paragraph: Sequence[Token]) -> None:
    """A mark that stands alone leaves no empty paragraph behind."""
    if not paragraph[1].content:
        for token in paragraph:
            token.hidden = True
