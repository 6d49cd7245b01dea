"""Why a step in an article's life was not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.checking import Checked


class Refused(Exception):
    """Nothing was changed. `reason` is a key of the editor's sentences; `values` are what its sentence names;
    one that reads differently in each language is a dict."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values

    def said(self, sentences: Mapping[str, Mapping[str, str]], locale: str) -> str:
        return sentence(sentences, locale, self.reason, self.values)


class Stopped(Refused):
    """Once it was live, the bot would not say what articles ask of it."""

    def __init__(self, broken: Sequence[Checked]) -> None:
        """`broken`: what the gate found, one for each question that it breaks."""
        super().__init__("broken", count=len(broken))
        self.broken = broken


def sentence(sentences: Mapping[str, Mapping[str, str]], locale: str, reason: str, values: Mapping[str, Any]) -> str:
    """What somebody reads; `sentences`: by language and reason."""
    named = {name: value[locale] if isinstance(value, dict) else value for name, value in values.items()}
    return sentences[locale][reason].format(**named)
