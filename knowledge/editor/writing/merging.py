"""Two who wrote at once: what differs, field by field, and what whoever saved later makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.comparing import Piece, side_by_side
from knowledge.drafts import FIELDS
from knowledge.editor.writing.entering import read, shown

THEIRS, MINE, BY_HAND = "theirs", "mine", "by_hand"


@dataclass(frozen=True)
class Difference:
    """A field in both versions, as a control holds it."""

    name: str
    theirs: str
    mine: str
    theirs_pieces: Sequence[Piece]
    mine_pieces: Sequence[Piece]


def what_differs(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> list[Difference]:
    """In the order of the form."""
    names = [name for name in FIELDS if name in mine and mine[name] != theirs[name]]
    return [_difference(name, shown(name, theirs[name]), shown(name, mine[name])) for name in names]


def chosen_fields(form: Mapping[str, str]) -> dict[str, Any]:
    """What somebody chose for each field that differed: theirs, mine, or what they made of both."""
    names = [name for name in FIELDS if f"choice-{name}" in form]
    return {name: read(name, form.get(f"{form[f'choice-{name}']}-{name}", "")) for name in names}


def _difference(name: str, theirs: str, mine: str) -> Difference:
    return Difference(name, theirs, mine, *side_by_side(theirs, mine))
