"""What the panel, the review and the history say in each language; both have the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_ALL: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: of["pages"] for locale, of in _ALL.items()}
STAGES: dict[str, dict[str, str]] = {locale: of["stages"] for locale, of in _ALL.items()}
FIELDS: dict[str, dict[str, str]] = {locale: of["fields"] for locale, of in _ALL.items()}
REFUSED: dict[str, dict[str, str]] = {locale: of["refused"] for locale, of in _ALL.items()}
"""Why a step was not taken."""
DONE: dict[str, dict[str, str]] = {locale: of["done"] for locale, of in _ALL.items()}
"""What was done, said on the next page."""
