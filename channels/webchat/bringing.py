"""What a visitor brings along from another page of ours: the chat's address names it, and the chat says it for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_BRINGS = re.compile(r"/brings\[([\w.-]{1,500})\]")


@dataclass(frozen=True)
class Brought:
    """A message that is not typed."""

    payload: str
    """What the bot is told."""
    text: str
    """What the visitor says, as both sides read it."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Kept with the message (`Message.extra`)."""


Bring = Callable[[str, str], Brought | None]
"""What a token stands for, in this language; None: for nothing (any more)."""


def says(token: str) -> str:
    """What the chat sends for a token."""
    return f"/brings[{token}]"


def token_in(text: str) -> str | None:
    found = _BRINGS.fullmatch(text)
    return found[1] if found else None
