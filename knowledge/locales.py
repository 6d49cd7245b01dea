"""The languages articles are written in, with the Snowball stemmer of each."""

from __future__ import annotations

LOCALES = {"en": "english", "de": "german"}
