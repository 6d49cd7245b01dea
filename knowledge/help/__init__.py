"""The help centre: the pages where customers help themselves, and what those pages count."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""The files its pages load; templates call them `help/…`."""
