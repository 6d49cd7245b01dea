"""What the editor says in each language; both have the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_ALL: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: of["pages"] for locale, of in _ALL.items()}
STATES: dict[str, dict[str, str]] = {locale: of["states"] for locale, of in _ALL.items()}
"""Where an article stands in its life."""
FIELD_NAMES: dict[str, dict[str, str]] = {locale: of["fields"] for locale, of in _ALL.items()}
"""What an author writes."""
LANGUAGE_NAMES: dict[str, dict[str, str]] = {locale: of["languages"] for locale, of in _ALL.items()}
"""The languages of articles."""
