"""The languages the bot speaks."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "de")


@dataclass(frozen=True)
class Languages:
    """Of one conversation."""

    spoken: str
    """What the bot speaks unless the message says otherwise."""
    so_far: str | None
    """What the customer is known to speak, which takes more to change."""
