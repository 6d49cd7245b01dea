"""The rules at the door: who may open what, and where somebody is led after signing in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from staff.people import Role, User


@dataclass(frozen=True)
class Place:
    """An entry of a navigation: where it leads, and who sees it."""

    path: str
    names: dict[str, str]
    """By language."""
    roles: frozenset[Role]
    icon: str
    """One of look/icons.svg."""

    def is_at(self, path: str) -> bool:
        """Whether a page belongs to it."""
        return path == self.path or path.startswith(f"{self.path.rstrip('/')}/")


@dataclass(frozen=True)
class Call:
    """Something that waits for whoever is signed in, wherever they are."""

    path: str
    icon: str
    text: str
    """In words, in their language."""
    short: str
    """What of that stands where there is little room."""
    late: int = 0
    """How many of them call for somebody."""


def places_for(places: Iterable[Place], user: User) -> list[Place]:
    return [place for place in places if user.may(place.roles)]


def safe_path(target: str) -> str | None:
    """A path on this site, or None: nobody is led to another site by a link to ours."""
    # Browsers take "\" for "/", skip tabs and line breaks, and read "//host" as another site.
    is_plain = target.startswith("/") and "\\" not in target and not any(ord(sign) < 33 for sign in target)
    return target if is_plain and not target.startswith("//") else None
