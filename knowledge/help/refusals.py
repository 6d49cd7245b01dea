"""What the help centre does not take."""

from __future__ import annotations


class Refused(Exception):
    """A request that is refused; `reason` is a key of `knowledge.help.words`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
