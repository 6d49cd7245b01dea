"""What the pages of categories say in each language; both have the same keys."""

from __future__ import annotations

from pathlib import Path

import yaml

WORDS: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
