"""What is not done, and why: one exception whose reason has a sentence in every language."""

from __future__ import annotations

from typing import Any

from staff.words import REFUSED


class Refused(Exception):
    """Nothing was changed. `reason` is a key of `staff.words.REFUSED`, `values` are what its sentence names."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values

    def sentence(self, locale: str) -> str:
        return REFUSED[locale][self.reason].format(**self.values)
