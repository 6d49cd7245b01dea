"""Passwords: which are good enough, and how they are kept and compared."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from staff.refusals import Refused

SHORTEST = 12
LONGEST = 200
"""Far beyond what anybody types; a megabyte would keep the hasher busy."""
DISTINCT = 5
"""Characters that must differ: `ababababababab` has none to guess."""
OF_ONES_OWN = 8
"""Characters that must be left when the person's own name and address are taken away."""

# Argon2id by RFC 9106's second recommendation: 64 MiB, three passes.
_hasher = PasswordHasher()
# Each hash takes those 64 MiB: a crowd at the door must not take the machine's memory.
_at_once = BoundedSemaphore(2)


def check_password(password: str, *about: str) -> None:
    """Raises Refused unless it is good enough. `about`: the person's name and e-mail address."""
    if len(password) < SHORTEST:
        raise Refused("password_short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Refused("password_long", longest=LONGEST)
    folded = password.casefold()
    if folded in _common() or len(set(folded)) < DISTINCT:
        raise Refused("password_common")
    if len(_without(folded, about)) < OF_ONES_OWN:
        raise Refused("password_about_you")


def hash_password(password: str) -> str:
    with _at_once:
        return _hasher.hash(_typed(password))


def is_password(password_hash: str | None, password: str) -> bool:
    """Whether it is the one that was hashed. It takes as long when there is none."""
    if len(password) > LONGEST:
        return False
    try:
        with _at_once:
            return _hasher.verify(password_hash or _nobodys(), _typed(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody's password")


def _typed(password: str) -> str:
    """The same characters on every keyboard: an ü may be one character or two."""
    return normalize("NFKC", password)


@cache
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())


def _without(folded: str, about: tuple[str, ...]) -> str:
    words = {word for text in about for word in (text.casefold(), *re.split(r"[\W_]+", text.casefold()))}
    for word in sorted((word for word in words if len(word) > 2), key=len, reverse=True):
        folded = folded.replace(word, "")
    return folded
