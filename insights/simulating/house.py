"""What an invented history needs of the product: its own verbs, and a clock that is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from channels.inbound import Inbound, Received
from db import Database


@dataclass(frozen=True)
class House:
    """All of these are the product's own; nothing is written past them."""

    database: Database
    receive: Callable[[Inbound, datetime], Received]
    take_turns: Callable[[str, datetime], None]
    """Answers what waits in a conversation."""
    deliver: Callable[[datetime], None]
    """Sends what is due, to nobody: the numbers are nobody's."""
    go_round: Callable[[datetime], None]
    """What the clock brings about."""
