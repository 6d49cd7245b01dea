"""The agents' desk: its lists, a conversation's timeline, what one writes with, and what happens there live."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"
