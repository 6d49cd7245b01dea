"""The pages on which the figures are read, and the files they load."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""Templates call them `insights/…`."""
