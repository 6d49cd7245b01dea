"""What the work list and the table of translations say in each language; both have the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_ALL: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: of["pages"] for locale, of in _ALL.items()}
KINDS: dict[str, dict[str, str]] = {locale: of["kinds"] for locale, of in _ALL.items()}
"""What kind of work it is."""
WHY: dict[str, dict[str, str]] = {locale: of["why"] for locale, of in _ALL.items()}
"""Why it is to be done, in a sentence."""
REASONS: dict[str, dict[str, str]] = {locale: of["reasons"] for locale, of in _ALL.items()}
"""What readers said."""
CELLS: dict[str, dict[str, str]] = {locale: of["cells"] for locale, of in _ALL.items()}
