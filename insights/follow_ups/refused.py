"""Something that can't be done with a follow-up."""

from __future__ import annotations


class NotDone(Exception):
    """Nothing was changed. `reason` is a key of `REFUSED` in the words; `values` are what its sentence names."""

    def __init__(self, reason: str, **values: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values
