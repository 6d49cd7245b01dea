"""What can be done with many articles at once, as the list's form names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from knowledge.editor.changing import (
    Change,
    Report,
    Verb,
    add_tag,
    remove_tag,
    set_category,
    set_owner,
    set_review,
    shelve,
    tend,
)
from knowledge.editor.house import House
from knowledge.index.records import Key
from knowledge.life import keeping
from staff.people import User

MONTHS = (3, 6, 12, 24)
"""How often articles may be looked at again."""
TENDING: Mapping[str, Callable[[str], Verb]] = {
    "owner": set_owner,
    "review": lambda months: set_review(int(months) if months.isdigit() else None),
    "withdraw": lambda _value: keeping.withdraw,
    "archive": lambda _value: keeping.archive,
}
SHELVING: Mapping[str, Callable[[str], Change]] = {
    "category": set_category,
    "tag_add": add_tag,
    "tag_remove": remove_tag,
}


class NoDeed(Exception):
    """The form does not say what is to be done."""


def do(
    house: House, user: User, keys: Sequence[Key], deed: str, tag: str, words: Mapping[str, str], now: datetime
) -> Report:
    """`deed`: such as `owner:ID`, `category:KEY` or `tag_add`. Raises NoDeed, and Refused if nothing could be done."""
    name, _, value = deed.partition(":")
    if name in TENDING:
        return tend(house, user, keys, TENDING[name](value), now)
    value = " ".join(tag.split()) if name.startswith("tag_") else value
    if name not in SHELVING or not value:
        raise NoDeed
    note = words[f"note_{name}"].format(value=value)
    return shelve(house, user, keys, SHELVING[name](value), note, now)


def keys_of(values: Sequence[str]) -> list[Key]:
    """From what the boxes of a list say: `en/return-an-item`."""
    return [(article_id, locale) for locale, _, article_id in (value.partition("/") for value in values) if article_id]
