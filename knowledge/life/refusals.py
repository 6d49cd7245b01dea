"""Why a step in an article's life was not taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Refused(Exception):
    """Nothing was changed. `reason` is a key of the editor's sentences; `values` are what its sentence names."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


class Stopped(Refused):
    """Once it was live, the bot would not say what articles ask of it."""

    def __init__(self, broken: Sequence[Any]) -> None:
        """`broken`: what the gate found, one for each question that it breaks."""
        super().__init__("broken", count=len(broken))
        self.broken = broken
