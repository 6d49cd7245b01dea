"""What the pages of opening hours and targets say in each language, and why something entered is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from handoff.desk.words import PRIORITIES

_ALL: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

WORDS: dict[str, dict[str, str]] = {locale: of["pages"] for locale, of in _ALL.items()}
DAYS: dict[str, list[str]] = {locale: of["days"] for locale, of in _ALL.items()}
DONE: dict[str, dict[str, str]] = {locale: of["done"] for locale, of in _ALL.items()}
REFUSED: dict[str, dict[str, str]] = {locale: of["refused"] for locale, of in _ALL.items()}


class Misread(Exception):
    """What was entered can't be read; nothing was changed. `reason` is a key of REFUSED.

    `values` are what its sentence names; `day`, `priority` and `which` are given as they are stored.
    """

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values

    def sentence(self, locale: str) -> str:
        names = dict(self.values)
        if "day" in names:
            names["day"] = DAYS[locale][names["day"]]
        if "priority" in names:
            names["priority"] = PRIORITIES[locale][names["priority"]]
            names["which"] = WORDS[locale][names["which"]]
        return REFUSED[locale][self.reason].format(**names)
