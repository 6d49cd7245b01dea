"""Which articles a list shows, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from knowledge.editor.states import STATES
from knowledge.locales import LOCALES

CHANGED, TITLE, ANSWERED, HELPFUL = "changed", "title", "answered", "helpful"
SORTS = (CHANGED, TITLE, ANSWERED, HELPFUL)
MISSING, OUTDATED = "missing", "outdated"
TRANSLATIONS = (MISSING, OUTDATED)
NOBODY = "nobody"
"""The owner of what nobody looks after."""
LONGEST = 200
"""Characters of what is searched for."""


@dataclass(frozen=True)
class Filter:
    """Empty: whatever it is; of the states: all but what is archived."""

    q: str = ""
    state: str = ""
    locale: str = ""
    category: str = ""
    owner: str = ""
    """An id, or `NOBODY`."""
    tag: str = ""
    internal: str = ""
    """`yes` or `no`."""
    translation: str = ""
    sort: str = CHANGED
    page: int = 1

    @property
    def chosen(self) -> dict[str, str]:
        """What stands in the address, without the page."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "page"}
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", CHANGED)}

    @property
    def is_narrowed(self) -> bool:
        """Whether more than a search narrows it."""
        return bool(self.chosen.keys() - {"q", "sort"})

    def at(self, page: int) -> dict[str, str]:
        """The address of another page."""
        return self.chosen | ({"page": str(page)} if page > 1 else {})

    def sorted_by(self, sort: str) -> dict[str, str]:
        return replace(self, sort=sort).chosen


def filter_from(args: Mapping[str, str]) -> Filter:
    """What is not known is left out: an address that somebody mistyped shows a list, not an error."""
    page = args.get("page", "")
    return Filter(
        q=" ".join(args.get("q", "").split())[:LONGEST],
        state=_one_of(args.get("state", ""), STATES),
        locale=_one_of(args.get("locale", ""), LOCALES),
        category=args.get("category", "")[:64],
        owner=args.get("owner", "")[:36],
        tag=args.get("tag", "").strip()[:64],
        internal=_one_of(args.get("internal", ""), ("yes", "no")),
        translation=_one_of(args.get("translation", ""), TRANSLATIONS),
        sort=_one_of(args.get("sort", ""), SORTS) or CHANGED,
        page=min(max(int(page), 1), 10_000) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def _one_of(value: str, known: object) -> str:
    return value if value in known else ""  # type: ignore[operator]
