"""Who works here: staff, their sign-in, roles and teams, and a log of what they did."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"
