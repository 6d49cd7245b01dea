"""What the pages of figures say in each language; both have the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from insights.pages.saying import said

_ALL: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: of["pages"] for locale, of in _ALL.items()}
ENDS: dict[str, dict[str, str]] = {locale: of["ends"] for locale, of in _ALL.items()}
"""How it was resolved."""


def cases(n: int | str, locale: str) -> str:
    """So many cases; `n` as a number, or as it is written."""
    if n in (1, "1"):
        return WORDS[locale]["one_case"]
    return WORDS[locale]["n_cases"].format(n=n if isinstance(n, str) else said(n, "count", locale))
