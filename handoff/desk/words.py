"""What the desk says in each language; both have the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_ALL: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: of["pages"] for locale, of in _ALL.items()}
LISTS: dict[str, dict[str, str]] = {locale: of["lists"] for locale, of in _ALL.items()}
EVENTS: dict[str, dict[str, str]] = {locale: of["events"] for locale, of in _ALL.items()}
"""What happened, by the kind of the event; `…_own`: when whoever reads it did it."""
KEYS: dict[str, dict[str, str]] = {locale: of["keys"] for locale, of in _ALL.items()}
"""What each key does, in the overlay that lists them."""
PRIORITIES: dict[str, list[str]] = {locale: of["priorities"] for locale, of in _ALL.items()}
CHANNELS: dict[str, dict[str, str]] = {locale: of["channels"] for locale, of in _ALL.items()}


def fill(sentence: str, **values: object) -> str:
    """A sentence with its {places} filled; what is not given is left out."""
    return sentence.format_map({**dict.fromkeys(("by", "to", "team", "reason", "until", "tag"), ""), **values})
