"""The languages that are written and spoken here, and which of them somebody means."""

from __future__ import annotations

from collections.abc import Iterable

LOCALES = {"en": "english", "de": "german"}
"""With the Snowball stemmer of each."""
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""As each calls itself."""


def known_locale(tag: object) -> str | None:
    """`de-AT` and `de` are German; a language we don't speak is None."""
    language = tag.replace("_", "-").partition("-")[0].lower() if isinstance(tag, str) else None
    return language if language in LOCALES else None


def preferred_locale(tags: Iterable[str], default: str) -> str:
    """The first language that we speak of those somebody names, as a browser does in Accept-Language."""
    return next((locale for tag in tags if (locale := known_locale(tag))), default)
