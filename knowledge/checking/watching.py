"""Looks, after anything went live, which questions are broken now, while nobody waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from knowledge.checking.checks import Checked
from knowledge.checking.gate import broken_now
from knowledge.library import Knowledge

EVERY_SECONDS = 60.0
"""However much is published, an import for example, it looks once in so long."""


class Watching:
    """One per process; `broken` is what was found last."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.broken: Sequence[Checked] = ()
        self._knowledge = knowledge
        self._seen = -1
        self._looked = -EVERY_SECONDS

    def look(self) -> int:
        """If something has changed since; there is never more to be done at once, which 0 says."""
        if monotonic() - self._looked >= EVERY_SECONDS and self._knowledge.snapshot.version != self._seen:
            self._looked = monotonic()
            self._seen = self._knowledge.snapshot.version
            self.broken = broken_now(self._knowledge)
        return 0
