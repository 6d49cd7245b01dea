"""Something entered in the administration that can't be taken."""

from __future__ import annotations


class NotTaken(Exception):
    """Nothing was changed. `reason` is a key of `REFUSED` in the page's words; `values` are what its sentence names."""

    def __init__(self, reason: str, **values: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values
