"""Tokens that can't be guessed; of each, only its fingerprint is kept."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe


def new_token() -> str:
    return token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What is stored in its place. A token is too long to be found by trying, so a fast hash is enough."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
