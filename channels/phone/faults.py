"""What can go wrong on the way, how often, and dice that fall the same way in every run."""

from __future__ import annotations

from random import Random
from threading import Lock

FAULTS = (
    "duplicate",  # a webhook comes twice, one after the other or at the same moment
    "reorder",  # it is held back until the next one has passed
    "delay",  # it comes later
    "rate_limited",  # the request is answered with 429 and Retry-After, and nothing is sent
    "server_error",  # the request is answered with 500, and nothing is sent
    "timeout_after_accepting",  # the message is sent, but the answer to the request never comes
    "carrier_filter",  # the message is undelivered (30007)
    "opted_out",  # the request is refused with 21610
)


class Faults:
    def __init__(self, seed: int = 0) -> None:
        self.delay_seconds = 2.0
        self.reorder_seconds = 3.0
        self.timeout_seconds = 20.0
        self.retry_after = 1
        self._shares = dict.fromkeys(FAULTS, 0.0)
        # Dice of its own for each: turning one fault on doesn't move where another strikes.
        self._dice = {name: Random(f"{seed}:{name}") for name in FAULTS}  # noqa: S311  not for secrets
        self._lock = Lock()

    @property
    def shares(self) -> dict[str, float]:
        return dict(self._shares)

    def set(self, **shares: float) -> None:
        """`set(duplicate=0.1)`: every tenth comes twice. Raises ValueError, and then nothing was set."""
        for name, share in shares.items():
            if name not in self._shares or not 0 <= share <= 1:
                raise ValueError(f"{name} must be one of {', '.join(FAULTS)}, and its share from 0 to 1.")
        self._shares.update(shares)

    def strikes(self, name: str) -> bool:
        share = self._shares[name]
        return share > 0 and self._roll(name) < share

    def some_of(self, name: str, seconds: float) -> float:
        """A part of that time, at random."""
        return self._roll(name) * seconds

    def _roll(self, name: str) -> float:
        with self._lock:
            return self._dice[name].random()
