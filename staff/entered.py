"""What is entered about people and teams, tidied and checked."""

from __future__ import annotations

import re

from staff.refusals import Refused
from staff.words import LANGUAGES

NAME_CHARS = 80
EMAIL = re.compile(r"[^@\s<>\"',;\x00-\x1f]{1,64}@[^@\s<>\"',;\x00-\x1f]{1,189}")


def name_entered(text: str, longest: int = NAME_CHARS) -> str:
    """Without what can't be seen. Raises Refused."""
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not name:
        raise Refused("name_missing")
    if len(name) > longest:
        raise Refused("name_long", longest=longest)
    return name


def email_entered(text: str) -> str:
    """In lower case. Raises Refused."""
    email = text.strip().lower()
    if not EMAIL.fullmatch(email):
        raise Refused("bad_email")
    return email


def locale_entered(text: str) -> str:
    return text if text in LANGUAGES else "en"
