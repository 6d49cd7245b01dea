"""What the preview says in each language; both have the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from knowledge.noticing import Notice

_ALL: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: of["pages"] for locale, of in _ALL.items()}
NOTICES: dict[str, dict[str, str]] = {locale: of["notices"] for locale, of in _ALL.items()}


def said(notice: Notice, locale: str) -> str:
    """A notice as a sentence."""
    key = f"{notice.kind}_1" if notice.kind == "silent_picture" and notice.count == 1 else notice.kind
    return NOTICES[locale][key].format(about=notice.about, count=notice.count)
