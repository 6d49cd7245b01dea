"""Which work, or which translations, a page shows, as its address says it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
PAGE = 50


@dataclass(frozen=True)
class Asked:
    """Empty: whatever it is."""

    kind: str = ""
    locale: str = ""
    whose: str = ""
    """`mine` or empty."""
    number: int = 1

    @property
    def chosen(self) -> dict[str, str]:
        values = {"kind": self.kind, "locale": self.locale, "whose": self.whose}
        return {name: value for name, value in values.items() if value}

    def of(self, kind: str) -> dict[str, str]:
        """The address of another kind."""
        return {name: value for name, value in (self.chosen | {"kind": kind}).items() if value}


@dataclass(frozen=True)
class Page(Generic[T]):
    rows: Sequence[T]
    number: int
    count: int
    """Of pages."""


def asked_in(args: Mapping[str, str], kinds: Collection[str], locales: Collection[str]) -> Asked:
    """What is not known is left out: an address that somebody mistyped shows a list, not an error."""
    kind, locale, page = args.get("kind", ""), args.get("locale", ""), args.get("page", "")
    return Asked(
        kind if kind in kinds else "",
        locale if locale in locales else "",
        "mine" if args.get("whose") == "mine" else "",
        max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def page_of(rows: Sequence[T], number: int) -> Page[T]:
    count = max(1, -(-len(rows) // PAGE))
    number = min(number, count)
    return Page(rows[(number - 1) * PAGE : number * PAGE], number, count)
