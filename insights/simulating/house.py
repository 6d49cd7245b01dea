"""What an invented history needs of the product: its own verbs, and a clock that is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from channels.inbound import Inbound, Received
from db import Database

if TYPE_CHECKING:
    from knowledge.help.centre import HelpCentre


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
    write_code: Callable[[str, str, str, datetime], str]
    """Shows a visitor how to go on in a channel, in a language: what their phone is to send."""
    centre: HelpCentre
    numbers: Mapping[str, str]
    """By channel, our number that is written to."""
