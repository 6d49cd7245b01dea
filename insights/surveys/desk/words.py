"""What the page says in each language; both have the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_ALL: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: of["page"] for locale, of in _ALL.items()}
WHY_NOT: dict[str, dict[str, str]] = {locale: of["why_not"] for locale, of in _ALL.items()}
"""By what stands against it (`insights.surveys.survey.Skipped`)."""
TEXT: dict[str, str] = {locale: of["text"] for locale, of in _ALL.items()}
"""What is sent to the customer, in their language."""
