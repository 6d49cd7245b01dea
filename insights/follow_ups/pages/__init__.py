"""The pages of follow-ups, in the frame of the agents' desk."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"
