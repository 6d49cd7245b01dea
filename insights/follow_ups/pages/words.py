"""What the pages of follow-ups say in each language; both have the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_ALL: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: of["pages"] for locale, of in _ALL.items()}
ANNEX: dict[str, dict[str, str]] = {locale: of["annex"] for locale, of in _ALL.items()}
"""As the desk names them beside its own lists."""
CAUSES: dict[str, dict[str, str]] = {locale: of["causes"] for locale, of in _ALL.items()}
KEYS: dict[str, dict[str, str]] = {locale: of["keys"] for locale, of in _ALL.items()}
KINDS: dict[str, dict[str, str]] = {locale: of["kinds"] for locale, of in _ALL.items()}
"""What was asked, by the kind of the survey."""
REFUSED: dict[str, dict[str, str]] = {locale: of["refused"] for locale, of in _ALL.items()}
