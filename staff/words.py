"""What the pages of staff say in each language."""

from __future__ import annotations

from pathlib import Path

import yaml

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Those that the pages are written in, as each calls itself."""

_ALL = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: _ALL[locale]["pages"] for locale in LANGUAGES}
REFUSED: dict[str, dict[str, str]] = {locale: _ALL[locale]["refused"] for locale in LANGUAGES}
"""Why something was not done."""
DONE: dict[str, dict[str, str]] = {locale: _ALL[locale]["done"] for locale in LANGUAGES}
"""What was done, said on the next page."""
ROLES: dict[str, dict[str, str]] = {locale: _ALL[locale]["roles"] for locale in LANGUAGES}
ACTIONS: dict[str, dict[str, str]] = {locale: _ALL[locale]["actions"] for locale in LANGUAGES}
"""What an entry of the audit log says."""
