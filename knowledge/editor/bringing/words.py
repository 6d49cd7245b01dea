"""What the pages of import and export say in each language; both have the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_ALL: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: of["pages"] for locale, of in _ALL.items()}
STAGES: dict[str, dict[str, str]] = {locale: of["stages"] for locale, of in _ALL.items()}
OUTCOMES: dict[str, dict[str, str]] = {locale: of["outcomes"] for locale, of in _ALL.items()}
FORMATS: dict[str, dict[str, str]] = {locale: of["formats"] for locale, of in _ALL.items()}
