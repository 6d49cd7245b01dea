"""The editor: the pages in which articles are written, tried, published and tended."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""The files its pages load; templates call them `editor/…`."""
